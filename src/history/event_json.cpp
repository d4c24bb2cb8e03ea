#include "weir/history/event_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "weir/history/event_sax.h"
#include "weir/history/json_string.h"

namespace weir::history {
namespace {

/// Gathers short pieces, so that the string grows by few long ones: an event has fifty pieces.
///
/// Lifetime: `out` outlives it.
class Pieces {
  static constexpr std::size_t kSize = 512;
  static constexpr std::size_t kShort = 64;

 public:
  explicit Pieces(std::string& out) : out_(out) {}

  template <std::size_t kTerminated>
  Pieces& literal(const char (&text)[kTerminated]) {  // NOLINT(*-avoid-c-arrays): the size of a literal
    static_assert(kTerminated <= kShort);
    make_room();
    std::memcpy(end_, text, kTerminated - 1);  // of a size the compiler knows: one or two instructions
    end_ += kTerminated - 1;
    return *this;
  }
  Pieces& name(std::string_view text) { return literal("\"").put(text).literal("\""); }
  Pieces& raw(std::string_view json) { return json.size() <= kShort ? put(json) : append(json); }

  Pieces& integer(std::int64_t value) {
    make_room();
    end_ = std::to_chars(end_, end_ + kShort, value).ptr;
    return *this;
  }

  Pieces& timestamp(Timestamp value) {
    make_room();
    print_timestamp(end_, value);
    end_ += kTimestampSize;
    return *this;
  }

  Pieces& string(std::string_view text) {
    if (text.size() <= kShort && plain_prefix(text) == text.size()) return name(text);
    flush();
    append_json_string(out_, text);
    return *this;
  }

  /// Moves what is gathered to `out`; to be called at the end.
  [[gnu::noinline]] void flush() {  // or nothing that may need it would be inlined
    out_.append(buffer_.data(), static_cast<std::size_t>(end_ - buffer_.data()));
    end_ = buffer_.data();
  }

 private:
  void make_room() {
    if (end_ > buffer_.data() + (kSize - kShort)) [[unlikely]]
      flush();
  }
  /// `text` is short.
  Pieces& put(std::string_view text) {
    make_room();
    end_ = std::copy(text.begin(), text.end(), end_);
    return *this;
  }
  Pieces& append(std::string_view json) {
    flush();
    out_.append(json);
    return *this;
  }

  std::string& out_;
  std::array<char, kSize> buffer_;
  char* end_ = buffer_.data();
};

void put_content(Pieces& json, const std::optional<ContentView>& content) {
  if (!content) {
    json.literal("null");
  } else if (content->form == Content::Form::kText) {
    json.string(content->raw);
  } else {
    json.raw(content->raw);
  }
}

void put_usage(Pieces& json, const std::optional<Usage>& usage) {
  if (!usage) {
    json.literal("null");
    return;
  }
  json.literal("{\"prompt_tokens\":").integer(usage->prompt_tokens);
  json.literal(",\"completion_tokens\":").integer(usage->completion_tokens);
  json.literal(",\"total_tokens\":").integer(usage->total_tokens).literal("}");
}

void put_string(Pieces& json, const std::optional<std::string_view>& text) {
  text ? json.string(*text) : json.literal("null");
}

}  // namespace

ImportedEvent parse_event(std::string_view json, const std::optional<ConversationId>& conversation) {
  EventSax sax(conversation, EventSax::Lists::kRefused);
  parse_with(sax, json);
  return std::move(sax.events().front());
}

ParsedEvents parse_events(std::string_view json, const ConversationId& conversation, std::size_t max_events) {
  EventSax sax(conversation, EventSax::Lists::kAllowed, max_events);
  parse_with(sax, json);
  ParsedEvents parsed;
  parsed.is_list = sax.is_list();
  parsed.events.reserve(sax.events().size());
  for (ImportedEvent& read : sax.events()) parsed.events.push_back(std::move(read.event));
  return parsed;
}

void append_json(std::string& out, const EventView& event) {
  Pieces json(out);
  json.literal("{\"id\":").string(event.id);
  json.literal(",\"conversation_id\":").string(event.conversation_id);
  json.literal(",\"seq\":").integer(event.seq);
  json.literal(",\"timestamp\":\"").timestamp(event.timestamp);
  json.literal("\",\"type\":").name(to_string(event.type)).literal(",\"role\":");
  event.role ? json.name(to_string(*event.role)) : json.literal("null");
  put_content(json.literal(",\"content\":"), event.content);
  json.literal(",\"tool_calls\":").raw(event.tool_calls.value_or("null"));
  put_string(json.literal(",\"tool_call_id\":"), event.tool_call_id);
  put_string(json.literal(",\"model\":"), event.model);
  put_usage(json.literal(",\"usage\":"), event.usage);
  json.literal(",\"extra\":").raw(event.extra);
  json.literal(",\"token_count\":").integer(event.token_count);
  put_string(json.literal(",\"request_id\":"), event.request_id);
  json.literal("}").flush();
}

void append_json(std::string& out, const Event& event) {
  append_json(out, view_of(event));
}

std::string to_json(const Event& event) {
  std::string out;
  append_json(out, event);
  return out;
}

}  // namespace weir::history
