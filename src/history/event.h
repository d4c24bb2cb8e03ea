#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weir/history/id.h"
#include "weir/history/json_text.h"
#include "weir/history/timestamp.h"

namespace weir::history {

/// An event's number in its conversation: 1, 2, 3 ... in commit order (invariant I4).
using Seq = std::int64_t;

/// The highest number an event can have: conversation and seq share one 64-bit key on disk.
inline constexpr Seq kMaxSeq = 0xFFFF'FFFF;

enum class EventType { kUserMessage, kAssistantMessage, kToolCall, kToolResult, kSystemUpdate, kMeta };
enum class Role { kSystem, kUser, kAssistant, kTool };

std::string_view to_string(EventType type);
std::string_view to_string(Role role);
std::optional<EventType> event_type_from(std::string_view name);
std::optional<Role> role_from(std::string_view name);

/// What was said: one string, or a list of `{"type":"text","text":...}` parts.
class Content {
 public:
  enum class Form { kText, kParts };

  static Content text(std::string text) { return Content(Form::kText, std::move(text)); }

  /// Errors: kInvalidArgument naming `content` unless `list` is a list of text parts.
  static Content parts(const JsonText& list);

  /// What text() or parts() made once.
  static Content stored(Form form, std::string raw) { return Content(form, std::move(raw)); }

  Form form() const noexcept { return form_; }

  /// The string itself, or the list as JSON.
  const std::string& raw() const noexcept { return raw_; }

  /// The words alone: the string, or the texts of all parts in order, without a separator.
  std::string plain_text() const { return text_of_parts({}); }

  /// The same, with `separator` between parts.
  std::string text_of_parts(std::string_view separator) const;

  friend bool operator==(const Content& a, const Content& b);

 private:
  Content(Form form, std::string raw) : form_(form), raw_(std::move(raw)) {}

  Form form_;
  std::string raw_;
};

/// What a model charged for an answer, in tokens.
struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t total_tokens = 0;

  friend bool operator==(const Usage&, const Usage&) = default;
};

/// An event to append. What is absent is assigned by the store, or is null.
struct NewEvent {
  ConversationId conversation_id;
  EventType type;
  std::optional<EventId> id{};  ///< absent: a UUID of version 7
  std::optional<Seq> seq{};  ///< absent: the next one; given: must be the next one (import: above the last)
  std::optional<Timestamp> timestamp{};  ///< absent: now
  std::optional<Role> role{};
  std::optional<Content> content{};
  std::optional<JsonText> tool_calls{};  ///< a list of objects
  std::optional<ToolCallId> tool_call_id{};
  std::optional<std::string> model{};
  std::optional<Usage> usage{};
  std::optional<JsonText> extra{};            ///< an object; absent: an empty one
  std::optional<std::int64_t> token_count{};  ///< absent: count_tokens(content)
  std::optional<RequestId> request_id{};
};

/// An event as it is stored.
struct Event {
  EventId id;
  ConversationId conversation_id;
  Seq seq = 0;
  Timestamp timestamp{};
  EventType type = EventType::kMeta;
  std::optional<Role> role{};
  std::optional<Content> content{};
  std::optional<JsonText> tool_calls{};
  std::optional<ToolCallId> tool_call_id{};
  std::optional<std::string> model{};
  std::optional<Usage> usage{};
  JsonText extra = JsonText::empty_object();
  std::int64_t token_count = 0;
  std::optional<RequestId> request_id{};

  friend bool operator==(const Event&, const Event&) = default;
};

inline constexpr std::int64_t kMaxTokenCount = 2'147'483'647;

/// Throws Error(kInvalidArgument) naming the field unless every field of `event` may be stored.
/// What reads JSON has checked all of this; events made in C++ pass here on their way in.
void check(const NewEvent& event);

/// How many tokens `content` is taken for when its caller gives no count: a quarter of its UTF-8 bytes,
/// rounded up. Null content has none. The rule of thumb for English; it needs no model's vocabulary and never
/// changes.
std::int64_t count_tokens(const std::optional<Content>& content);

}  // namespace weir::history
