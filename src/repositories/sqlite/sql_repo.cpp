#include "weir/repositories/sqlite/sql_repo.h"

#include <algorithm>

#include "weir/history/title.h"
#include "weir/repositories/sqlite/conversation_writes.h"
#include "weir/repositories/sqlite/event_reads.h"
#include "weir/repositories/sqlite/event_writes.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/transaction.h"
#include "weir/repositories/sqlite/version.h"
#include "weir/repositories/upkeep_call.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

/// About what storing `event` writes: its texts, and the page that the smallest one changes. A group's bound
/// of 1 MiB so holds 256 events at most, which take some milliseconds.
std::size_t bytes_of(const NewEvent& event) {
  constexpr std::size_t kFixed = 4096;
  return kFixed + (event.content ? event.content->raw().size() : 0) +
         (event.tool_calls ? event.tool_calls->text().size() : 0) +
         (event.extra ? event.extra->text().size() : 0);
}

/// Makes events of what a read finds.
class EventCollector final : public EventSink {
 public:
  explicit EventCollector(const std::optional<std::size_t>& limit) {
    // A caller may ask for more than there is.
    constexpr std::size_t kMostReserved = 128;
    events_.reserve(std::min(limit.value_or(0), kMostReserved));
  }

  void restart() override { events_.clear(); }
  void take(const EventView& event) override { events_.push_back(to_event(event)); }
  std::vector<Event> take_events() { return std::move(events_); }

 private:
  std::vector<Event> events_;
};

}  // namespace

SqlRepo::SqlRepo(std::string_view name, const RepositoryOptions& options, const Environment& environment)
    : options_(options),
      environment_(environment),
      database_(options.path, options.sqlite, environment.clock),
      retry_(options.retry, environment.seed, environment.clock, environment.observer),
      slow_log_(options.slow_log, environment.clock),
      name_(name),
      ids_(environment.seed) {}

Call SqlRepo::make_call(Operation operation, const CallOptions& options) const {
  const TimePoint now = environment_.clock.now();
  const Seconds timeout = options.timeout ? Seconds(*options.timeout) : options_.pool.connection_timeout;
  return {operation, now, add_saturating(now, timeout)};
}

Call SqlRepo::upkeep_call(Operation operation) const {
  return repositories::upkeep_call(operation, environment_.clock.now());
}

void SqlRepo::account(const Call& call, FunctionRef<void()> body) {
  const auto report = [&](Outcome outcome) {
    const Duration took = environment_.clock.now() - call.arrived;
    environment_.observer.operation_ended(call.operation, outcome, took);
    slow_log_.operation_ended(call, outcome, took);
  };
  try {
    body();
  } catch (const Error& error) {
    report(error.code() == ErrorCode::kTimeout ? Outcome::kTimeout : Outcome::kError);
    throw;
  } catch (...) {
    report(Outcome::kError);
    throw;
  }
  report(Outcome::kOk);
}

void SqlRepo::read_once(Connection& connection, const Call& call, Work work) {
  connection.set_deadline(call.deadline);
  try {
    work(connection);
  } catch (const SqliteError&) {
    if (!connection.was_too_old()) throw;
    environment_.observer.read_interrupted();
    throw Error(
        ErrorCode::kTimeout,
        "the read was interrupted: it had run for max_read_age and kept the write-ahead log from shrinking");
  }
}

void SqlRepo::write_once(Connection& connection, const Call& call, Work work) {
  connection.set_deadline(call.deadline);
  database_.require_unmoved(connection);
  database_.settle_log(connection);
  {
    WriteTransaction transaction(connection);
    const std::int64_t before = rows_changed(connection);
    work(connection);
    const TimePoint done = environment_.clock.now();
    transaction.commit();
    if (call.times != nullptr) {
      call.times->rows = rows_changed(connection) - before;
      call.times->commit = environment_.clock.now() - done;
      call.times->batch = 1;
    }
  }
  acknowledge(connection);
}

void SqlRepo::acknowledge(Connection& connection) {
  try {
    database_.require_unmoved(connection);
  } catch (const std::exception& error) {
    // It is committed, but perhaps into a file that nobody will open again: never to be repeated unasked.
    throw Error(ErrorCode::kUnknownOutcome, error.what());
  }
}

