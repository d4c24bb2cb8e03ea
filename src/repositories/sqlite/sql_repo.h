#pragma once

#include <atomic>

#include "weir/history/repository.h"
#include "weir/history/uuid.h"
#include "weir/repositories/background_thread.h"
#include "weir/repositories/function_ref.h"
#include "weir/repositories/retry_policy.h"
#include "weir/repositories/slow_log.h"
#include "weir/repositories/sqlite/database.h"
#include "weir/repositories/sqlite/repository_options.h"
#include "weir/repositories/sqlite/retention_pass.h"
#include "weir/repositories/sqlite/sqlite_error.h"
#include "weir/repositories/sqlite/write_scope.h"
#include "weir/repositories/write_queue.h"

namespace weir::repositories::sqlite {

enum class Remains;
struct IndexStep;

/// What the two repositories on SQLite share: every call's SQL, its accounting, and the reaction to its
/// errors.
///
/// They differ in run_read() and run_write(): in how a call gets a connection.
///
/// Its verbs stand in a file for each interface: sql_repo_summaries.cpp, sql_repo_settings.cpp ...
///
/// Thread-safety, Lifetime, Blocking, Errors: as history::ChatRepository. `environment` outlives it.
class SqlRepo : public history::Repository {
 public:
  void open(const history::CallOptions& options = {}) final;
  history::Appended add_event(const history::NewEvent& event, const history::CallOptions& options = {}) final;
  std::vector<history::Appended> add_events(const std::vector<history::NewEvent>& events,
                                            const history::CallOptions& options = {}) final;
  std::vector<history::ImportResult> import_events(const std::vector<history::ImportedEvent>& events,
                                                   const history::CallOptions& options = {}) final;
  std::vector<history::Event> events(const history::EventRange& range,
                                     const history::CallOptions& options = {}) final;
  void read_events(const history::EventRange& range, history::EventSink& sink,
                   const history::CallOptions& options = {}) final;
  history::TokenWindow recent_within_tokens(const history::ConversationId& conversation_id,
                                            std::int64_t max_tokens,
                                            const history::CallOptions& options = {}) final;
  std::optional<history::Event> find_event(const history::EventId& id,
                                           const history::CallOptions& options = {}) final;
  std::optional<history::Event> find_by_request(const history::ConversationId& conversation_id,
                                                const history::RequestId& request_id,
                                                const history::CallOptions& options = {}) final;
  bool exists(const history::EventId& id, const history::CallOptions& options = {}) final;
  history::ConversationPage list_conversations(const history::ConversationQuery& query,
                                               const history::CallOptions& options = {}) final;
  std::vector<history::ConversationId> conversation_ids(const std::optional<history::ConversationId>& after,
                                                        std::size_t limit,
                                                        const history::CallOptions& options = {}) final;
  std::optional<history::EventId> last_assistant_reply(const history::ConversationId& conversation_id,
                                                       const history::RequestId& user_request,
                                                       const history::CallOptions& options = {}) final;
  bool remove_last_event(const history::ConversationId& conversation_id,
                         const history::CallOptions& options = {}) final;
  bool delete_conversation(const history::ConversationId& conversation_id,
                           const history::CallOptions& options = {}) final;
  std::int64_t clear_all(const history::CallOptions& options = {}) final;

  history::PutConversation put_conversation(const history::ConversationId& conversation_id,
                                            const std::optional<std::string>& title,
                                            const history::CallOptions& options = {}) final;
  std::optional<history::Conversation> find_conversation(const history::ConversationId& conversation_id,
                                                         const history::CallOptions& options = {}) final;
  std::vector<history::Event> recent_messages(const history::ConversationId& conversation_id,
                                              std::size_t limit,
                                              const history::CallOptions& options = {}) final;
  history::Appended compact_reply(const history::ReplyCompaction& reply,
                                  const history::CallOptions& options = {}) final;
  history::RepositoryInfo info() const final;

  // history::SummaryRepository
  history::ContextSource context_source(const history::ConversationId& conversation_id,
                                        const history::Verbatim& verbatim,
                                        const history::CallOptions& options = {}) final;
  std::optional<history::Summary> store_summary(const history::ConversationId& conversation_id,
                                                const history::NewSummary& summary,
                                                const history::CallOptions& options = {}) final;
  std::vector<history::Summary> summaries(const history::ConversationId& conversation_id,
                                          const history::CallOptions& options = {}) final;
  bool clear_summaries(const history::ConversationId& conversation_id,
                       const history::CallOptions& options = {}) final;

