#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/config/node.h"
#include "weir/config/yaml_text.h"
#include "weir/repositories/clock.h"

/// What a value may be. Every rule says so in words (`allowed`, to follow "must be"), takes a node into a
/// field
/// (`take`: answers the node that is not allowed, and then leaves the field alone; nullptr when it took it)
/// and writes a field as YAML (`print`), so that what it printed is taken back as the same value.
namespace weir::config {

struct Whole {
  std::int64_t least;
  std::int64_t most;

  std::string allowed() const;
  std::optional<std::int64_t> read(const Node& node) const;

  template <std::integral Field>
  const Node* take(const Node& node, Field& field) const {
    const std::optional<std::int64_t> value = read(node);
    if (!value) return &node;
    field = static_cast<Field>(*value);
    return nullptr;
  }

  template <std::integral Field>
  std::string print(const Field& field) const {
    return std::to_string(field);
  }
};

/// A length of time above 0.
struct Duration {
  std::string allowed() const { return "a finite number of seconds above 0"; }
  const Node* take(const Node& node, repositories::Seconds& field) const;
  std::string print(const repositories::Seconds& field) const { return yaml_number(field.count()); }
};

/// A part of a whole.
struct Share {
  std::string allowed() const { return "a number from 0 to 1"; }
  const Node* take(const Node& node, double& field) const;
  std::string print(const double& field) const { return yaml_number(field); }
};

struct Flag {
  std::string allowed() const { return "true or false, without quotes (yes, no, on and off are strings)"; }
  const Node* take(const Node& node, bool& field) const;
  std::string print(const bool& field) const { return field ? "true" : "false"; }
};

/// A string that `fits`; never with control characters.
struct Text {
  std::string_view what;  ///< in words
  bool (*fits)(std::string_view);

  std::string allowed() const { return std::string(what); }
  const Node* take(const Node& node, std::string& field) const;
  std::string print(const std::string& field) const { return yaml_string(field); }
};

/// A string, or null.
struct OptionalText {
  Text text;

  std::string allowed() const { return text.allowed() + ", or null"; }
  const Node* take(const Node& node, std::optional<std::string>& field) const;
  std::string print(const std::optional<std::string>& field) const {
    return field ? text.print(*field) : "null";
  }
};

struct TextList {
  Text text;

  std::string allowed() const { return "a list, each entry " + text.allowed(); }
  const Node* take(const Node& node, std::vector<std::string>& field) const;
  std::string print(const std::vector<std::string>& field) const;
};

/// One of some words, each of which stands for a value.
template <class Value>
struct Words {
  struct Word {
    std::string_view text;
    Value value;
  };
  std::vector<Word> words;

  std::string allowed() const {
    std::string text;
    for (const Word& word : words) {
      if (!text.empty()) text += &word == &words.back() ? " or " : ", ";
      text += word.text;
    }
    return text;
  }

  const Node* take(const Node& node, Value& field) const {
    for (const Word& word : words) {
      if (node.kind != NodeKind::kString || node.text != word.text) continue;
      field = word.value;
      return nullptr;
    }
    return &node;
  }

  std::string print(const Value& field) const {
    for (const Word& word : words) {
      if (word.value == field) return std::string(word.text);
    }
    return "null";  // no value of the field: refused when it is read back
  }
};

}  // namespace weir::config
