#include "weir/config/yaml_text.h"

#include <array>
#include <charconv>

namespace weir::config {
namespace {

std::string escaped(char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (byte >= 0x20U && byte != 0x7FU) return std::string(1, c);
  return std::string("\\x") + kHex[byte >> 4U] + kHex[byte & 0x0FU];
}

/// Words that some version of YAML takes for null or a boolean.
bool is_reserved_word(std::string_view text) {
  constexpr std::array<std::string_view, 8> kWords = {"null", "true", "false", "yes", "no", "on", "off", "~"};
  for (const std::string_view word : kWords) {
    if (text == word) return true;
  }
  return text.size() == 1;  // y and n
}

/// Lower case only: then the reserved words need not be looked for in every spelling.
bool needs_no_quotes(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789_./-";
  return !text.empty() && kLetters.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kPlain) == std::string_view::npos && !is_reserved_word(text);
}

}  // namespace

std::string yaml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += escaped(c);
  return quoted + '"';
}

std::string yaml_string(std::string_view text) {
  return needs_no_quotes(text) ? std::string(text) : yaml_quoted(text);
}

std::string yaml_number(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace weir::config
