#include "weir/history/event_sax.h"

#include <limits>

#include "weir/history/utf8.h"

namespace weir::history {
namespace {

constexpr std::string_view kEventKind = "must be an object, an event";

/// What a field takes, as an error says it.
std::string_view allowed(Field field) {
  switch (field) {
    case Field::kType:
      return "must be user_message, assistant_message, tool_call, tool_result, system_update or meta";
    case Field::kRole:
      return "must be system, user, assistant, tool or null";
    case Field::kContent:
      return "must be a string, a list of text parts, or null";
    case Field::kToolCalls:
      return "must be a list of objects, or null";
    case Field::kUsage:
      return "must be an object of prompt_tokens, completion_tokens and total_tokens, whole numbers of 0 or "
             "more, or null";
    case Field::kExtra:
      return "must be an object";
    case Field::kSeq:
      return "must be a whole number, 1 to 4294967295";
    case Field::kTokenCount:
      return "must be a whole number, 0 to 2147483647";
    case Field::kTimestamp:
      return "must be an RFC 3339 date and time with an offset, as 2026-01-31T08:00:00.000000Z";
    case Field::kModel:
      return "must be a string or null";
    case Field::kConversationId:
      return "must be a string";
    default:
      return "must be a string or null";
  }
}

std::optional<Field> field_from(std::string_view name) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (to_string(static_cast<Field>(i)) == name) return static_cast<Field>(i);
  }
  return std::nullopt;
}

/// A caller's own field name, fit for an error: short, and without what could break a log line.
std::string quotable(std::string_view name) {
  constexpr std::size_t kShown = 40;
  if (name.empty()) return "(a name of no characters)";
  if (has_control_characters(name)) return "(a name with control characters)";
  return std::string(first_characters(name, kShown));
}

std::optional<Usage> read_usage(const JsonText& text) {
  const auto parsed = nlohmann::json::parse(text.text());
  if (!parsed.is_object() || parsed.size() != 3) return std::nullopt;
  const auto count = [&parsed](const char* name) -> std::int64_t {
    const auto found = parsed.find(name);
    if (found == parsed.end() || !found->is_number_unsigned()) return -1;
    const auto value = found->get<std::uint64_t>();
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    return value > kMax ? -1 : static_cast<std::int64_t>(value);
  };
  const Usage usage{count("prompt_tokens"), count("completion_tokens"), count("total_tokens")};
  if (usage.prompt_tokens < 0 || usage.completion_tokens < 0 || usage.total_tokens < 0) return std::nullopt;
  return usage;
}

}  // namespace

EventSax::EventSax(const std::optional<ConversationId>& conversation, Lists lists, std::size_t max_events)
    : JsonSax(lists == Lists::kAllowed ? "body" : "event"),
      conversation_(conversation),
      lists_(lists),
      max_events_(max_events) {}

EventSax::Place EventSax::place() const {
  if (depth() < event_depth()) return Place::kAboveEvents;
  return depth() == event_depth() ? Place::kField : Place::kStructure;
}

EventSax::Place EventSax::scalar_place() const {
  const Place here = place();
  if (here == Place::kAboveEvents) throw wrong(kEventKind);
  if (field_ == Field::kToolCalls && depth() == event_depth() + 1) throw wrong_value();
  return here;
}

bool EventSax::null() {
  if (scalar_place() == Place::kStructure) return JsonSax::null();
  set_null();
  return true;
}

bool EventSax::boolean(bool value) {
  if (scalar_place() == Place::kStructure) return JsonSax::boolean(value);
  throw wrong_value();
}

bool EventSax::number_integer(number_integer_t value) {
  if (scalar_place() == Place::kStructure) return JsonSax::number_integer(value);
  set_count(value);
  return true;
}

bool EventSax::number_unsigned(number_unsigned_t value) {
  if (scalar_place() == Place::kStructure) return JsonSax::number_unsigned(value);
  constexpr number_unsigned_t kMax = std::numeric_limits<std::int64_t>::max();
  if (value > kMax) throw wrong_value();
  set_count(static_cast<std::int64_t>(value));
  return true;
}

bool EventSax::number_float(number_float_t value, const string_t& spelled) {
  if (scalar_place() == Place::kStructure) return JsonSax::number_float(value, spelled);
  throw wrong_value();
}

bool EventSax::string(string_t& value) {
  if (scalar_place() == Place::kStructure) return JsonSax::string(value);
  set_string(value);
  return true;
}

bool EventSax::key(string_t& name) {
  if (place() == Place::kStructure) return JsonSax::key(name);
  const std::optional<Field> field = field_from(name);
  if (!field) {
    const std::string shown = quotable(name);
    throw invalid(path(shown), "is not a field of an event");
  }
  field_ = *field;
  FieldSet& given = events_.back().given;
  if (given[static_cast<std::size_t>(field_)]) throw wrong("is given twice");
  given.set(static_cast<std::size_t>(field_));
  return true;
}

