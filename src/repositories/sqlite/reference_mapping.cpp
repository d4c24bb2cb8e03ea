#include "weir/repositories/sqlite/reference_mapping.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "weir/history/error.h"
#include "weir/history/utf8.h"
#include "weir/repositories/sqlite/event_reads.h"
#include "weir/repositories/sqlite/reference_kept.h"
#include "weir/repositories/sqlite/reference_spelling.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

/// What a JSON column says; absent when it says nothing: null in any of the spellings that are read so.
std::optional<JsonText> json_in(const ReferenceRow& row, Field column) {
  const std::string* text = row.text(column);
  if (text == nullptr) return std::nullopt;
  auto json = parse_reference_json(*text);
  return json && json->text() != "null" ? json : std::nullopt;
}

bool is_nothing(const ReferenceValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return true;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return false;
  const auto json = parse_reference_json(*text);
  return text->empty() || (json && json->text() == "null");
}

std::optional<JsonText> tool_calls_in(const ReferenceRow& row) {
  auto json = json_in(row, Field::kToolCalls);
  if (!json || !json->is_array()) return std::nullopt;
  const auto list = nlohmann::json::parse(json->text());
  const bool are_objects = std::ranges::all_of(list, [](const auto& call) { return call.is_object(); });
  return are_objects ? json : std::nullopt;
}

std::optional<std::int64_t> tokens_in(const nlohmann::json& usage, const char* name) {
  const auto found = usage.find(name);
  if (found == usage.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto count = found->get<std::uint64_t>();
  return count <= INT64_MAX ? std::optional(static_cast<std::int64_t>(count)) : std::nullopt;
}

std::optional<Usage> usage_in(const ReferenceRow& row) {
  const auto json = json_in(row, Field::kUsage);
  if (!json || !json->is_object()) return std::nullopt;
  const auto usage = nlohmann::json::parse(json->text());
  const auto prompt = tokens_in(usage, "prompt_tokens");
  const auto completion = tokens_in(usage, "completion_tokens");
  const auto total = tokens_in(usage, "total_tokens");
  if (!prompt || !completion || !total) return std::nullopt;
  return Usage{*prompt, *completion, *total};
}

/// What an application said in an extra. What would be taken for weir's own notes is not let in as that.
MarkedExtra extra_in(const ReferenceRow& row) {
  const auto json = json_in(row, Field::kExtra);
  if (!json || !json->is_object()) return {"{}", std::nullopt};
  MarkedExtra extra = take_mark(json->text());
  if (!take_kept(extra.rest).columns.empty()) extra.rest = "{}";
  return extra;
}

std::string print(const ReferenceValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value)) return std::to_string(*number);
  if (const auto* blob = std::get_if<ReferenceBlob>(&value)) return readable(blob->bytes);
  return readable(std::get<std::string>(value));
}

std::optional<Content> content_in(const ReferenceRow& row, const std::optional<Content::Form>& mark) {
  const ReferenceValue& value = row[Field::kContent];
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  std::string text = print(value);
  const bool may_be_parts = mark != Content::Form::kText && row.text(Field::kContent) != nullptr;
  const bool are_parts = classify_content(text) == ReferenceContent::kTextParts ||
                         (mark == Content::Form::kParts && text == "[]");
  if (may_be_parts && are_parts) return Content::parts(*parse_reference_json(text));
  return Content::text(std::move(text));
}

std::optional<std::int64_t> token_count_in(const ReferenceRow& row) {
  const auto* count = std::get_if<std::int64_t>(&row[Field::kTokenCount]);
  if (count == nullptr || *count < 0 || *count > kMaxTokenCount) return std::nullopt;
  return *count;
}

NewEvent to_new(Event event) {
  return {.conversation_id = std::move(event.conversation_id),
          .type = event.type,
          .id = std::move(event.id),
          .seq = event.seq,
          .timestamp = event.timestamp,
          .role = event.role,
          .content = std::move(event.content),
          .tool_calls = std::move(event.tool_calls),
          .tool_call_id = std::move(event.tool_call_id),
          .model = std::move(event.model),
          .usage = event.usage,
          .extra = std::move(event.extra),
          .token_count = event.token_count,
          .request_id = std::move(event.request_id)};
}

bool is_json(Field column) {
  return column == Field::kContent || column == Field::kToolCalls || column == Field::kUsage ||
         column == Field::kExtra;
}

/// Whether both columns say the same to who parses them.
bool means_the_same(Field column, const ReferenceRow& row, const ReferenceRow& made) {
  if (!is_json(column)) return false;
  const bool may_be_empty = column != Field::kContent;
  if (may_be_empty && is_nothing(row[column])) {
    return is_nothing(made[column]) || *made.text(column) == "{}";
  }
  const auto was = row.text(column) != nullptr ? parse_reference_json(*row.text(column)) : std::nullopt;
  const auto is = made.text(column) != nullptr ? parse_reference_json(*made.text(column)) : std::nullopt;
  return was && is && was->text() == is->text();
}

/// What is to be noted of a column that is not kept although it comes out otherwise; empty when it must be
/// kept.
std::string_view note_without_keeping(Field column, const ReferenceRow& row, const ReferenceRow& made) {
  if (means_the_same(column, row, made)) return "json_respelled";
  if (column == Field::kTokenCount && std::holds_alternative<std::monostate>(row[column])) {
    return "token_count_counted";
  }
  if (column != Field::kTimestamp || row.text(column) == nullptr) return {};
  const auto time = parse_reference_time(*row.text(column));
  if (!time || !time->is_exact || time->zone == ReferenceTime::Zone::kOther) return {};
  return time->zone == ReferenceTime::Zone::kNone ? "timestamp_without_zone" : "timestamp_respelled";
}

}  // namespace

