#include "weir/history/json_writer.h"

#include <array>
#include <charconv>

#include "weir/history/json_string.h"

namespace weir::history {
namespace {

template <class Number>
std::string_view print(Number value, std::array<char, 24>& buffer) {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(*out_, name);
  *out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  std::array<char, 24> buffer;
  return raw(print(value, buffer));
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  std::array<char, 24> buffer;
  return raw(print(value, buffer));
}

JsonWriter& JsonWriter::real(double value) {
  std::array<char, 24> buffer;  // the longest is -2.2250738585072014e-308
  return raw(print(value, buffer));
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  append_json_string(*out_, value);
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  *out_ += json;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  *out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  *out_ += bracket;
  needs_comma_ = true;
  return *this;
}

}  // namespace weir::history
