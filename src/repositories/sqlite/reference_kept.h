#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "weir/history/event.h"
#include "weir/repositories/sqlite/reference_row.h"

namespace weir::repositories::sqlite {

// What an event's extra carries so that nothing is lost between weir and the reference service. Both are the
// last member of the object; anything else by these names is the application's own and left alone.
//
//   "reference_row": {"type":"note","id":{"blob":"00ff"}}   the columns of a row that came from there and
//   that
//       the event cannot hold, as they were: text, null and whole numbers as JSON has them, else
//       {"blob":HEX}, {"text":HEX} for text that is no UTF-8, {"real":"1.5"}.
//   "weir_content": "text" | "parts"   in a row that went there: how a content is to be read that would
//       otherwise be taken for the other.

/// Columns of a row, as they were.
///
/// Thread-safety: as a value.
class KeptColumns {
 public:
  std::optional<ReferenceValue>& operator[](history::Field column) {
    return values_[static_cast<std::size_t>(column)];
  }
  const std::optional<ReferenceValue>& operator[](history::Field column) const {
    return values_[static_cast<std::size_t>(column)];
  }
  bool empty() const;

 private:
  std::array<std::optional<ReferenceValue>, history::kFieldCount> values_{};
};

/// An object, as JSON without white space, taken apart.
struct KeptExtra {
  std::string rest;  ///< the object without what was kept
  KeptColumns columns;
};
KeptExtra take_kept(std::string_view extra);
std::string with_kept(std::string_view extra, const KeptColumns& columns);

struct MarkedExtra {
  std::string rest;  ///< the object without the mark
  std::optional<history::Content::Form> form;
};
MarkedExtra take_mark(std::string_view extra);
std::string with_mark(std::string_view extra, history::Content::Form form);

}  // namespace weir::repositories::sqlite
