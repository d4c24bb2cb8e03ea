#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/history/event_view.h"
#include "weir/history/json_text.h"
#include "weir/history/timestamp.h"

namespace weir::repositories::sqlite {

// How the reference service, a program in Python, spells what its columns hold.

/// A point in time that was read, and what of its text a Timestamp does not hold.
struct ReferenceTime {
  enum class Zone { kNone, kUtc, kOther };

  history::Timestamp at;
  Zone zone;      ///< kNone is taken for UTC
  bool is_exact;  ///< no digits were dropped after the microsecond, and it is no leap second
};

/// ISO 8601: a date, and after a T or a space a time of day, with or without seconds, fraction and zone.
/// Absent when `text` is none.
std::optional<ReferenceTime> parse_reference_time(std::string_view text);

/// As datetime.isoformat() prints UTC: `2026-01-31T08:00:00+00:00`, with six digits of fraction or none.
std::string reference_time(history::Timestamp at);

/// `json`, which has no white space, as json.dumps() spells it.
std::string reference_json(std::string_view json);

/// `text` as JSON that may stand in a field of an event; absent when it is no JSON or nests too deep for
/// that.
std::optional<history::JsonText> parse_reference_json(std::string_view text);

/// Whether the text of a content is read as a list of parts, which it is when every element is an object with
/// a type, and of which sort.
enum class ReferenceContent { kText, kTextParts, kOtherParts };
ReferenceContent classify_content(std::string_view text);

}  // namespace weir::repositories::sqlite