SqlRepo::Verdict SqlRepo::judge(const SqliteError& error) {
  const Reaction reaction = reaction_to(error.code());
  if (reaction.trust == Reaction::Trust::kNoWrites) database_.mark_damaged(error.what());
  if (reaction.trust == Reaction::Trust::kNoIndex) note_index_damage();
  if (reaction.trust == Reaction::Trust::kNothing) database_.mark_moved(error.what());
  // After a failed COMMIT nobody knows what the connection believes: the next look at the file takes a fresh
  // one.
  const bool is_commit = dynamic_cast<const CommitError*>(&error) != nullptr;
  if (is_commit) database_.doubt_log();
  return is_commit || reaction.connection == Reaction::Connection::kReplace ? Verdict::kReplace
                                                                            : Verdict::kKeep;
}

void SqlRepo::analyze_once(Connection& connection, const Call& call) {
  connection.set_deadline(call.deadline);
  database_.require_unmoved(connection);
  connection.execute("PRAGMA analysis_limit = 400; ANALYZE");
}

void SqlRepo::open(const CallOptions& options) {
  read<bool>(Operation::kOpen, options,
             [](Connection& connection) { return connection.sentinel().has_value(); });
}

Appended SqlRepo::add_event(const NewEvent& event, const CallOptions& options) {
  const WriteShape shape{event.request_id ? Repeat::kSafe : Repeat::kUnsafe, bytes_of(event)};
  return write<Appended>(Operation::kAddEvent, options, shape,
                         [&](const WriteScope& scope) { return EventWriter(scope).add(event); });
}

std::vector<Appended> SqlRepo::add_events(const std::vector<NewEvent>& events, const CallOptions& options) {
  const bool all_named =
      std::ranges::all_of(events, [](const NewEvent& event) { return event.request_id.has_value(); });
  std::size_t bytes = 0;
  for (const NewEvent& event : events) bytes += bytes_of(event);
  return write<std::vector<Appended>>(
      Operation::kAddEvents, options, {all_named ? Repeat::kSafe : Repeat::kUnsafe, bytes},
      [&](const WriteScope& scope) { return EventWriter(scope).add_all(events); });
}

std::vector<ImportResult> SqlRepo::import_events(const std::vector<ImportedEvent>& events,
                                                 const CallOptions& options) {
  return write<std::vector<ImportResult>>(
      Operation::kImportEvents, options, kAnyAmount,
      [&](const WriteScope& scope) { return EventWriter(scope).import_all(events); });
}

std::vector<Event> SqlRepo::events(const EventRange& range, const CallOptions& options) {
  EventCollector collector(range.limit);
  read_events(range, collector, options);
  return collector.take_events();
}

void SqlRepo::read_events(const EventRange& range, EventSink& sink, const CallOptions& options) {
  TimedCall timed(make_call(Operation::kEvents, options));
  const Call& call = timed.call;
  account(call, [&] {
    run_read(call, [&](Connection& connection) {
      sink.restart();
      sqlite::read_events(connection, range, sink);
    });
  });
}

TokenWindow SqlRepo::recent_within_tokens(const ConversationId& conversation_id, std::int64_t max_tokens,
                                          const CallOptions& options) {
  return read<TokenWindow>(Operation::kRecentWithinTokens, options, [&](Connection& connection) {
    return read_within_tokens(connection, conversation_id, max_tokens);
  });
}

std::optional<Event> SqlRepo::find_event(const EventId& id, const CallOptions& options) {
  return read<std::optional<Event>>(Operation::kFindEvent, options, [&](Connection& connection) {
    return sqlite::find_event(connection, id);
  });
}

std::optional<Event> SqlRepo::find_by_request(const ConversationId& conversation_id,
                                              const RequestId& request_id, const CallOptions& options) {
  return read<std::optional<Event>>(Operation::kFindByRequest, options, [&](Connection& connection) {
    return sqlite::find_by_request(connection, conversation_id, request_id);
  });
}

bool SqlRepo::exists(const EventId& id, const CallOptions& options) {
  return read<bool>(Operation::kExists, options,
                    [&](Connection& connection) { return event_exists(connection, id); });
}

