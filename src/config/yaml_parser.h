#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/config/node.h"
#include "weir/config/problem.h"

namespace weir::config {

struct YamlText {
  std::string_view source;  ///< what problems name as their source
  std::string_view text;
};

/// How deep maps and lists may nest.
inline constexpr std::size_t kMostYamlDepth = 32;

/// The text's one document as a tree, all that was read of it when it breaks off; absent for a text without a
/// document. Problems are added for what no configuration may hold: broken syntax, duplicate keys, anchors,
/// aliases, tags, keys that are not strings, a second document, more depth than allowed, control characters,
/// and bytes that are not UTF-8.
///
/// The parser's events are judged as they come, before a tree is built: an alias is never followed.
std::optional<Node> parse_yaml(const YamlText& yaml, std::vector<Problem>& problems);

}  // namespace weir::config
