#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "weir/history/timestamp.h"

namespace weir::repositories::sqlite {

enum class ReferenceTable { kEvents, kMessages };

/// What places a row of the reference service in its conversation.
struct ReferenceKey {
  ReferenceTable table;
  std::int64_t rowid;
  std::optional<std::int64_t> seq{};
  std::optional<history::Timestamp> at{};

  friend bool operator==(const ReferenceKey&, const ReferenceKey&) = default;
};

/// Puts the rows of one conversation into the order in which they are numbered anew: those with a seq by it,
/// equal ones by time, then by rowid; one without stands before the first of them that has a later time, else
/// at the end.
void order_rows(std::vector<ReferenceKey>& rows);

}  // namespace weir::repositories::sqlite
