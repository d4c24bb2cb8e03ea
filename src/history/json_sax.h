#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "weir/history/error.h"
#include "weir/history/json_text.h"
#include "weir/history/json_writer.h"

namespace weir::history {

/// Has `sax` hear all of `json`; the one way to the parser for text that a caller gave. The parser takes a
/// NUL for the end of its input and would pass over what follows it.
template <class Sax>
void parse_with(Sax& sax, std::string_view json) {
  const std::size_t nul = json.find('\0');
  if (nul != std::string_view::npos) sax.refuse_syntax(nul + 1);
  nlohmann::json::sax_parse(json, &sax);
}

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
    if (error.id != kNumberOutOfRange) refuse_syntax(position);
    throw invalid(field_, "holds a number out of range at byte " + std::to_string(position));
  }

  /// Throws the Error of what is no JSON from byte `position` on, counted from 1.
  [[noreturn]] void refuse_syntax(std::size_t position) const {
    throw invalid(field_, "is not valid JSON at byte " + std::to_string(position));
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
