#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "weir/history/error.h"
#include "weir/history/json_text.h"
#include "weir/history/json_writer.h"

namespace weir::history {

/// Prints the tokens a parser reports, so that a value is kept as text without white space. The base of every
/// reader of JSON here: it bounds the depth and turns what is no JSON into an Error that quotes nothing.
///
/// Thread-safety: none.
class JsonSax : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit JsonSax(std::string_view field) : field_(field) {}

  bool null() override {
    writer_.null();
    return true;
  }
  bool boolean(bool value) override {
    writer_.boolean(value);
    return true;
  }
  bool number_integer(number_integer_t value) override {
    writer_.integer(value);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    writer_.unsigned_integer(value);
    return true;
  }
  /// `spelled` keeps the digits that a double would lose.
  bool number_float(number_float_t, const string_t& spelled) override {
    writer_.raw(spelled);
    return true;
  }
  bool string(string_t& value) override {
    writer_.string(value);
    return true;
  }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& name) override {
    writer_.key(name);
    return true;
  }
  bool start_object(std::size_t) override {
    descend();
    writer_.begin_object();
    return true;
  }
  bool end_object() override {
    --depth_;
    writer_.end_object();
    return true;
  }
  bool start_array(std::size_t) override {
    descend();
    writer_.begin_array();
    return true;
  }
  bool end_array() override {
    --depth_;
    writer_.end_array();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    constexpr int kNumberOutOfRange = 406;
    throw invalid(field_, (error.id == kNumberOutOfRange ? "holds a number out of range at byte "
                                                         : "is not valid JSON at byte ") +
                              std::to_string(position));
  }

 protected:
  int depth() const { return depth_; }

  /// What was printed since the last call.
  std::string take_text() {
    std::string taken = std::move(text_);
    text_.clear();
    writer_ = JsonWriter(text_);
    return taken;
  }

 private:
  void descend() {
    if (++depth_ > kMaxJsonDepth) {
      throw invalid(field_, "nests deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    }
  }

  std::string_view field_;
  int depth_ = 0;
  std::string text_;
  JsonWriter writer_{text_};
};

}  // namespace weir::history