ConversationPage SqlRepo::list_conversations(const ConversationQuery& query, const CallOptions& options) {
  return read<ConversationPage>(Operation::kListConversations, options, [&](Connection& connection) {
    return sqlite::list_conversations(connection, query);
  });
}

PutConversation SqlRepo::put_conversation(const ConversationId& conversation_id,
                                          const std::optional<std::string>& title,
                                          const CallOptions& options) {
  if (title) check_title(*title);
  return write<PutConversation>(
      Operation::kPutConversation, options, {Repeat::kSafe, 0},
      [&](const WriteScope& scope) { return sqlite::put_conversation(scope, conversation_id, title); });
}

std::optional<Conversation> SqlRepo::find_conversation(const ConversationId& conversation_id,
                                                       const CallOptions& options) {
  return read<std::optional<Conversation>>(
      Operation::kFindConversation, options,
      [&](Connection& connection) { return sqlite::find_conversation(connection, conversation_id); });
}

std::vector<Event> SqlRepo::recent_messages(const ConversationId& conversation_id, std::size_t limit,
                                            const CallOptions& options) {
  return read<std::vector<Event>>(Operation::kRecentMessages, options, [&](Connection& connection) {
    return read_recent_messages(connection, conversation_id, limit);
  });
}

Appended SqlRepo::compact_reply(const ReplyCompaction& reply, const CallOptions& options) {
  return write<Appended>(Operation::kCompactReply, options, {Repeat::kSafe, WriteQueue::Member::kAlone},
                         [&](const WriteScope& scope) { return EventWriter(scope).compact_reply(reply); });
}

std::vector<ConversationId> SqlRepo::conversation_ids(const std::optional<ConversationId>& after,
                                                      std::size_t limit, const CallOptions& options) {
  return read<std::vector<ConversationId>>(Operation::kConversationIds, options, [&](Connection& connection) {
    return list_conversation_ids(connection, after, limit);
  });
}

std::optional<EventId> SqlRepo::last_assistant_reply(const ConversationId& conversation_id,
                                                     const RequestId& user_request,
                                                     const CallOptions& options) {
  return read<std::optional<EventId>>(Operation::kLastAssistantReply, options, [&](Connection& connection) {
    return find_last_reply(connection, conversation_id, user_request);
  });
}

bool SqlRepo::remove_last_event(const ConversationId& conversation_id, const CallOptions& options) {
  return write<bool>(Operation::kRemoveLastEvent, options, kFewRows, [&](const WriteScope& scope) {
    return EventWriter(scope).remove_last(conversation_id);
  });
}

void SqlRepo::transact(Operation operation, FunctionRef<void(EventWriter&)> change,
                       const CallOptions& options) {
  write<bool>(operation, options, kAnyAmount, [&](const WriteScope& scope) {
    EventWriter writer(scope);
    change(writer);
    return true;
  });
}

void SqlRepo::start_maintenance() {
  if (options_.upkeep == Upkeep::kNone) return;
  std::vector<BackgroundThread::Task> tasks;
  tasks.emplace_back([this](TimePoint now) { return remove_in_background(now); });
  if (options_.retention.policy != RetentionPolicy::kUnlimited) tasks.push_back(retention_task());
  tasks.emplace_back([this](TimePoint now) { return index_in_background(now); });
  maintenance_ = std::make_unique<BackgroundThread>(std::move(tasks), environment_.clock);
}

void SqlRepo::stop_maintenance() {
  is_ending_ = true;
  if (maintenance_) maintenance_->stop();
}

void SqlRepo::abandon_maintenance() {
  if (maintenance_) maintenance_->abandon();
}

RepositoryInfo SqlRepo::info() const {
  RepositoryInfo info;
  info.name = name_;
  info.sqlite_version = sqlite_version();
  info.wal_reset_fixed = is_wal_reset_fixed(sqlite_version_number());
  info.locking = options_.sqlite.locking == Locking::kExclusive ? "exclusive" : "shared";
  info.journal_mode = "wal";
  info.synchronous = options_.sqlite.synchronous == Synchronous::kFull ? "full" : "normal";
  info.busy_timeout_seconds = options_.sqlite.busy_timeout.count();
  info.retention = options_.retention;
  return info;
}

}  // namespace weir::repositories::sqlite
