#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::history {

/// Appends JSON to a string, token by token and without white space; commas and colons are its own.
///
/// Thread-safety: none. Lifetime: `out` outlives it.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(&out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& null() { return raw("null"); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  JsonWriter& real(double value);              ///< must be finite; as few digits as give it back
  JsonWriter& string(std::string_view value);  ///< `value` must be UTF-8

  /// Appends what is JSON already.
  JsonWriter& raw(std::string_view json);

 private:
  void separate() {
    if (needs_comma_) *out_ += ',';
  }
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);

  std::string* out_;
  bool needs_comma_ = false;
};

}  // namespace weir::history
