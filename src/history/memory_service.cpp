#include "weir/history/memory_service.h"

#include <algorithm>

#include "weir/history/error.h"
#include "weir/history/json_writer.h"

namespace weir::history {
namespace {

std::optional<JsonText> extra_of(const NewMessage& message) {
  if (!message.modality) return std::nullopt;
  std::string json;
  JsonWriter(json).begin_object().key("modality").string(*message.modality).end_object();
  return JsonText::parse(json, "extra");
}

EventType type_of(Role speaker) {
  if (speaker == Role::kUser) return EventType::kUserMessage;
  if (speaker == Role::kAssistant) return EventType::kAssistantMessage;
  throw invalid("role", "must be user or assistant");
}

NewSummary describe(const std::vector<Event>& batch, BatchFill fill) {
  NewSummary made{.fill = fill, .first_event = batch.front().id, .last_event = batch.back().id};
  made.summary.first_seq = batch.front().seq;
  made.summary.last_seq = batch.back().seq;
  made.summary.message_count = static_cast<std::int64_t>(batch.size());
  return made;
}

bool covers_the_same(const Summary& a, const Summary& b) {
  return a.first_seq == b.first_seq && a.last_seq == b.last_seq && a.message_count == b.message_count;
}

}  // namespace

MemoryService::MemoryService(ChatRepository& conversations, SummaryRepository& summaries,
                             Summariser& summariser, MemoryOptions options)
    : conversations_(conversations),
      summaries_(summaries),
      summariser_(summariser),
      options_(std::move(options)) {}

Conversation MemoryService::default_conversation() {
  return conversations_.put_conversation(ConversationId(options_.default_conversation), std::nullopt)
      .conversation;
}

Appended MemoryService::append(const NewMessage& message) {
  return conversations_.add_event({.conversation_id = message.conversation_id,
                                   .type = type_of(message.speaker),
                                   .role = message.speaker,
                                   .content = Content::text(message.text),
                                   .extra = extra_of(message),
                                   .request_id = message.request_id});
}

bool MemoryService::remove_last(const ConversationId& conversation_id) {
  return conversations_.remove_last_event(conversation_id);
}

std::vector<Event> MemoryService::messages(const ConversationId& conversation_id, std::size_t limit) {
  return conversations_.recent_messages(conversation_id, limit);
}

Context MemoryService::context(const ConversationId& conversation_id, const Verbatim& verbatim) {
  ContextSource source = summaries_.context_source(conversation_id, verbatim);
  // Of a long conversation a portion at a time is summarised and stored, so that it is never held whole.
  while (!source.is_complete) {
    store_portion(conversation_id, source);
    source = summaries_.context_source(conversation_id, verbatim);
  }
  Context context{.summaries = source.summaries, .messages = std::move(source.verbatim)};
  for (const std::vector<Event>& run : source.unsummarised) {
    summarise_run(conversation_id, {source, BatchFill::kShorter}, run, context);
  }
  std::ranges::sort(context.summaries, {}, &Summary::first_seq);
  for (const Summary& summary : context.summaries) context.summarized_count += summary.message_count;
  return context;
}

void MemoryService::store_portion(const ConversationId& conversation_id, const ContextSource& source) {
  Context stored;
  for (const std::vector<Event>& run : source.unsummarised) {
    // Nothing is appended to a run that has a summary behind it: its last batch is as full as it will be. The
    // last run goes on beyond the portion. So some batch is stored each time, however the runs are cut.
    const bool is_last = &run == &source.unsummarised.back();
    summarise_run(conversation_id, {source, BatchFill::kFull}, is_last ? whole_batches(run) : run, stored);
  }
}

std::vector<Event> MemoryService::whole_batches(const std::vector<Event>& run) const {
  const std::size_t whole = run.size() - run.size() % options_.summary_batch;
  return {run.begin(), run.begin() + static_cast<std::ptrdiff_t>(whole)};
}

void MemoryService::summarise_run(const ConversationId& conversation_id, const Summarising& how,
                                  const std::vector<Event>& run, Context& context) {
  for (auto begin = run.begin(); begin != run.end();) {
    const auto left = static_cast<std::size_t>(run.end() - begin);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(left, options_.summary_batch));
    context.summaries.push_back(summary_of(conversation_id, how, std::vector<Event>(begin, end)));
    begin = end;
  }
}

Summary MemoryService::summary_of(const ConversationId& conversation_id, const Summarising& how,
                                  const std::vector<Event>& batch) {
  NewSummary made = describe(batch, batch.size() == options_.summary_batch ? BatchFill::kFull : how.rest);
  const auto known = std::ranges::find_if(
      how.source.shorter, [&](const Summary& stored) { return covers_the_same(stored, made.summary); });
  if (known != how.source.shorter.end()) return *known;
  made.summary.text = summariser_.summarise(batch);
  // When the messages have changed meanwhile it is good for this answer, and not for another.
  return summaries_.store_summary(conversation_id, made).value_or(made.summary);
}

}  // namespace weir::history
