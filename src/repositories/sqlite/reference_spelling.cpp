#include "weir/repositories/sqlite/reference_spelling.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "weir/history/error.h"

namespace weir::repositories::sqlite {
namespace {

using history::JsonText;
using history::Timestamp;

constexpr std::size_t kDateSize = 10;

/// As RFC 3339 has it; what cannot be made so is left for its parser to refuse.
std::string complete_zone(std::string_view zone) {
  if (zone.empty()) return "Z";
  if (zone.size() != 3 && (zone.size() != 5 || zone[3] == ':')) return std::string(zone);
  const std::string_view minutes = zone.size() == 3 ? "00" : zone.substr(3);
  return std::string(zone.substr(0, 3)).append(":").append(minutes);
}

std::string complete_time(std::string_view time) {
  constexpr std::size_t kWithoutSeconds = 5;
  std::string complete(time);
  std::ranges::replace(complete, ',', '.');
  if (complete.size() == kWithoutSeconds) complete += ":00";
  return complete;
}

ReferenceTime::Zone zone_of(std::string_view zone) {
  if (zone.empty()) return ReferenceTime::Zone::kNone;
  const bool is_zero = zone.find_first_of("123456789") == std::string_view::npos;
  return is_zero ? ReferenceTime::Zone::kUtc : ReferenceTime::Zone::kOther;
}

bool is_exact(std::string_view time) {
  constexpr std::size_t kToMicroseconds = 15;
  const std::string_view dropped = time.substr(std::min(time.size(), kToMicroseconds));
  return dropped.find_first_not_of('0') == std::string_view::npos && time.substr(5, 3) != ":60";
}

/// Prints a character of a string in JSON, which begins at `at`, as \uXXXX, and returns how long it is.
std::size_t append_escaped(std::string& out, std::string_view at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i]));
  };
  const std::size_t length = byte(0) >= 0xF0U ? 4 : byte(0) >= 0xE0U ? 3 : 2;
  std::uint32_t point = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (byte(i) & 0x3FU);
  const auto append = [&](std::uint32_t unit) {
    std::array<char, 16> buffer;
    std::snprintf(buffer.data(), buffer.size(), "\\u%04x", unit);
    out += buffer.data();
  };
  constexpr std::uint32_t kFirstPair = 0x10000;
  if (point >= kFirstPair) {
    append(0xD800U + ((point - kFirstPair) >> 10U));
    append(0xDC00U + ((point - kFirstPair) & 0x3FFU));
  } else {
    append(point);
  }
  return length;
}

bool is_object_with_type(const nlohmann::json& part) {
  return part.is_object() && part.contains("type");
}

}  // namespace

std::optional<ReferenceTime> parse_reference_time(std::string_view text) {
  if (text.size() < kDateSize) return std::nullopt;
  const std::string_view date = text.substr(0, kDateSize);
  const std::string_view behind = text.substr(kDateSize);
  if (!behind.empty() && behind[0] != 'T' && behind[0] != 't' && behind[0] != ' ') return std::nullopt;
  const std::string_view clock = behind.empty() ? "00:00" : behind.substr(1);
  const std::size_t end = std::min(clock.find_first_of("Zz+-"), clock.size());
  const std::string time = complete_time(clock.substr(0, end));
  const auto at = history::parse_timestamp(std::string(date) + 'T' + time + complete_zone(clock.substr(end)));
  if (!at) return std::nullopt;
  return ReferenceTime{*at, zone_of(clock.substr(end)), is_exact(time)};
}

std::string reference_time(Timestamp at) {
  std::string text = history::format_timestamp(at);
  text.pop_back();
  constexpr std::string_view kNoFraction = ".000000";
  if (text.ends_with(kNoFraction)) text.resize(text.size() - kNoFraction.size());
  return text + "+00:00";
}

std::string reference_json(std::string_view json) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size();) {
    if (static_cast<unsigned char>(json[i]) >= 0x80U) {
      i += append_escaped(out, json.substr(i));
      continue;
    }
    const char c = json[i++];
    out += c;
    if (c == '\\') out += json[i++];
    if (c == '"') in_string = !in_string;
    if (!in_string && (c == ',' || c == ':')) out += ' ';
  }
  return out;
}

std::optional<JsonText> parse_reference_json(std::string_view text) {
  // In a list it stands as deep as in an event.
  std::string list = "[";
  list.append(text).append("]");
  try {
    const JsonText parsed = JsonText::parse(list);
    const std::string inner = parsed.text().substr(1, parsed.text().size() - 2);
    // What is empty, or several values side by side, is no value.
    if (!nlohmann::json::accept(inner)) return std::nullopt;
    return JsonText::stored(inner);
  } catch (const history::Error&) {
    return std::nullopt;
  }
}

ReferenceContent classify_content(std::string_view text) {
  if (!text.starts_with('[')) return ReferenceContent::kText;
  const auto list = parse_reference_json(text);
  if (!list) return ReferenceContent::kText;
  const auto parts = nlohmann::json::parse(list->text());
  // Of an empty list nobody can say which it is; as a text, somebody's "[]" is still there.
  if (parts.empty() || !std::ranges::all_of(parts, is_object_with_type)) return ReferenceContent::kText;
  try {
    history::Content::parts(*list);
    return ReferenceContent::kTextParts;
  } catch (const history::Error&) {
    return ReferenceContent::kOtherParts;
  }
}

}  // namespace weir::repositories::sqlite
