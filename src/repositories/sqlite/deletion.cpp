#include "weir/repositories/sqlite/deletion.h"

#include <sqlite3.h>

#include <optional>
#include <vector>

#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/derived_data.h"

namespace weir::repositories::sqlite {
namespace {

/// What one transaction may still do.
class Allowance {
 public:
  explicit Allowance(const Clock& clock) : clock_(clock), until_(clock.now() + kTimeOfDeleting) {}

  bool is_left() const { return events_ > 0 && clock_.now() < until_; }
  std::size_t events() const { return events_; }
  void take_one() { --events_; }

 private:
  const Clock& clock_;
  const TimePoint until_;
  std::size_t events_ = kMostDeletedAtOnce;
};

std::optional<std::int64_t> next_deleted(Connection& connection) {
  auto run = connection.statements().deletions.next.run();
  if (!run.step()) return std::nullopt;
  return run.integer(0);
}

std::vector<Place> first_places(Connection& connection, std::int64_t conversation, std::size_t count) {
  std::vector<Place> places;
  auto run = connection.statements().deletions.first_places.run();
  run.bind(conversation).bind(static_cast<std::int64_t>(count));
  while (run.step()) places.push_back(run.integer(0));
  return places;
}

/// Whether all events of it are gone.
bool remove_events(Connection& connection, std::int64_t conversation, Allowance& allowance) {
  const std::size_t most = allowance.events();
  const std::vector<Place> places = first_places(connection, conversation, most);
  for (const Place place : places) {
    if (!allowance.is_left()) return false;
    delete_event(connection, place);
    allowance.take_one();
  }
  return places.size() < most;
}

}  // namespace

bool hide_conversation(Connection& connection, const history::ConversationId& conversation_id) {
  const auto head = find_head(connection, conversation_id);
  if (!head) return false;
  before_hide(connection, head->number);
  connection.statements().deletions.hide.run().bind(head->number).execute();
  connection.statements().conversations.remove.run().bind(head->number).execute();
  return true;
}

std::int64_t hide_all(Connection& connection) {
  std::int64_t events = 0;
  {
    auto count = connection.statements().conversations.count_events.run();
    count.step();
    events = count.integer(0);
  }
  before_hide_all(connection);
  connection.statements().deletions.hide_all.run().execute();
  connection.statements().conversations.delete_all.run().execute();
  return events;
}

Remains find_remains(Connection& connection) {
  return next_deleted(connection) ? Remains::kSome : Remains::kNothing;
}

Remains remove_some(Connection& connection, const Clock& clock) {
  Allowance allowance(clock);
  while (const auto conversation = next_deleted(connection)) {
    if (!allowance.is_left() || !remove_events(connection, *conversation, allowance)) return Remains::kSome;
    after_last_removed(connection, *conversation);
    connection.statements().deletions.forget.run().bind(*conversation).execute();
  }
  return Remains::kNothing;
}

bool make_free(Connection& connection, const history::EventId& id) {
  Place place = 0;
  {
    auto owner = connection.statements().deletions.owner.run();
    owner.bind(id.value());
    if (!owner.step()) return true;
    if (owner.integer(1) != 0) return false;
    place = owner.integer(0);
  }
  delete_event(connection, place);
  return true;
}

bool delete_event(Connection& connection, Place place) {
  const history::Seq seq = seq_at(place);
  before_delete(connection, {conversation_at(place), seq, seq});
  connection.statements().events.delete_event.run().bind(place).execute();
  return sqlite3_changes(connection.handle()) > 0;
}

}  // namespace weir::repositories::sqlite