  // history::SettingsRepository
  std::optional<history::Setting> find_setting(const history::SettingName& name,
                                               const history::CallOptions& options = {}) final;
  std::vector<history::Setting> list_settings(const history::SettingScope& scope,
                                              const std::optional<history::SettingKey>& after,
                                              std::size_t limit,
                                              const history::CallOptions& options = {}) final;
  history::SettingChange set_setting(const history::SettingName& name, const history::JsonText& value,
                                     const history::SettingCondition& condition = history::Unconditionally{},
                                     const history::CallOptions& options = {}) final;
  history::SettingChange delete_setting(
      const history::SettingName& name,
      const history::SettingCondition& condition = history::Unconditionally{},
      const history::CallOptions& options = {}) final;

  // history::PersonalityRepository
  std::vector<history::Trait> personality(const history::UserId& user,
                                          const history::CallOptions& options = {}) final;
  history::UpdatedTrait update_trait(const history::TraitUpdate& update,
                                     const history::CallOptions& options = {}) final;
  std::vector<history::TraitChange> trait_history(const history::UserId& user,
                                                  const history::Dimension& dimension, std::size_t limit,
                                                  const history::CallOptions& options = {}) final;

  // history::SearchRepository
  std::vector<history::SearchHit> search(const history::SearchQuery& query,
                                         const history::CallOptions& options = {}) final;

  // history::RetentionRepository
  std::int64_t apply_retention(const history::RetentionOptions& policy,
                               const history::CallOptions& options = {}) final;

  /// One write transaction for what no verb of the interface covers. Every other writer waits until `change`
  /// returns. Errors: as the interface's writes; what `change` throws rolls all of it back.
  void transact(Operation operation, FunctionRef<void(class EventWriter&)> change,
                const history::CallOptions& options = {});

 protected:
  using Work = FunctionRef<void(Connection&)>;

  /// Whether a call may be done again when nobody knows what became of it.
  enum class Repeat { kSafe, kUnsafe };

  /// What is to be known of a write before it is run.
  struct WriteShape {
    Repeat repeat;
    std::size_t bytes;  ///< about what it stores; WriteQueue::Member::kAlone: it may touch any amount
  };

  static constexpr WriteShape kAnyAmount{Repeat::kUnsafe, WriteQueue::Member::kAlone};
  static constexpr WriteShape kFewRows{Repeat::kUnsafe, 0};

  SqlRepo(std::string_view name, const RepositoryOptions& options, const Environment& environment);

  /// Runs `work` on a connection that may read. Errors: history::Error.
  virtual void run_read(const Call& call, Work work) = 0;
  /// Runs `work` in a write transaction, under the ticket, and returns once it is committed. `work` may be
  /// run again after an attempt that left nothing behind. Errors: history::Error.
  virtual void run_write(const Call& call, const WriteShape& shape, Work work) = 0;

  /// Whether a checkpoint that does not burden callers is about to be made, and would rather find no more in
  /// the log.
  virtual bool is_checkpoint_due() const { return false; }

  /// One attempt: BEGIN IMMEDIATE, `work`, COMMIT, and the look at the files before anybody is told.
  void write_once(Connection& connection, const Call& call, Work work);
  void read_once(Connection& connection, const Call& call, Work work);
  /// The last look at the files between COMMIT and the answer. Errors: kUnknownOutcome.
  void acknowledge(Connection& connection);

  /// What an error of SQLite means for the connection it happened on and for the database.
  enum class Verdict { kKeep, kReplace };
  Verdict judge(const SqliteError& error);

  /// Refreshes the statistics of the query planner, looking at a bounded number of rows. Under the ticket.
  void analyze_once(Connection& connection, const Call& call);

  /// Begins what is done beside the calls and by calls like theirs: retention, indexing for search, removing
  /// what was deleted. Once, when the first call comes.
  void start_maintenance();
  /// Ends it; the first thing a destructor does, for it calls run_read() and run_write().
  void stop_maintenance();
  void abandon_maintenance();

