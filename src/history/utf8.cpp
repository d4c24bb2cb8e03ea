#include "weir/history/utf8.h"

#include <cstdint>

namespace weir::history {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

struct LeadByte {
  std::size_t length;            // bytes of the whole sequence; 0 when no sequence starts so
  unsigned char second_lowest;   // what the second byte may be, which is where overlong forms,
  unsigned char second_highest;  // surrogates and what lies past U+10FFFF are excluded
};

LeadByte classify(unsigned char byte) {
  if (byte < 0x80U) return {1, 0, 0};
  if (byte >= 0xC2U && byte <= 0xDFU) return {2, 0x80, 0xBF};
  if (byte == 0xE0U) return {3, 0xA0, 0xBF};
  if (byte == 0xEDU) return {3, 0x80, 0x9F};
  if (byte >= 0xE1U && byte <= 0xEFU) return {3, 0x80, 0xBF};
  if (byte == 0xF0U) return {4, 0x90, 0xBF};
  if (byte >= 0xF1U && byte <= 0xF3U) return {4, 0x80, 0xBF};
  if (byte == 0xF4U) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const LeadByte lead = classify(static_cast<unsigned char>(text[i]));
    if (lead.length == 0 || i + lead.length > text.size()) return false;
    if (lead.length > 1) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      if (second < lead.second_lowest || second > lead.second_highest) return false;
      for (std::size_t k = 2; k < lead.length; ++k) {
        if (!is_continuation(text[i + k])) return false;
      }
    }
    i += lead.length;
  }
  return true;
}

bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20U || byte == 0x7FU) return true;
    // U+0080 to U+009F are C2 80 to C2 9F.
    if (byte == 0xC2U && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0U) return true;
  }
  return false;
}

std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && count > 0) {
    ++end;
    while (end < text.size() && is_continuation(text[end])) ++end;
    --count;
  }
  return text.substr(0, end);
}

}  // namespace weir::history
