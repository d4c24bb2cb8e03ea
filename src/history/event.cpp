#include "weir/history/event.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "weir/history/error.h"
#include "weir/history/utf8.h"

namespace weir::history {
namespace {

constexpr std::array<std::string_view, 6> kEventTypes = {"user_message", "assistant_message", "tool_call",
                                                         "tool_result",  "system_update",     "meta"};
constexpr std::array<std::string_view, 4> kRoles = {"system", "user", "assistant", "tool"};

template <class Enum, std::size_t kSize>
std::optional<Enum> find_name(const std::array<std::string_view, kSize>& names, std::string_view name) {
  for (std::size_t i = 0; i < kSize; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

bool is_text_part(const nlohmann::json& part) {
  if (!part.is_object() || part.size() != 2) return false;
  const auto type = part.find("type");
  const auto text = part.find("text");
  return type != part.end() && *type == "text" && text != part.end() && text->is_string();
}

bool is_list_of_objects(const JsonText& json) {
  if (!json.is_array()) return false;
  const auto list = nlohmann::json::parse(json.text());
  return std::ranges::all_of(list, [](const nlohmann::json& element) { return element.is_object(); });
}

}  // namespace

std::string_view to_string(EventType type) {
  return kEventTypes[static_cast<std::size_t>(type)];
}
std::string_view to_string(Role role) {
  return kRoles[static_cast<std::size_t>(role)];
}
std::optional<EventType> event_type_from(std::string_view name) {
  return find_name<EventType>(kEventTypes, name);
}
std::optional<Role> role_from(std::string_view name) {
  return find_name<Role>(kRoles, name);
}

Content Content::parts(const JsonText& list) {
  const auto parsed = nlohmann::json::parse(list.text());
  if (!parsed.is_array()) throw invalid("content", "must be a string, a list of text parts, or null");
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    if (!is_text_part(parsed[i])) {
      throw invalid("content[" + std::to_string(i) + "]", R"(must be {"type":"text","text":STRING})");
    }
  }
  return Content(Form::kParts, list.text());
}

std::string Content::text_of_parts(std::string_view separator) const {
  if (form_ == Form::kText) return raw_;
  std::string text;
  for (const auto& part : nlohmann::json::parse(raw_)) {
    if (!text.empty()) text += separator;
    text += part["text"].get_ref<const std::string&>();
  }
  return text;
}

bool operator==(const Content& a, const Content& b) {
  if (a.form_ != b.form_) return false;
  return a.raw_ == b.raw_ ||
         (a.form_ == Content::Form::kParts && JsonText::stored(a.raw_) == JsonText::stored(b.raw_));
}

void check(const NewEvent& event) {
  if (event.seq && (*event.seq < 1 || *event.seq > kMaxSeq)) {
    throw invalid("seq", "must be 1 to " + std::to_string(kMaxSeq));
  }
  if (event.token_count && (*event.token_count < 0 || *event.token_count > kMaxTokenCount)) {
    throw invalid("token_count", "must be 0 to " + std::to_string(kMaxTokenCount));
  }
  if (event.content && event.content->form() == Content::Form::kText && !is_utf8(event.content->raw())) {
    throw invalid("content", "must be UTF-8");
  }
  if (event.model && !is_utf8(*event.model)) throw invalid("model", "must be UTF-8");
  if (event.tool_calls && !is_list_of_objects(*event.tool_calls)) {
    throw invalid("tool_calls", "must be a list of objects");
  }
  if (event.extra && !event.extra->is_object()) throw invalid("extra", "must be an object");
}

std::int64_t count_tokens(const std::optional<Content>& content) {
  if (!content) return 0;
  const std::size_t bytes =
      content->form() == Content::Form::kText ? content->raw().size() : content->plain_text().size();
  return static_cast<std::int64_t>((bytes + 3) / 4);
}

}  // namespace weir::history
