#include "weir/service/chat_body.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "weir/history/json_sax.h"
#include "weir/service/problem.h"

namespace weir::service {
namespace {

constexpr std::array<std::string_view, 3> kFields = {"message", "conversation_id", "request_id"};

/// Reads one object of strings, token by token, so that a field given twice is seen and nothing is nested.
class ChatSax : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::optional<std::string> take(std::string_view field) { return std::move(values_[index_of(field)]); }

  bool null() override {
    expect_field();
    return true;
  }
  bool boolean(bool) override { throw wrong(); }
  bool number_integer(number_integer_t) override { throw wrong(); }
  bool number_unsigned(number_unsigned_t) override { throw wrong(); }
  bool number_float(number_float_t, const string_t&) override { throw wrong(); }
  bool binary(binary_t&) override { throw wrong(); }
  bool start_array(std::size_t) override { throw wrong(); }
  bool end_array() override { return true; }

  bool string(string_t& value) override {
    expect_field();
    values_[field_] = std::move(value);
    return true;
  }

  bool start_object(std::size_t) override {
    if (is_open_) throw wrong();
    is_open_ = true;
    return true;
  }
  bool end_object() override { return true; }

  bool key(string_t& name) override {
    field_ = index_of(name);
    if (field_ == kFields.size()) {
      throw history::invalid(
          shown(name, "body"),
          "is not a field of a chat message; it takes message, conversation_id and request_id");
    }
    if (given_[field_]) throw history::invalid(kFields[field_], "is given twice");
    given_[field_] = true;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    refuse_syntax(position);
  }

  [[noreturn]] static void refuse_syntax(std::size_t position) {
    throw history::invalid("body", "is not valid JSON at byte " + std::to_string(position));
  }

 private:
  static std::size_t index_of(std::string_view field) {
    return static_cast<std::size_t>(std::find(kFields.begin(), kFields.end(), field) - kFields.begin());
  }

  void expect_field() const {
    if (!is_open_) throw wrong();
  }

  history::Error wrong() const {
    if (!is_open_) return history::invalid("body", "must be an object");
    return history::invalid(kFields[field_], "must be a string");
  }

  bool is_open_ = false;
  std::size_t field_ = 0;  // the one last named
  std::array<bool, kFields.size()> given_{};
  std::array<std::optional<std::string>, kFields.size()> values_;
};

}  // namespace

ChatMessage parse_chat(std::string_view json, const history::ConversationId& default_conversation) {
  ChatSax sax;
  history::parse_with(sax, json);
  std::optional<std::string> message = sax.take("message");
  if (!message || message->empty()) throw history::invalid("message", "must be a string that is not empty");
  ChatMessage read{.conversation_id = default_conversation, .message = std::move(*message)};
  if (auto id = sax.take("conversation_id")) read.conversation_id = history::ConversationId(std::move(*id));
  if (auto id = sax.take("request_id")) read.request_id.emplace(std::move(*id));
  return read;
}

}  // namespace weir::service
