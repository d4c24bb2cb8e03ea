#include "weir/repositories/sqlite/deletion.h"

#include <sqlite3.h>

#include <optional>
#include <vector>

#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/derived_data.h"

namespace weir::repositories::sqlite {
namespace {

// A page that holds text costs about as much as an event: 1 MiB in the worst case, where a character has 4
// bytes.
constexpr std::int64_t kMostTextAtOnce = std::int64_t{256} * 1024;

/// What one transaction has removed so far, and whether it may go on.
class Step {
 public:
  bool has_room() const { return events_ < kMostDeletedAtOnce && text_ < kMostTextAtOnce; }
  void count(std::int64_t text) {
    ++events_;
    text_ += text;
  }

 private:
  std::size_t events_ = 0;
  std::int64_t text_ = 0;
};

std::optional<std::int64_t> next_deleted(Connection& connection, const Deleted& of) {
  auto run = connection.statements().deletions.next.run();
  run.bind(of.value_or(0)).bind(of.value_or(INT64_MAX));
  if (!run.step()) return std::nullopt;
  return run.integer(0);
}

/// The first events of a conversation, as many as there is room for.
std::vector<Place> take_first(Connection& connection, std::int64_t conversation, Step& step) {
  std::vector<Place> places;
  auto run = connection.statements().deletions.first_events.run();
  run.bind(conversation);
  while (step.has_room() && run.step()) {
    places.push_back(run.integer(0));
    step.count(run.integer(1));
  }
  return places;
}

}  // namespace

std::optional<std::int64_t> hide_conversation(Connection& connection,
                                              const history::ConversationId& conversation_id) {
  const auto head = find_head(connection, conversation_id);
  if (!head) return std::nullopt;
  before_hide(connection, head->number);
  connection.statements().deletions.hide.run().bind(head->number).execute();
  connection.statements().conversations.remove.run().bind(head->number).execute();
  return head->number;
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

Remains find_remains(Connection& connection, const Deleted& of) {
  return next_deleted(connection, of) ? Remains::kSome : Remains::kNothing;
}

Remains remove_some(Connection& connection, const Deleted& of) {
  Step step;
  while (const auto conversation = next_deleted(connection, of)) {
    for (const Place place : take_first(connection, *conversation, step)) delete_event(connection, place);
    if (!step.has_room()) return Remains::kSome;
    after_last_removed(connection, *conversation);
    connection.statements().deletions.forget.run().bind(*conversation).execute();
    step.count(0);
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