bool EventSax::start_object(std::size_t size) {
  if (place() == Place::kAboveEvents) {
    if (events_.size() == max_events_) {
      throw invalid("body", "must hold at most " + std::to_string(max_events_) + " events");
    }
    events_.push_back({NewEvent{ConversationId::stored(""), EventType::kMeta}, FieldSet{}});
    const bool fine = JsonSax::start_object(size);
    take_text();
    return fine;
  }
  if (place() == Place::kField && field_ != Field::kUsage && field_ != Field::kExtra) throw wrong_value();
  return JsonSax::start_object(size);
}

bool EventSax::end_object() {
  JsonSax::end_object();
  if (place() == Place::kAboveEvents) {
    end_event();
  } else if (place() == Place::kField) {
    end_structure();
  }
  return true;
}

bool EventSax::start_array(std::size_t size) {
  if (depth() == 0) {
    if (lists_ == Lists::kRefused) throw wrong(kEventKind);
    is_list_ = true;
    return JsonSax::start_array(size);
  }
  if (place() == Place::kAboveEvents) throw wrong(kEventKind);
  if (place() == Place::kField && field_ != Field::kContent && field_ != Field::kToolCalls)
    throw wrong_value();
  if (place() == Place::kStructure && field_ == Field::kToolCalls && depth() == event_depth() + 1)
    throw wrong_value();
  return JsonSax::start_array(size);
}

bool EventSax::end_array() {
  JsonSax::end_array();
  if (place() == Place::kField) end_structure();
  return true;
}

void EventSax::end_event() {
  const auto given = [this](Field field) { return events_.back().given[static_cast<std::size_t>(field)]; };
  NewEvent& event = events_.back().event;
  if (!given(Field::kType)) throw invalid(path("type"), "is missing");
  if (given(Field::kConversationId)) {
    if (conversation_ && event.conversation_id != *conversation_) {
      throw invalid(path("conversation_id"), "must be the conversation the call names");
    }
  } else if (conversation_) {
    event.conversation_id = *conversation_;
  } else {
    throw invalid(path("conversation_id"), "is missing");
  }
}

void EventSax::end_structure() {
  set_structure(JsonText::stored(take_text()));
}

void EventSax::set_null() {
  // Elsewhere null says that there is none, or asks for the value that the store assigns.
  if (field_ == Field::kType || field_ == Field::kConversationId) throw wrong_value();
}

void EventSax::set_string(std::string& value) {
  NewEvent& event = events_.back().event;
  try {
    switch (field_) {
      case Field::kId:
        event.id.emplace(std::move(value));
        return;
      case Field::kConversationId:
        event.conversation_id = ConversationId(std::move(value));
        return;
      case Field::kToolCallId:
        event.tool_call_id.emplace(std::move(value));
        return;
      case Field::kRequestId:
        event.request_id.emplace(std::move(value));
        return;
      default:
        break;
    }
  } catch (const Error& error) {
    if (!is_list_) throw;
    throw Error(error.code(), path(error.what()), path(error.field()));
  }
  switch (field_) {
    case Field::kTimestamp:
      event.timestamp = parse_timestamp(value);
      if (!event.timestamp) throw wrong_value();
      return;
    case Field::kType: {
      const auto type = event_type_from(value);
      if (!type) throw wrong_value();
      event.type = *type;
      return;
    }
    case Field::kRole:
      event.role = role_from(value);
      if (!event.role) throw wrong_value();
      return;
    case Field::kContent:
      event.content = Content::text(std::move(value));
      return;
    case Field::kModel:
      event.model = std::move(value);
      return;
    default:
      throw wrong_value();
  }
}

void EventSax::set_count(std::int64_t value) {
  NewEvent& event = events_.back().event;
  if (field_ == Field::kSeq && value >= 1 && value <= kMaxSeq) {
    event.seq = value;
  } else if (field_ == Field::kTokenCount && value >= 0 && value <= kMaxTokenCount) {
    event.token_count = value;
  } else {
    throw wrong_value();
  }
}

void EventSax::set_structure(JsonText value) {
  NewEvent& event = events_.back().event;
  switch (field_) {
    case Field::kContent:
      try {
        event.content = Content::parts(value);
      } catch (const Error& error) {
        throw Error(error.code(), path(error.what()), path(error.field()));
      }
      return;
    case Field::kToolCalls:
      event.tool_calls = std::move(value);
      return;
    case Field::kUsage:
      event.usage = read_usage(value);
      if (!event.usage) throw wrong_value();
      return;
    default:
      event.extra = std::move(value);
  }
}

std::string EventSax::path(std::string_view field) const {
  if (!is_list_) return std::string(field);
  return "events[" + std::to_string(events_.size() - 1) + "]." + std::string(field);
}

Error EventSax::wrong(std::string_view what) const {
  if (place() != Place::kAboveEvents) return invalid(path(to_string(field_)), what);
  if (is_list_) return invalid("events[" + std::to_string(events_.size()) + "]", what);
  return invalid(lists_ == Lists::kAllowed ? "body" : "event", what);
}

Error EventSax::wrong_value() const {
  return wrong(allowed(field_));
}

}  // namespace weir::history
