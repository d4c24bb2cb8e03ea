#include "weir/repositories/repository_handle.h"

#include <utility>

namespace weir::repositories {

using namespace history;

RepositoryHandle::RepositoryHandle(std::unique_ptr<Repository> first)
    : in_force_(install(std::move(first))) {}

RepositoryHandle::InForce RepositoryHandle::install(std::unique_ptr<Repository> repository) {
  // Whoever drops the last reference only hands it back: to close a repository takes time, and is not for the
  // call that happens to end last.
  const auto promise = std::make_shared<Returned>();
  InForce in_force;
  in_force.returned = promise->get_future();
  in_force.repository = {repository.release(), [promise](Repository* last) {
                           promise->set_value(std::unique_ptr<Repository>(last));
                         }};
  return in_force;
}

void RepositoryHandle::replace(std::unique_ptr<Repository> next) {
  InForce before = install(std::move(next));
  {
    const std::lock_guard lock(mutex_);
    std::swap(in_force_, before);
  }
  before.repository.reset();
  before.returned.get().reset();
}

std::shared_ptr<Repository> RepositoryHandle::current() const {
  const std::lock_guard lock(mutex_);
  return in_force_.repository;
}

void RepositoryHandle::open(const CallOptions& options) {
  return current()->open(options);
}

Appended RepositoryHandle::add_event(const NewEvent& event, const CallOptions& options) {
  return current()->add_event(event, options);
}

std::vector<Appended> RepositoryHandle::add_events(const std::vector<NewEvent>& events,
                                                   const CallOptions& options) {
  return current()->add_events(events, options);
}

std::vector<ImportResult> RepositoryHandle::import_events(const std::vector<ImportedEvent>& events,
                                                          const CallOptions& options) {
  return current()->import_events(events, options);
}

std::vector<Event> RepositoryHandle::events(const EventRange& range, const CallOptions& options) {
  return current()->events(range, options);
}

void RepositoryHandle::read_events(const EventRange& range, EventSink& sink, const CallOptions& options) {
  return current()->read_events(range, sink, options);
}

TokenWindow RepositoryHandle::recent_within_tokens(const ConversationId& conversation_id,
                                                   std::int64_t max_tokens, const CallOptions& options) {
  return current()->recent_within_tokens(conversation_id, max_tokens, options);
}

std::optional<Event> RepositoryHandle::find_event(const EventId& id, const CallOptions& options) {
  return current()->find_event(id, options);
}

std::optional<Event> RepositoryHandle::find_by_request(const ConversationId& conversation_id,
                                                       const RequestId& request_id,
                                                       const CallOptions& options) {
  return current()->find_by_request(conversation_id, request_id, options);
}

bool RepositoryHandle::exists(const EventId& id, const CallOptions& options) {
  return current()->exists(id, options);
}

PutConversation RepositoryHandle::put_conversation(const ConversationId& conversation_id,
                                                   const std::optional<std::string>& title,
                                                   const CallOptions& options) {
  return current()->put_conversation(conversation_id, title, options);
}

std::optional<Conversation> RepositoryHandle::find_conversation(const ConversationId& conversation_id,
                                                                const CallOptions& options) {
  return current()->find_conversation(conversation_id, options);
}

std::vector<Event> RepositoryHandle::recent_messages(const ConversationId& conversation_id, std::size_t limit,
                                                     const CallOptions& options) {
  return current()->recent_messages(conversation_id, limit, options);
}

Appended RepositoryHandle::compact_reply(const ReplyCompaction& reply, const CallOptions& options) {
  return current()->compact_reply(reply, options);
}

ConversationPage RepositoryHandle::list_conversations(const ConversationQuery& query,
                                                      const CallOptions& options) {
  return current()->list_conversations(query, options);
}

std::vector<ConversationId> RepositoryHandle::conversation_ids(const std::optional<ConversationId>& after,
                                                               std::size_t limit,
                                                               const CallOptions& options) {
  return current()->conversation_ids(after, limit, options);
}

std::optional<EventId> RepositoryHandle::last_assistant_reply(const ConversationId& conversation_id,
                                                              const RequestId& user_request,
                                                              const CallOptions& options) {
  return current()->last_assistant_reply(conversation_id, user_request, options);
}

bool RepositoryHandle::remove_last_event(const ConversationId& conversation_id, const CallOptions& options) {
  return current()->remove_last_event(conversation_id, options);
}

bool RepositoryHandle::delete_conversation(const ConversationId& conversation_id,
                                           const CallOptions& options) {
  return current()->delete_conversation(conversation_id, options);
}

std::int64_t RepositoryHandle::clear_all(const CallOptions& options) {
  return current()->clear_all(options);
}

RepositoryStats RepositoryHandle::stats() const {
  return current()->stats();
}

RepositoryHealth RepositoryHandle::health() const {
  return current()->health();
}

RepositoryInfo RepositoryHandle::info() const {
  return current()->info();
}

ContextSource RepositoryHandle::context_source(const ConversationId& conversation_id,
                                               const Verbatim& verbatim, const CallOptions& options) {
  return current()->context_source(conversation_id, verbatim, options);
}

std::optional<Summary> RepositoryHandle::store_summary(const ConversationId& conversation_id,
                                                       const NewSummary& summary,
                                                       const CallOptions& options) {
  return current()->store_summary(conversation_id, summary, options);
}

std::vector<Summary> RepositoryHandle::summaries(const ConversationId& conversation_id,
                                                 const CallOptions& options) {
  return current()->summaries(conversation_id, options);
}

bool RepositoryHandle::clear_summaries(const ConversationId& conversation_id, const CallOptions& options) {
  return current()->clear_summaries(conversation_id, options);
}

std::optional<Setting> RepositoryHandle::find_setting(const SettingName& name, const CallOptions& options) {
  return current()->find_setting(name, options);
}

std::vector<Setting> RepositoryHandle::list_settings(const SettingScope& scope,
                                                     const std::optional<SettingKey>& after,
                                                     std::size_t limit, const CallOptions& options) {
  return current()->list_settings(scope, after, limit, options);
}

SettingChange RepositoryHandle::set_setting(const SettingName& name, const JsonText& value,
                                            const SettingCondition& condition, const CallOptions& options) {
  return current()->set_setting(name, value, condition, options);
}

SettingChange RepositoryHandle::delete_setting(const SettingName& name, const SettingCondition& condition,
                                               const CallOptions& options) {
  return current()->delete_setting(name, condition, options);
}

std::vector<Trait> RepositoryHandle::personality(const UserId& user, const CallOptions& options) {
  return current()->personality(user, options);
}

UpdatedTrait RepositoryHandle::update_trait(const TraitUpdate& update, const CallOptions& options) {
  return current()->update_trait(update, options);
}

std::vector<TraitChange> RepositoryHandle::trait_history(const UserId& user, const Dimension& dimension,
                                                         std::size_t limit, const CallOptions& options) {
  return current()->trait_history(user, dimension, limit, options);
}

std::vector<SearchHit> RepositoryHandle::search(const SearchQuery& query, const CallOptions& options) {
  return current()->search(query, options);
}

std::int64_t RepositoryHandle::apply_retention(const RetentionOptions& policy, const CallOptions& options) {
  return current()->apply_retention(policy, options);
}

}  // namespace weir::repositories
