#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/config/problem.h"

namespace weir::config {

/// kTagged: whatever has an explicit tag; no option takes one. kUnread stands for what was reported while
/// parsing (an alias), so that it is not reported twice.
enum class NodeKind { kMap, kList, kString, kNumber, kBoolean, kNull, kTagged, kUnread };

/// One value of a YAML document, with its place; nothing of it interpreted yet.
struct Node {
  NodeKind kind = NodeKind::kNull;
  Position at{};
  std::string text{};            ///< of a scalar, as written
  std::string key{};             ///< in a map: the key it stands under
  Position key_at{};             ///< where that key stands
  std::vector<Node> children{};  ///< of a map or a list, in order; equal keys are all kept
};

/// What stands there, in words: `string "eight"`, `number 010`, `map`.
std::string describe(const Node& node);

/// The path of a key inside `path`, for display and for looking it up; a key that is no plain name is quoted
/// in it, so that `"server.listen"` on the left of a colon is not taken for two keys.
std::string join_key(std::string_view path, std::string_view key);

/// How to write what was probably meant, ready to follow a sentence; empty when there is nothing to say.
std::string hint(const Node& node);

}  // namespace weir::config
