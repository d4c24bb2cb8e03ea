#include "weir/history/json_string.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace weir::history {
namespace {

constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20U && c != '"' && c != '\\';
}

// Sixteen bytes at once, in the notation that g++ and clang share: their optimisers do not find it by
// themselves.
constexpr std::size_t kBlock = 16;
using Block [[gnu::vector_size(kBlock)]] = unsigned char;

/// Not zero where a byte must be escaped.
Block escapes(const char* text) {
  Block bytes;
  std::memcpy(&bytes, text, kBlock);
  return static_cast<Block>((bytes < 0x20) | (bytes == '"') | (bytes == '\\'));
}

bool is_zero(Block block) {
  std::array<std::uint64_t, 2> halves;
  static_assert(sizeof(halves) == kBlock);
  std::memcpy(halves.data(), &block, kBlock);
  return (halves[0] | halves[1]) == 0;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    }
  }
}

}  // namespace

std::size_t plain_prefix(std::string_view text) {
  const char* const data = text.data();
  const std::size_t size = text.size();
  std::size_t i = 0;
  while (i + 2 * kBlock <= size && is_zero(escapes(data + i) | escapes(data + i + kBlock))) i += 2 * kBlock;
  if (i + kBlock <= size && is_zero(escapes(data + i))) i += kBlock;
  // The last block, which overlaps the one before it, spares most texts the way byte by byte.
  const bool is_tail = size >= kBlock && i + kBlock > size;
  if (is_tail && is_zero(escapes(data + size - kBlock))) return size;
  while (i < size && is_plain(data[i])) ++i;
  return i;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const std::size_t plain = plain_prefix(text);
    out.append(text, 0, plain);
    if (plain == text.size()) break;
    append_escape(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

}  // namespace weir::history
