#include "weir/history/imported_event.h"

#include <array>
#include <string_view>

namespace weir::history {
namespace {

constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "id",         "conversation_id", "seq",   "timestamp", "type",  "role",        "content",
    "tool_calls", "tool_call_id",    "model", "usage",     "extra", "token_count", "request_id"};

/// What is assigned when absent: an input that does not give it cannot differ in it.
template <class T>
bool agrees(const std::optional<T>& given, const T& stored) {
  return !given || *given == stored;
}

bool equal_in(Field field, const NewEvent& given, const Event& stored) {
  switch (field) {
    case Field::kId:
      return agrees(given.id, stored.id);
    case Field::kConversationId:
      return given.conversation_id == stored.conversation_id;
    case Field::kSeq:
      return agrees(given.seq, stored.seq);
    case Field::kTimestamp:
      return agrees(given.timestamp, stored.timestamp);
    case Field::kType:
      return given.type == stored.type;
    case Field::kRole:
      return given.role == stored.role;
    case Field::kContent:
      return given.content == stored.content;
    case Field::kToolCalls:
      return given.tool_calls == stored.tool_calls;
    case Field::kToolCallId:
      return given.tool_call_id == stored.tool_call_id;
    case Field::kModel:
      return given.model == stored.model;
    case Field::kUsage:
      return given.usage == stored.usage;
    case Field::kExtra:
      return agrees(given.extra, stored.extra);
    case Field::kTokenCount:
      return agrees(given.token_count, stored.token_count);
    case Field::kRequestId:
      return given.request_id == stored.request_id;
  }
  return false;
}

}  // namespace

std::string_view to_string(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<Field> first_difference(const ImportedEvent& imported, const Event& stored) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (imported.given[i] && !equal_in(field, imported.event, stored)) return field;
  }
  return std::nullopt;
}

}  // namespace weir::history
