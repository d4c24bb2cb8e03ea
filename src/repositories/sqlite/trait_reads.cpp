#include "weir/repositories/sqlite/trait_reads.h"

#include <algorithm>

namespace weir::repositories::sqlite {

using namespace history;

namespace {

std::optional<std::string> read_text(const Statement::Run& row, int column) {
  const auto text = row.value(column).optional_text();
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

Timestamp read_timestamp(const Statement::Run& row, int column) {
  return Timestamp(std::chrono::microseconds(row.integer(column)));
}

StoredTrait read_trait(const Statement::Run& row) {
  return {row.integer(0),
          {.dimension = Dimension::stored(row.text(1)),
           .value = FixedPoint::from_units(row.integer(2)),
           .confidence = FixedPoint::from_units(row.integer(3)),
           .updates = row.integer(4),
           .context = read_text(row, 5),
           .updated_at = read_timestamp(row, 6)}};
}

TraitChange read_change(const Statement::Run& row) {
  TraitChange change{.value = FixedPoint::from_units(row.integer(0)),
                     .confidence = FixedPoint::from_units(row.integer(1)),
                     .context = read_text(row, 2),
                     .updated_at = read_timestamp(row, 4)};
  if (!row.is_null(3)) change.request_id = RequestId::stored(row.text(3));
  return change;
}

}  // namespace

std::optional<StoredTrait> find_trait(Connection& connection, const UserId& user,
                                      const Dimension& dimension) {
  auto run = connection.statements().personality.find.run();
  run.bind(user.value()).bind(dimension.value());
  if (!run.step()) return std::nullopt;
  return read_trait(run);
}

std::vector<Trait> read_personality(Connection& connection, const UserId& user) {
  auto run = connection.statements().personality.of_user.run();
  run.bind(user.value());
  std::vector<Trait> traits;
  while (run.step()) traits.push_back(read_trait(run).trait);
  return traits;
}

std::vector<TraitChange> read_trait_history(Connection& connection, const UserId& user,
                                            const Dimension& dimension, std::size_t limit) {
  auto run = connection.statements().personality.changes.run();
  run.bind(user.value())
      .bind(dimension.value())
      .bind(std::min(static_cast<std::int64_t>(limit), kTraitHistory));
  std::vector<TraitChange> changes;
  while (run.step()) changes.push_back(read_change(run));
  return changes;
}

}  // namespace weir::repositories::sqlite
