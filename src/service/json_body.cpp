#include "weir/service/json_body.h"

#include <algorithm>

#include "weir/history/json_sax.h"
#include "weir/service/problem.h"

namespace weir::service {
namespace {

using history::JsonText;

std::string listed(const std::vector<std::string_view>& fields) {
  std::string list;
  for (const std::string_view field : fields) {
    if (!list.empty()) list += field == fields.back() ? " and " : ", ";
    list += field;
  }
  return list;
}

/// Keeps each member of one object as text, token by token, so that a field given twice is seen.
class BodySax final : public history::JsonSax {
 public:
  explicit BodySax(const std::vector<std::string_view>& fields) : JsonSax("body"), fields_(fields) {}

  std::map<std::string, JsonText, std::less<>> members;

  bool null() override { return ended(JsonSax::null()); }
  bool boolean(bool value) override { return ended(JsonSax::boolean(value)); }
  bool number_integer(number_integer_t value) override { return ended(JsonSax::number_integer(value)); }
  bool number_unsigned(number_unsigned_t value) override { return ended(JsonSax::number_unsigned(value)); }
  bool number_float(number_float_t value, const string_t& spelled) override {
    return ended(JsonSax::number_float(value, spelled));
  }
  bool string(string_t& value) override { return ended(JsonSax::string(value)); }
  bool start_array(std::size_t size) override {
    require_object();
    return JsonSax::start_array(size);
  }
  bool end_array() override { return ended(JsonSax::end_array()); }
  bool start_object(std::size_t size) override {
    const bool is_body = depth() == 0;
    JsonSax::start_object(size);
    if (is_body) take_text();
    return true;
  }
  bool end_object() override {
    if (depth() == 1) return true;
    return ended(JsonSax::end_object());
  }
  bool key(string_t& name) override {
    if (depth() > 1) return JsonSax::key(name);
    if (std::ranges::find(fields_, name) == fields_.end()) {
      throw history::invalid(shown(name, "body"), "is not a field of this call; it takes " + listed(fields_));
    }
    if (members.contains(name)) throw history::invalid(name, "is given twice");
    field_ = name;
    return true;
  }

 private:
  void require_object() const {
    if (depth() == 0) throw history::invalid("body", "must be an object");
  }

  /// A value has ended; at the top it is a member.
  bool ended(bool goes_on) {
    require_object();
    if (depth() == 1) members.emplace(field_, JsonText::stored(take_text()));
    return goes_on;
  }

  const std::vector<std::string_view>& fields_;
  std::string field_;
};

}  // namespace

JsonBody::JsonBody(std::string_view json, std::vector<std::string_view> fields) {
  BodySax sax(fields);
  history::parse_with(sax, json);
  members_ = std::move(sax.members);
}

std::optional<JsonText> JsonBody::value(std::string_view field) const {
  const auto found = members_.find(field);
  if (found == members_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> JsonBody::string(std::string_view field) const {
  const auto found = members_.find(field);
  if (found == members_.end() || found->second.text() == "null") return std::nullopt;
  const auto value = nlohmann::json::parse(found->second.text());
  if (!value.is_string()) throw history::invalid(field, "must be a string");
  return value.get<std::string>();
}

std::string JsonBody::required_string(std::string_view field) const {
  auto text = string(field);
  if (!text) throw history::invalid(field, "must be a string");
  return std::move(*text);
}

}  // namespace weir::service
