#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

template <class T>
std::optional<T> read_id(const Statement::Run& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return T::stored(row.text(column));
}

std::optional<JsonText> read_json(const Statement::Run& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return JsonText::stored(std::string(row.text(column)));
}

std::optional<Usage> read_usage(const Statement::Run& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Usage{row.integer(column), row.integer(column + 1), row.integer(column + 2)};
}

template <class Id>
void bind_id(Statement::Run& run, const std::optional<Id>& id) {
  id ? run.bind(id->value()) : run.bind_null();
}

void bind_usage(Statement::Run& run, const std::optional<Usage>& usage) {
  if (usage) {
    run.bind(usage->prompt_tokens).bind(usage->completion_tokens).bind(usage->total_tokens);
  } else {
    run.bind_null().bind_null().bind_null();
  }
}

/// Most events carry no extra: null stands for the empty object.
void bind_extra(Statement::Run& run, const JsonText& extra) {
  extra.text() == JsonText::empty_object().text() ? run.bind_null() : run.bind(extra.text());
}

}  // namespace

std::optional<Content> read_content(const Statement::Run& row, int column) {
  if (row.is_null(column + 1)) return std::nullopt;
  return Content::stored(static_cast<Content::Form>(row.integer(column)), std::string(row.text(column + 1)));
}

Event read_event(const Statement::Run& row, const ConversationId& conversation_id) {
  Event event{EventId::stored(row.text(kEventIdColumn)), conversation_id};
  event.seq = seq_at(row.integer(0));
  event.timestamp = Timestamp(std::chrono::microseconds(row.integer(2)));
  event.type = static_cast<EventType>(row.integer(3));
  if (!row.is_null(4)) event.role = static_cast<Role>(row.integer(4));
  event.content = read_content(row, 5);
  event.tool_calls = read_json(row, 7);
  event.tool_call_id = read_id<ToolCallId>(row, 8);
  if (!row.is_null(9)) event.model = std::string(row.text(9));
  event.usage = read_usage(row, 10);
  if (auto extra = read_json(row, 13)) event.extra = std::move(*extra);
  event.token_count = row.integer(kTokenCountColumn);
  event.request_id = read_id<RequestId>(row, 15);
  return event;
}

void bind_event(Statement::Run& run, Place place, const Event& event) {
  run.bind(place).bind(event.id.value()).bind(event.timestamp.time_since_epoch().count());
  run.bind(static_cast<std::int64_t>(event.type));
  event.role ? run.bind(static_cast<std::int64_t>(*event.role)) : run.bind_null();
  run.bind(static_cast<std::int64_t>(event.content ? event.content->form() : Content::Form::kText));
  event.content ? run.bind(event.content->raw()) : run.bind_null();
  event.tool_calls ? run.bind(event.tool_calls->text()) : run.bind_null();
  bind_id(run, event.tool_call_id);
  event.model ? run.bind(*event.model) : run.bind_null();
  bind_usage(run, event.usage);
  bind_extra(run, event.extra);
  run.bind(event.token_count);
  bind_id(run, event.request_id);
}

}  // namespace weir::repositories::sqlite
