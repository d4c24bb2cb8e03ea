#include "weir/config/node.h"

#include <cstddef>

#include "weir/config/scalar.h"
#include "weir/config/yaml_text.h"
#include "weir/history/utf8.h"

namespace weir::config {
namespace {

constexpr std::size_t kShownCharacters = 40;

std::string clip(std::string_view text) {
  const std::string_view shown = history::first_characters(text, kShownCharacters);
  return std::string(shown) + (shown.size() < text.size() ? "..." : "");
}

}  // namespace

std::string describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::kMap:
      return "map";
    case NodeKind::kList:
      return "list";
    case NodeKind::kString:
      return "string " + yaml_quoted(clip(node.text));
    case NodeKind::kNumber:
      return "number " + clip(node.text);
    case NodeKind::kBoolean:
      return "boolean " + node.text;
    case NodeKind::kNull:
      return "nothing";
    case NodeKind::kTagged:
      return "value with a tag";
    case NodeKind::kUnread:
      break;
  }
  return "alias";
}

std::string hint(const Node& node) {
  if (node.kind == NodeKind::kNumber && !is_spelled_plainly(node.text)) {
    return " (numbers are written as 8, 0.5 or 1e3, without plus, leading zeros or other bases)";
  }
  if (node.kind == NodeKind::kString && classify(node.text) != ScalarKind::kString)
    return " (in quotes it is a string)";
  return "";
}

std::string join_key(std::string_view path, std::string_view key) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  const bool is_plain = !key.empty() && key.find_first_not_of(kPlain) == std::string_view::npos;
  const std::string shown = is_plain ? std::string(key) : yaml_quoted(clip(key));
  return path.empty() ? shown : std::string(path) + '.' + shown;
}

}  // namespace weir::config
