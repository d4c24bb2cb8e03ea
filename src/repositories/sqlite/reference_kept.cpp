#include "weir/repositories/sqlite/reference_kept.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "weir/history/json_writer.h"
#include "weir/history/utf8.h"

namespace weir::repositories::sqlite {
namespace {

using history::Content;
using history::Field;

constexpr std::string_view kRowKey = "reference_row";
constexpr std::string_view kMarkKey = "weir_content";

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

std::optional<std::string> from_hex(const std::string& hex) {
  std::string bytes(hex.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned char byte = 0;
    const char* pair = hex.data() + 2 * i;
    if (std::from_chars(pair, pair + 2, byte, 16).ptr != pair + 2) return std::nullopt;
    bytes[i] = static_cast<char>(byte);
  }
  if (hex.size() % 2 != 0) return std::nullopt;
  return bytes;
}

std::string print_real(double value) {
  std::array<char, 40> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

void write_tagged(history::JsonWriter& json, std::string_view tag, const std::string& value) {
  json.begin_object().key(tag).string(value);
  json.end_object();
}

struct ValueWriter {
  history::JsonWriter& json;

  void operator()(std::monostate) const { json.null(); }
  void operator()(std::int64_t value) const { json.integer(value); }
  void operator()(double value) const { write_tagged(json, "real", print_real(value)); }
  void operator()(const std::string& text) const {
    history::is_utf8(text) ? static_cast<void>(json.string(text)) : write_tagged(json, "text", to_hex(text));
  }
  void operator()(const ReferenceBlob& blob) const { write_tagged(json, "blob", to_hex(blob.bytes)); }
};

std::optional<ReferenceValue> read_real(const std::string& text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<ReferenceValue> read_tagged(const nlohmann::json& object) {
  if (object.size() != 1 || !object.front().is_string()) return std::nullopt;
  const std::string& tag = object.begin().key();
  const auto& text = object.front().get_ref<const std::string&>();
  if (tag == "real") return read_real(text);
  const auto bytes = from_hex(text);
  if (!bytes || (tag != "blob" && tag != "text")) return std::nullopt;
  return tag == "blob" ? ReferenceValue(ReferenceBlob{*bytes}) : ReferenceValue(*bytes);
}

std::optional<ReferenceValue> read_value(const nlohmann::json& value) {
  if (value.is_null()) return ReferenceValue();
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) return value.get<std::string>();
  return value.is_object() ? read_tagged(value) : std::nullopt;
}

std::optional<Field> column_named(std::string_view name) {
  for (std::size_t i = 0; i < history::kFieldCount; ++i) {
    if (to_string(static_cast<Field>(i)) == name) return static_cast<Field>(i);
  }
  return std::nullopt;
}

std::optional<KeptColumns> read_columns(std::string_view json) {
  const auto object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object() || object.empty()) return std::nullopt;
  KeptColumns columns;
  for (const auto& [name, value] : object.items()) {
    const auto column = column_named(name);
    if (!column) return std::nullopt;
    columns[*column] = read_value(value);
    if (!columns[*column]) return std::nullopt;
  }
  return columns;
}

struct Member {
  std::string rest;        // the object without it
  std::string_view value;  // its value, if it is the last member; else no JSON
};

/// The last thing in `object` that looks like a member named `key`. A member of something deeper, or one with
/// others behind it, has a value that is no JSON: a bracket or a comma too much. In a string, the quotes of
/// the key would be escaped.
std::optional<Member> last_member(std::string_view object, std::string_view key) {
  std::string name = "\"";
  name.append(key).append("\":");
  const std::size_t begin = object.rfind(name);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t value = begin + name.size();
  const bool is_only = begin == 1;
  return Member{std::string(object.substr(0, is_only ? 1 : begin - 1)) + '}',
                object.substr(value, object.size() - value - 1)};
}

std::string with_member(std::string_view object, std::string_view key, std::string_view value) {
  std::string out(object.substr(0, object.size() - 1));
  if (object.size() > 2) out += ',';
  return out.append("\"").append(key).append("\":").append(value).append("}");
}

}  // namespace

bool KeptColumns::empty() const {
  return std::ranges::none_of(values_, [](const auto& value) { return value.has_value(); });
}

KeptExtra take_kept(std::string_view extra) {
  if (auto member = last_member(extra, kRowKey)) {
    if (auto columns = read_columns(member->value)) return {std::move(member->rest), std::move(*columns)};
  }
  return {std::string(extra), {}};
}

std::string with_kept(std::string_view extra, const KeptColumns& columns) {
  std::string value;
  history::JsonWriter json(value);
  json.begin_object();
  for (std::size_t i = 0; i < history::kFieldCount; ++i) {
    const auto column = static_cast<Field>(i);
    if (!columns[column]) continue;
    json.key(to_string(column));
    std::visit(ValueWriter{json}, *columns[column]);
  }
  json.end_object();
  return with_member(extra, kRowKey, value);
}

MarkedExtra take_mark(std::string_view extra) {
  if (auto member = last_member(extra, kMarkKey)) {
    if (member->value == R"("text")") return {std::move(member->rest), Content::Form::kText};
    if (member->value == R"("parts")") return {std::move(member->rest), Content::Form::kParts};
  }
  return {std::string(extra), std::nullopt};
}

std::string with_mark(std::string_view extra, Content::Form form) {
  return with_member(extra, kMarkKey, form == Content::Form::kText ? R"("text")" : R"("parts")");
}

}  // namespace weir::repositories::sqlite