  Call make_call(Operation operation, const history::CallOptions& options) const;
  /// A call of the repository's own, which is not worth a long wait: it can be made another time.
  Call upkeep_call(Operation operation) const;
  TimePoint after(Seconds length) const { return add_saturating(environment_.clock.now(), length); }

  const RepositoryOptions options_;
  const Environment environment_;
  Database database_;
  RetryPolicy retry_;
  SlowLog slow_log_;

 private:
  /// Indexes for `search` what was appended up to `activity`. Errors: kTimeout at its deadline.
  void index_until(const Call& search, std::int64_t activity);
  IndexStep index_step(const Call& call);
  /// One transaction that changes the full-text index and nothing else. Errors: kUnavailable, never unknown.
  void change_index(const Call& call, Work work);
  /// Merges a portion of what the index lies in; returns whether there was something to merge.
  bool merge_step(const Call& call);
  /// The background makes it anew, within its interval.
  void note_index_damage();
  void give_up_index(const Call& call);
  /// The background's task: a batch, and when to look again.
  TimePoint index_in_background(TimePoint now);

  /// Hides and removes in one transaction, or hides alone where a damaged full-text index stands in the way.
  void write_hiding(const Call& call, Work hide_and_remove, Work hide);
  /// Until `deadline`, and leaves what it cannot remove by then to the background.
  void remove_remains(TimePoint deadline, const std::optional<std::int64_t>& of);
  Remains remove_step(const Call& call, const std::optional<std::int64_t>& of);
  /// The background's task: a step, and when to look again.
  TimePoint remove_in_background(TimePoint now);

  template <class Result>
  Result read(Operation operation, const history::CallOptions& options, FunctionRef<Result(Connection&)> ask);
  template <class Result>
  Result write(Operation operation, const history::CallOptions& options, const WriteShape& shape,
               FunctionRef<Result(const WriteScope&)> change);
  /// Reports how the call ended, whichever way it does.
  void account(const Call& call, FunctionRef<void()> body);

  /// How long one read or transaction of a pass of retention may take, from now on.
  using CallMaker = std::function<Call()>;
  RetentionPass make_retention_pass(const history::RetentionOptions& policy, const CallMaker& make_call,
                                    std::function<bool()> may_go_on);
  /// Runs it to its end, or until there is no more time for it, and logs what it did.
  void run_retention(RetentionPass& pass, const std::optional<ActivityMark>& since);
  /// Merges what its steps leave in the full-text index, as they leave it.
  void merge_before_step(const CallMaker& make_call);
  /// A COMMIT that meets the backstop copies the whole log under the ticket; retention has time and waits.
  void await_checkpoint(TimePoint deadline) const;
  /// The task that applies the configured policy.
  BackgroundThread::Task retention_task();

  const std::string_view name_;
  history::UuidV7Generator ids_;
  std::atomic<bool> is_ending_{false};        // maintenance is to end soon
  std::atomic<bool> may_have_remains_{true};  // what an earlier process left, and what a caller had to leave
  std::atomic<bool> may_be_unindexed_{true};  // what an earlier process left, and what this one has written
  std::atomic<bool> is_index_damaged_{false};
  std::unique_ptr<BackgroundThread> maintenance_;
};

template <class Result>
Result SqlRepo::read(Operation operation, const history::CallOptions& options,
                     FunctionRef<Result(Connection&)> ask) {
  TimedCall timed(make_call(operation, options));
  const Call& call = timed.call;
  std::optional<Result> result;
  account(call, [&] { run_read(call, [&](Connection& connection) { result.emplace(ask(connection)); }); });
  return std::move(*result);
}

template <class Result>
Result SqlRepo::write(Operation operation, const history::CallOptions& options, const WriteShape& shape,
                      FunctionRef<Result(const WriteScope&)> change) {
  TimedCall timed(make_call(operation, options));
  const Call& call = timed.call;
  std::optional<Result> result;
  account(call, [&] {
    run_write(call, shape, [&](Connection& connection) {
      const WriteScope scope{connection, ids_,
                             std::chrono::floor<std::chrono::microseconds>(environment_.clock.wall_now())};
      result.emplace(change(scope));
    });
    if (!may_be_unindexed_.load(std::memory_order_relaxed)) may_be_unindexed_ = true;
  });
  return std::move(*result);
}

}  // namespace weir::repositories::sqlite
