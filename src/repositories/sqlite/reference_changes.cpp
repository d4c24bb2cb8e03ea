#include "weir/repositories/sqlite/reference_changes.h"

namespace weir::repositories::sqlite {

void ReferenceChanges::note(std::string_view kind, const ReferencePlace& where) {
  constexpr std::size_t kMostExamples = 5;
  auto found = by_kind_.find(kind);
  if (found == by_kind_.end()) found = by_kind_.emplace(kind, Change{}).first;
  Change& change = found->second;
  ++change.count;
  if (change.examples.size() < kMostExamples) change.examples.push_back(where);
}

}  // namespace weir::repositories::sqlite
