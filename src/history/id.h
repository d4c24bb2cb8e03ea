#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace weir::history {

/// Throws Error(kInvalidArgument, `field`) unless `text` is 1 to 256 bytes of UTF-8 without control
/// characters.
void check_id(std::string_view field, std::string_view text);

/// Text that names one kind of thing; ids of different kinds do not mix.
///
/// Thread-safety: as a value.
template <class Tag>
class Id {
 public:
  /// Errors: kInvalidArgument naming `Tag::kField` unless `value` is 1 to 256 bytes of UTF-8 without control
  /// characters.
  explicit Id(std::string value) : value_(std::move(value)) { check_id(Tag::kField, value_); }

  /// An id that was checked when it was stored.
  static Id stored(std::string_view value) { return Id(value, Checked{}); }

  const std::string& value() const noexcept { return value_; }

  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  struct Checked {};
  Id(std::string_view value, Checked) : value_(value) {}

  std::string value_;
};

struct ConversationIdTag {
  static constexpr std::string_view kField = "conversation_id";
};
struct EventIdTag {
  static constexpr std::string_view kField = "id";
};
struct RequestIdTag {
  static constexpr std::string_view kField = "request_id";
};
struct ToolCallIdTag {
  static constexpr std::string_view kField = "tool_call_id";
};

using ConversationId = Id<ConversationIdTag>;
using EventId = Id<EventIdTag>;
/// Makes an append repeatable: (conversation_id, request_id) names at most one stored event.
using RequestId = Id<RequestIdTag>;
using ToolCallId = Id<ToolCallIdTag>;

}  // namespace weir::history

template <class Tag>
struct std::hash<weir::history::Id<Tag>> {
  std::size_t operator()(const weir::history::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.value());
  }
};
