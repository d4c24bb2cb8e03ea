#include "weir/repositories/sqlite/trait_writes.h"

#include "weir/history/error.h"
#include "weir/repositories/sqlite/trait_reads.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

bool is_repeated(Connection& connection, std::int64_t trait, const std::optional<RequestId>& request) {
  if (!request) return false;
  auto run = connection.statements().personality.by_request.run();
  run.bind(trait).bind(request->value());
  return run.step();
}

void require_room(Connection& connection, const UserId& user) {
  auto run = connection.statements().personality.count.run();
  run.bind(user.value());
  if (run.step() && run.integer(0) < kMaxDimensions) return;
  throw invalid("dimension", "must be one of the " + std::to_string(kMaxDimensions) +
                                 " that the user has: there may be no more");
}

/// Its number.
std::int64_t put_trait(Connection& connection, const UserId& user, const Trait& trait) {
  auto run = connection.statements().personality.put.run();
  run.bind(user.value())
      .bind(trait.dimension.value())
      .bind(trait.value.units())
      .bind(trait.confidence.units())
      .bind(trait.updates)
      .bind(trait.context)
      .bind(trait.updated_at.time_since_epoch().count());
  if (!run.step()) throw Error(ErrorCode::kInternal, "a trait was stored and has no number");
  return run.integer(0);
}

void add_change(Connection& connection, const StoredTrait& stored, const std::optional<RequestId>& request) {
  const Trait& trait = stored.trait;
  PersonalityStatements& statements = connection.statements().personality;
  auto run = statements.add_change.run();
  run.bind(stored.number)
      .bind(trait.updates)
      .bind(trait.value.units())
      .bind(trait.confidence.units())
      .bind(trait.context);
  if (request) {
    run.bind(request->value());
  } else {
    run.bind_null();
  }
  run.bind(trait.updated_at.time_since_epoch().count()).execute();
  statements.forget_change.run().bind(stored.number).bind(trait.updates - kTraitHistory).execute();
}

}  // namespace

UpdatedTrait update_trait(const WriteScope& scope, const TraitUpdate& update) {
  Connection& connection = scope.connection;
  const auto stored = find_trait(connection, update.user, update.dimension);
  if (stored && is_repeated(connection, stored->number, update.request_id)) return {stored->trait, true};
  Trait after = updated(stored ? stored->trait : Trait{update.dimension}, update);
  after.updated_at = scope.now;
  if (!stored) require_room(connection, update.user);
  add_change(connection, {put_trait(connection, update.user, after), after}, update.request_id);
  return {after, false};
}

}  // namespace weir::repositories::sqlite
