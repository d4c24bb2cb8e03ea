#include "weir/repositories/sqlite/reference_row.h"

#include "weir/history/json_writer.h"
#include "weir/repositories/sqlite/reference_kept.h"
#include "weir/repositories/sqlite/reference_spelling.h"

namespace weir::repositories::sqlite {
namespace {

using history::Content;
using history::ContentView;
using history::EventView;
using history::Field;

// A reader that parses without asking whether there is anything parses this too; the reference service writes
// it itself.
constexpr const char* kJsonNull = "null";

ReferenceValue text_or_null(const std::optional<std::string_view>& text) {
  return text ? ReferenceValue(std::string(*text)) : ReferenceValue();
}

ReferenceValue json_or_null(const std::optional<std::string_view>& json) {
  return json ? reference_json(*json) : std::string(kJsonNull);
}

ReferenceValue usage_value(const std::optional<history::Usage>& usage) {
  if (!usage) return std::string(kJsonNull);
  std::string json;
  history::JsonWriter writer(json);
  writer.begin_object();
  writer.key("prompt_tokens").integer(usage->prompt_tokens);
  writer.key("completion_tokens").integer(usage->completion_tokens);
  writer.key("total_tokens").integer(usage->total_tokens);
  writer.end_object();
  return reference_json(json);
}

ReferenceValue content_value(const std::optional<ContentView>& content) {
  if (!content) return {};
  return content->form == Content::Form::kText ? std::string(content->raw) : reference_json(content->raw);
}

/// How a content would be read without a mark.
Content::Form unmarked_form(std::string_view raw) {
  return classify_content(raw) == ReferenceContent::kTextParts ? Content::Form::kParts : Content::Form::kText;
}

/// An extra that looks marked is marked once more: of two marks the last is taken.
std::string marked_extra(const EventView& event, const std::string& extra) {
  const auto& content = event.content;
  const bool is_misread = content && unmarked_form(content->raw) != content->form;
  if (!is_misread && !take_mark(extra).form) return extra;
  return with_mark(extra, content ? content->form : Content::Form::kText);
}

}  // namespace

ReferenceValue read_reference_value(const Statement::Value& value) {
  switch (value.type()) {
    case SQLITE_INTEGER:
      return value.integer();
    case SQLITE_FLOAT:
      return value.real();
    case SQLITE_TEXT:
      return std::string(value.text());
    case SQLITE_BLOB:
      return ReferenceBlob{std::string(value.blob())};
    default:
      return {};
  }
}

void bind_reference_value(Statement::Run& run, const ReferenceValue& value) {
  struct Binder {
    Statement::Run& run;
    void operator()(std::monostate) const { run.bind_null(); }
    void operator()(std::int64_t number) const { run.bind(number); }
    void operator()(double number) const { run.bind(number); }
    void operator()(const std::string& text) const { run.bind(text); }
    void operator()(const ReferenceBlob& blob) const { run.bind_blob(blob.bytes); }
  };
  std::visit(Binder{run}, value);
}

ReferenceRow reference_row_of(const EventView& event) {
  ReferenceRow row;
  row[Field::kId] = std::string(event.id);
  row[Field::kConversationId] = std::string(event.conversation_id);
  row[Field::kSeq] = event.seq;
  row[Field::kTimestamp] = reference_time(event.timestamp);
  row[Field::kType] = std::string(to_string(event.type));
  if (event.role) row[Field::kRole] = std::string(to_string(*event.role));
  row[Field::kContent] = content_value(event.content);
  row[Field::kToolCalls] = json_or_null(event.tool_calls);
  row[Field::kToolCallId] = text_or_null(event.tool_call_id);
  row[Field::kModel] = text_or_null(event.model);
  row[Field::kUsage] = usage_value(event.usage);
  row[Field::kExtra] = reference_json(marked_extra(event, std::string(event.extra)));
  row[Field::kTokenCount] = event.token_count;
  row[Field::kRequestId] = text_or_null(event.request_id);
  return row;
}

}  // namespace weir::repositories::sqlite
