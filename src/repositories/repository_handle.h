#pragma once

#include <future>
#include <memory>
#include <mutex>

#include "weir/history/repository.h"

namespace weir::repositories {

/// A repository that can be replaced by another while it is used.
///
/// A call goes to the repository that is in force when it begins, and stays with it to its end. Both stand on
/// one file and share its write ticket, so calls of either find what the other has stored.
///
/// Thread-safety, Blocking, Errors: as history::ChatRepository; replace() by one thread at a time.
/// Lifetime: owns the repository in force; a call made on the handle ends before the handle does.
class RepositoryHandle final : public history::Repository {
 public:
  explicit RepositoryHandle(std::unique_ptr<history::Repository> first);

  /// Calls that begin from now on go to `next`. Returns when the calls of the one before have ended, and that
  /// one is closed.
  void replace(std::unique_ptr<history::Repository> next);

  // history::ChatRepository
  void open(const history::CallOptions& options = {}) override;
  history::Appended add_event(const history::NewEvent& event,
                              const history::CallOptions& options = {}) override;
  std::vector<history::Appended> add_events(const std::vector<history::NewEvent>& events,
                                            const history::CallOptions& options = {}) override;
  std::vector<history::ImportResult> import_events(const std::vector<history::ImportedEvent>& events,
                                                   const history::CallOptions& options = {}) override;
  std::vector<history::Event> events(const history::EventRange& range,
                                     const history::CallOptions& options = {}) override;
  void read_events(const history::EventRange& range, history::EventSink& sink,
                   const history::CallOptions& options = {}) override;
  history::TokenWindow recent_within_tokens(const history::ConversationId& conversation_id,
                                            std::int64_t max_tokens,
                                            const history::CallOptions& options = {}) override;
  std::optional<history::Event> find_event(const history::EventId& id,
                                           const history::CallOptions& options = {}) override;
  std::optional<history::Event> find_by_request(const history::ConversationId& conversation_id,
                                                const history::RequestId& request_id,
                                                const history::CallOptions& options = {}) override;
  bool exists(const history::EventId& id, const history::CallOptions& options = {}) override;
  history::PutConversation put_conversation(const history::ConversationId& conversation_id,
                                            const std::optional<std::string>& title,
                                            const history::CallOptions& options = {}) override;
  std::optional<history::Conversation> find_conversation(const history::ConversationId& conversation_id,
                                                         const history::CallOptions& options = {}) override;
  std::vector<history::Event> recent_messages(const history::ConversationId& conversation_id,
                                              std::size_t limit,
                                              const history::CallOptions& options = {}) override;
  history::Appended compact_reply(const history::ReplyCompaction& reply,
                                  const history::CallOptions& options = {}) override;
  history::ConversationPage list_conversations(const history::ConversationQuery& query,
                                               const history::CallOptions& options = {}) override;
  std::vector<history::ConversationId> conversation_ids(const std::optional<history::ConversationId>& after,
                                                        std::size_t limit,
                                                        const history::CallOptions& options = {}) override;
  std::optional<history::EventId> last_assistant_reply(const history::ConversationId& conversation_id,
                                                       const history::RequestId& user_request,
                                                       const history::CallOptions& options = {}) override;
  bool remove_last_event(const history::ConversationId& conversation_id,
                         const history::CallOptions& options = {}) override;
  bool delete_conversation(const history::ConversationId& conversation_id,
                           const history::CallOptions& options = {}) override;
  std::int64_t clear_all(const history::CallOptions& options = {}) override;
  history::RepositoryStats stats() const override;
  history::RepositoryHealth health() const override;
  history::RepositoryInfo info() const override;
  // history::SummaryRepository
  history::ContextSource context_source(const history::ConversationId& conversation_id,
                                        const history::Verbatim& verbatim,
                                        const history::CallOptions& options = {}) override;
  std::optional<history::Summary> store_summary(const history::ConversationId& conversation_id,
                                                const history::NewSummary& summary,
                                                const history::CallOptions& options = {}) override;
  std::vector<history::Summary> summaries(const history::ConversationId& conversation_id,
                                          const history::CallOptions& options = {}) override;
  bool clear_summaries(const history::ConversationId& conversation_id,
                       const history::CallOptions& options = {}) override;
  // history::SettingsRepository
  std::optional<history::Setting> find_setting(const history::SettingName& name,
                                               const history::CallOptions& options = {}) override;
  std::vector<history::Setting> list_settings(const history::SettingScope& scope,
                                              const std::optional<history::SettingKey>& after,
                                              std::size_t limit,
                                              const history::CallOptions& options = {}) override;
  history::SettingChange set_setting(const history::SettingName& name, const history::JsonText& value,
                                     const history::SettingCondition& condition = history::Unconditionally{},
                                     const history::CallOptions& options = {}) override;
  history::SettingChange delete_setting(
      const history::SettingName& name,
      const history::SettingCondition& condition = history::Unconditionally{},
      const history::CallOptions& options = {}) override;
  // history::PersonalityRepository
  std::vector<history::Trait> personality(const history::UserId& user,
                                          const history::CallOptions& options = {}) override;
  history::UpdatedTrait update_trait(const history::TraitUpdate& update,
                              const history::CallOptions& options = {}) override;
  std::vector<history::TraitChange> trait_history(const history::UserId& user,
                                                  const history::Dimension& dimension, std::size_t limit,
                                                  const history::CallOptions& options = {}) override;
  // history::SearchRepository
  std::vector<history::SearchHit> search(const history::SearchQuery& query,
                                         const history::CallOptions& options = {}) override;
  // history::RetentionRepository
  std::int64_t apply_retention(const history::RetentionOptions& policy,
                               const history::CallOptions& options = {}) override;

 private:
  using Returned = std::promise<std::unique_ptr<history::Repository>>;

  /// A repository in force, and who is to have it back when its last call has ended.
  struct InForce {
    std::shared_ptr<history::Repository> repository;
    std::future<std::unique_ptr<history::Repository>> returned;
  };

  static InForce install(std::unique_ptr<history::Repository> repository);
  std::shared_ptr<history::Repository> current() const;

  mutable std::mutex mutex_;
  InForce in_force_;  // guarded by mutex_
};

}  // namespace weir::repositories
