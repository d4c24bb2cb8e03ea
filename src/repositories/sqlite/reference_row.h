#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include "weir/history/event_view.h"
#include "weir/history/imported_event.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

struct ReferenceBlob {
  std::string bytes;

  friend auto operator<=>(const ReferenceBlob&, const ReferenceBlob&) = default;
};

/// One value as SQLite holds it: any column of the reference service may hold any kind. A text may be no
/// UTF-8.
using ReferenceValue = std::variant<std::monostate, std::int64_t, double, std::string, ReferenceBlob>;

ReferenceValue read_reference_value(const Statement::Value& value);
/// Lifetime: `value` outlives the run.
void bind_reference_value(Statement::Run& run, const ReferenceValue& value);

/// A row of the reference service's chat_events, whose columns are the fields of an event in their order.
///
/// Thread-safety: as a value.
class ReferenceRow {
 public:
  ReferenceValue& operator[](history::Field column) { return values_[static_cast<std::size_t>(column)]; }
  const ReferenceValue& operator[](history::Field column) const {
    return values_[static_cast<std::size_t>(column)];
  }

  /// What a column holds as text; null when it holds anything else.
  const std::string* text(history::Field column) const { return std::get_if<std::string>(&(*this)[column]); }

  friend bool operator==(const ReferenceRow&, const ReferenceRow&) = default;

 private:
  std::array<ReferenceValue, history::kFieldCount> values_{};
};

/// The row that says what `event` says, its extra as it is.
ReferenceRow reference_row_of(const history::EventView& event);

}  // namespace weir::repositories::sqlite
