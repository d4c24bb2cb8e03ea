#include "weir/config/rules.h"

#include <limits>
#include <utility>

#include "weir/config/scalar.h"
#include "weir/history/utf8.h"

namespace weir::config {
namespace {

std::optional<double> number_of(const Node& node) {
  return node.kind == NodeKind::kNumber ? read_number(node.text) : std::nullopt;
}

}  // namespace

std::string Whole::allowed() const {
  const bool is_open = most == std::numeric_limits<std::int64_t>::max();
  return "a whole number, " + std::to_string(least) + (is_open ? " or more" : " to " + std::to_string(most));
}

std::optional<std::int64_t> Whole::read(const Node& node) const {
  if (node.kind != NodeKind::kNumber) return std::nullopt;
  const std::optional<std::int64_t> value = read_whole(node.text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

const Node* Duration::take(const Node& node, repositories::Seconds& field) const {
  const std::optional<double> value = number_of(node);
  if (!value || *value <= 0.0) return &node;
  field = repositories::Seconds{*value};
  return nullptr;
}

const Node* Share::take(const Node& node, double& field) const {
  const std::optional<double> value = number_of(node);
  if (!value || *value < 0.0 || *value > 1.0) return &node;
  field = *value;
  return nullptr;
}

const Node* Flag::take(const Node& node, bool& field) const {
  if (node.kind != NodeKind::kBoolean) return &node;
  field = node.text == "true";
  return nullptr;
}

const Node* Text::take(const Node& node, std::string& field) const {
  if (node.kind != NodeKind::kString || !history::is_utf8(node.text) ||
      history::has_control_characters(node.text) || !fits(node.text)) {
    return &node;
  }
  field = node.text;
  return nullptr;
}

const Node* OptionalText::take(const Node& node, std::optional<std::string>& field) const {
  std::string value;
  if (node.kind == NodeKind::kNull) {
    field.reset();
    return nullptr;
  }
  if (text.take(node, value) != nullptr) return &node;
  field = std::move(value);
  return nullptr;
}

const Node* TextList::take(const Node& node, std::vector<std::string>& field) const {
  if (node.kind != NodeKind::kList) return &node;
  std::vector<std::string> values;
  for (const Node& entry : node.children) {
    if (text.take(entry, values.emplace_back()) != nullptr) return &entry;
  }
  field = std::move(values);
  return nullptr;
}

std::string TextList::print(const std::vector<std::string>& field) const {
  std::string list;
  for (const std::string& entry : field) list += (list.empty() ? "" : ", ") + text.print(entry);
  return '[' + list + ']';
}

}  // namespace weir::config
