#include "weir/config/yaml_parser.h"

#include <doctest/doctest.h>

#include "config/loading.h"

using weir::config::Node;
using weir::config::NodeKind;
using weir::config::parse_yaml;
using weir::config::Position;
using weir::config::Problem;
using weir::testing::printed;

namespace {

struct Parsed {
  std::optional<Node> root;
  std::vector<std::string> problems;
};

Parsed parse(std::string_view text) {
  std::vector<Problem> problems;
  auto root = parse_yaml({"t", text}, problems);
  return {std::move(root), printed(problems)};
}

using Lines = std::vector<std::string>;

std::string nested_lists(std::size_t depth) {
  return "a: " + std::string(depth - 1, '[') + std::string(depth - 1, ']');
}

}  // namespace

TEST_CASE("yaml: a tree keeps kinds, texts and places") {
  const auto [root, problems] = parse("a: [1, x]\nb:\n  c: \"1\"\n  d: true\ne:\n");
  REQUIRE(root);
  CHECK(problems.empty());
  REQUIRE(root->children.size() == 3);
  const Node& list = root->children[0];
  CHECK(list.kind == NodeKind::kList);
  CHECK(list.children[0].kind == NodeKind::kNumber);
  CHECK(list.children[1].at == Position{1, 8});
  const Node& map = root->children[1];
  CHECK(map.children[0].kind == NodeKind::kString);
  CHECK(map.children[0].key_at == Position{3, 3});
  CHECK(map.children[1].kind == NodeKind::kBoolean);
  CHECK(root->children[2].kind == NodeKind::kNull);
  CHECK(root->children[2].at == Position{5, 1});
}

TEST_CASE("yaml: a text without a document has no tree, and nothing is wrong with it") {
  for (const std::string_view text : {"", "\n\n", "# only a comment\n", "\xEF\xBB\xBF"}) {
    CAPTURE(text);
    const auto [root, problems] = parse(text);
    CHECK_FALSE(root);
    CHECK(problems.empty());
  }
}

TEST_CASE("yaml: every anchor and alias is refused, also a list that holds itself") {
  CHECK(parse("a: &x 1\nb: *x\n").problems == Lines{"t:1:4: a: found an anchor, must be written without one",
                                                    "t:2:4: b: found an alias, must be written out"});
  CHECK(parse("a: &x [*x]\n").problems == Lines{"t:1:4: a: found an anchor, must be written without one",
                                                "t:1:8: a: found an alias, must be written out"});
  CHECK(parse("&k a: 1").problems.size() == 1);
  CHECK(parse("a: &n\n").problems.size() == 1);
}

TEST_CASE("yaml: a key given twice is named with both places, however it is quoted") {
  CHECK(parse("a:\n  b: 1\n  \"b\": 2\n").problems ==
        Lines{"t:3:3: a.b: found a second time, must be given once (line 2 has it)"});
  CHECK(parse("a: {b: 1}\nc: {b: 1}\n").problems.empty());
}

TEST_CASE("yaml: a second document is refused, an empty one too") {
  CHECK(parse("a: 1\n---\nb: 2\n").problems == Lines{"t:2:1: found a second document, must be one only"});
  CHECK(parse("a: 1\n---\n").problems.size() == 1);
  CHECK(parse("[a] b").problems.size() == 1);
  CHECK(parse("%YAML 1.2\n---\na: 1\n...\n").problems.empty());
}

TEST_CASE("yaml: keys are strings") {
  CHECK(parse("? [a]\n: b\n").problems == Lines{"t:1:3: found list as a key, must be a string"});
  CHECK(parse("? {a: b}\n: c\n").problems.size() == 1);
  CHECK(parse("~: a\n").problems.size() == 1);
}

TEST_CASE("yaml: 32 levels are read, one more is refused") {
  CHECK(parse(nested_lists(32)).problems.empty());
  CHECK(parse(nested_lists(33)).problems ==
        Lines{"t:1:35: a: found maps and lists nested deeper than 32, must be less deep"});
}

TEST_CASE("yaml: deep, wide and self-referring texts of 64 KiB end in a problem, not in a crash") {
  for (const std::string_view unit :
       {"[", "{", "[\n", "- ", "? ", "{a: ", "[? ", "! ", "&a ", "*a ", "\"", ":", "[, "}) {
    CAPTURE(unit);
    std::string text;
    while (text.size() < 65'000) text += unit;
    CHECK_FALSE(parse(text).problems.empty());
  }
}

TEST_CASE("yaml: broken syntax is placed, and what was read before it is kept") {
  const auto [root, problems] = parse("a: 1\nb: [x\nc: 2\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().find("t:3:") == 0);
  CHECK(problems.front().find("found broken YAML, must be well-formed") != std::string::npos);
  REQUIRE(root);
  CHECK(root->children.front().text == "1");
}

TEST_CASE("yaml: indentation with tabs is named as such") {
  const auto problems = parse("a:\n  b: 1\n\tc: 2\n").problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().find("t:3:1: ") == 0);
  CHECK(problems.front().find("with spaces, not tabs") != std::string::npos);
}

TEST_CASE("yaml: U+0004, which the parser takes for the end, does not hide the rest") {
  CHECK(parse("a: 1\n\x04").problems == Lines{"t:2:1: found a control character, must be text without them"});
  CHECK(parse("a: \"\xFF\"").problems == Lines{"t:1:5: found bytes that are not UTF-8, must be UTF-8"});
}

TEST_CASE("yaml: a value with a tag is no string and no map") {
  const auto [root, problems] = parse("a: !!str x\nb: !m {c: d}\nc: ! x\n");
  CHECK(problems.empty());
  REQUIRE(root);
  CHECK(root->children[0].kind == NodeKind::kTagged);
  CHECK(root->children[1].kind == NodeKind::kTagged);
  CHECK(root->children[2].kind == NodeKind::kString);
}