template <class Id>
std::optional<Id> allowed_id(const std::string* value) {
  if (value == nullptr) return std::nullopt;
  try {
    return Id(*value);
  } catch (const Error&) {
    return std::nullopt;
  }
}

template std::optional<ConversationId> allowed_id(const std::string*);

std::string assigned_name(const ReferencePlace& from) {
  return std::string(from.table) + ":" + std::to_string(from.rowid);
}

std::string readable(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  constexpr std::size_t kLongest = 4;
  std::string text;
  while (!bytes.empty()) {
    std::size_t length = 1;
    while (length < std::min(kLongest, bytes.size()) && !is_utf8(bytes.substr(0, length))) ++length;
    const bool is_character = is_utf8(bytes.substr(0, length));
    text += is_character ? bytes.substr(0, length) : "\uFFFD";
    bytes.remove_prefix(is_character ? length : 1);
  }
  return text;
}

EventId ReferenceMapper::id_for(const ReferenceRow& row, const ReferencePlace& from) {
  if (auto id = allowed_id<EventId>(row.text(Field::kId))) {
    if (!event_exists(connection_, *id)) return *id;
    changes_.note("id_duplicate", from);
  }
  std::string name = assigned_name(from);
  while (event_exists(connection_, EventId(name)) || is_to_come_(name)) name += '\'';
  return EventId(std::move(name));
}

std::optional<RequestId> ReferenceMapper::request_for(const ReferenceRow& row, const ReferencePlace& from,
                                                      const ConversationId& conversation) {
  auto request = allowed_id<RequestId>(row.text(Field::kRequestId));
  if (!request || !find_by_request(connection_, conversation, *request)) return request;
  changes_.note("request_id_duplicate", from);
  return std::nullopt;
}

namespace {

Timestamp time_for(const ReferenceRow& row, const ReferencePlace& from, Timestamp time_before,
                   ReferenceChanges& changes) {
  const std::string* text = row.text(Field::kTimestamp);
  const auto time = text != nullptr ? parse_reference_time(*text) : std::nullopt;
  if (time) return time->at;
  changes.note("timestamp_missing", from);
  return time_before;
}

void keep_what_differs(Event& event, const ReferenceRow& row, const ReferencePlace& from,
                       ReferenceChanges& changes) {
  const ReferenceRow made = reference_row_of(view_of(event));
  KeptColumns kept;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto column = static_cast<Field>(i);
    if (column == Field::kSeq || made[column] == row[column]) continue;
    const std::string_view note = note_without_keeping(column, row, made);
    changes.note(note.empty() ? std::string(to_string(column)) + "_kept" : std::string(note), from);
    if (note.empty()) kept[column] = row[column];
  }
  if (event.content && event.content->form() == Content::Form::kText &&
      classify_content(event.content->raw()) == ReferenceContent::kOtherParts) {
    changes.note("content_list_as_text", from);
  }
  if (!kept.empty()) event.extra = JsonText::stored(with_kept(event.extra.text(), kept));
}

/// Fills `event`, which has its names and number.
void fill(Event& event, const ReferenceRow& row, const ReferencePlace& from, Timestamp time_before,
          ReferenceChanges& changes) {
  MarkedExtra extra = extra_in(row);
  event.timestamp = time_for(row, from, time_before, changes);
  const std::string* type = row.text(Field::kType);
  event.type = (type != nullptr ? event_type_from(*type) : std::nullopt).value_or(EventType::kMeta);
  if (const std::string* role = row.text(Field::kRole)) event.role = role_from(*role);
  event.content = content_in(row, extra.form);
  event.tool_calls = tool_calls_in(row);
  event.tool_call_id = allowed_id<ToolCallId>(row.text(Field::kToolCallId));
  if (const std::string* model = row.text(Field::kModel)) event.model = readable(*model);
  event.usage = usage_in(row);
  event.extra = JsonText::stored(std::move(extra.rest));
  event.token_count = token_count_in(row).value_or(count_tokens(event.content));
  keep_what_differs(event, row, from, changes);
}

/// Whether `name` looks as assigned_name() and those who lengthen it make them.
bool is_assigned(std::string_view name) {
  while (name.ends_with('\'')) name.remove_suffix(1);
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view table = name.substr(0, colon);
  std::string_view rowid = name.substr(colon + 1);
  if (rowid.starts_with('-')) rowid.remove_prefix(1);
  return (table == "chat_events" || table == "messages" || table == "conversations") && !rowid.empty() &&
         rowid.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether `name` is what a migration calls something that is called `value` there.
template <class Id>
bool is_name_for(const Id& name, const std::string* value) {
  const auto allowed = allowed_id<Id>(value);
  return allowed ? *allowed == name : is_assigned(name.value());
}

}  // namespace

NewEvent ReferenceMapper::map(const ReferenceRow& row, const ReferencePlace& from,
                              const ReferenceTarget& target) {
  Event event{id_for(row, from), target.conversation, target.seq};
  event.request_id = request_for(row, from, target.conversation);
  fill(event, row, from, target.time_before, changes_);
  return to_new(std::move(event));
}

bool is_made_of(const Event& event, const ReferenceRow& row) {
  if (!is_name_for(event.id, row.text(Field::kId))) return false;
  if (!is_name_for(event.conversation_id, row.text(Field::kConversationId))) return false;
  ReferenceChanges unused;
  Event made{event.id, event.conversation_id, event.seq};
  made.request_id = allowed_id<RequestId>(row.text(Field::kRequestId));
  fill(made, row, {"chat_events", 0}, event.timestamp, unused);
  return made == event;
}

}  // namespace weir::repositories::sqlite
