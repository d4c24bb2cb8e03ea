#include "weir/repositories/sqlite/reference_order.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace weir::repositories::sqlite {
namespace {

using history::Timestamp;

/// Of rows that are placed by time, those without one come last.
auto by_time(const ReferenceKey& row) {
  return std::make_tuple(row.at.value_or(Timestamp::max()), row.table, row.rowid);
}

}  // namespace

void order_rows(std::vector<ReferenceKey>& rows) {
  const auto unnumbered = std::partition(rows.begin(), rows.end(), [](const auto& row) { return row.seq; });
  std::sort(rows.begin(), unnumbered, [](const ReferenceKey& a, const ReferenceKey& b) {
    return std::make_tuple(*a.seq, by_time(a)) < std::make_tuple(*b.seq, by_time(b));
  });
  std::sort(unnumbered, rows.end(),
            [](const ReferenceKey& a, const ReferenceKey& b) { return by_time(a) < by_time(b); });
  std::vector<ReferenceKey> ordered;
  ordered.reserve(rows.size());
  auto waiting = unnumbered;
  for (auto row = rows.begin(); row != unnumbered; ++row) {
    // Sorted by time, they find their places in the order in which they stand.
    while (row->at && waiting != rows.end() && waiting->at && *waiting->at < *row->at) {
      ordered.push_back(*waiting++);
    }
    ordered.push_back(*row);
  }
  ordered.insert(ordered.end(), waiting, rows.end());
  rows = std::move(ordered);
}

}  // namespace weir::repositories::sqlite
