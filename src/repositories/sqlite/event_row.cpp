#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

std::optional<Usage> read_usage(const Statement::Run& row, int column) {
  const auto prompt_tokens = row.value(column);
  if (prompt_tokens.is_null()) return std::nullopt;
  return Usage{prompt_tokens.integer(), row.integer(column + 1), row.integer(column + 2)};
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

std::optional<ContentView> view_content(const Statement::Run& row, int column) {
  const auto text = row.value(column + 1).optional_text();
  if (!text) return std::nullopt;
  return ContentView{static_cast<Content::Form>(row.integer(column)), *text};
}

EventView view_event(const Statement::Run& row, std::string_view conversation_id) {
  EventView event{.id = row.text(kEventIdColumn), .conversation_id = conversation_id};
  event.seq = seq_at(row.integer(0));
  event.timestamp = Timestamp(std::chrono::microseconds(row.integer(2)));
  event.type = static_cast<EventType>(row.integer(3));
  if (const auto role = row.value(4); !role.is_null()) event.role = static_cast<Role>(role.integer());
  event.content = view_content(row, 5);
  event.tool_calls = row.value(7).optional_text();
  event.tool_call_id = row.value(8).optional_text();
  event.model = row.value(9).optional_text();
  event.usage = read_usage(row, 10);
  if (const auto extra = row.value(13).optional_text()) event.extra = *extra;
  event.token_count = row.integer(kTokenCountColumn);
  event.request_id = row.value(15).optional_text();
  return event;
}

Event read_event(const Statement::Run& row, const ConversationId& conversation_id) {
  return to_event(view_event(row, conversation_id.value()));
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
