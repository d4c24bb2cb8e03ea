#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace weir::history {

/// One JSON value, kept as the text it was given in, white space aside.
///
/// Objects keep the order of their members and numbers all their digits, which a parsed tree would lose;
/// nobody pays for a tree who only carries the value from a request to a row and back.
///
/// Thread-safety: as a value.
class JsonText {
 public:
  /// Checks `json` and drops its white space.
  /// Errors: kInvalidArgument naming `field` when it is no JSON, is not UTF-8, or nests deeper than
  /// kMaxJsonDepth.
  static JsonText parse(std::string_view json, std::string_view field = "json");

  /// Text that parse() made once.
  static JsonText stored(std::string text) { return JsonText(std::move(text)); }

  static JsonText empty_object() { return JsonText("{}"); }

  const std::string& text() const noexcept { return text_; }
  bool is_object() const noexcept { return text_.front() == '{'; }
  bool is_array() const noexcept { return text_.front() == '['; }

  /// Whether both say the same: the order of members and the spelling of numbers and strings do not count.
  friend bool operator==(const JsonText& a, const JsonText& b);

 private:
  explicit JsonText(std::string text) : text_(std::move(text)) {}

  std::string text_;  // never empty
};

/// How deep arrays and objects may nest in what weir reads.
inline constexpr int kMaxJsonDepth = 64;

}  // namespace weir::history
