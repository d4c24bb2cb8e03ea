#include "weir/config/yaml_parser.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>
#include <utility>

#include "weir/config/places.h"
#include "weir/config/scalar.h"
#include "weir/config/text_check.h"

namespace weir::config {
namespace {

/// Thrown out of the parser when reading on makes no sense; the problem is reported already.
struct Stop {};

/// Builds the tree from the parser's events.
///
/// `open_` are the maps and lists not yet closed, outermost first. In a map, what comes is by turns a key and
/// its value.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view source, const Places& places, std::vector<Problem>& problems)
      : source_(source), places_(places), problems_(problems) {}

  /// The tree, or what there is of it.
  std::optional<Node> finish() {
    while (!open_.empty()) close();
    return std::move(root_);
  }

  /// Of the value that is being read.
  std::string path() const {
    std::string path;
    for (const Frame& frame : open_) {
      if (frame.key) path = join_key(path, frame.key->text);
    }
    return path;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    report(mark, "found a second document, must be one only");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Node node{NodeKind::kNull, at(mark)};
    // For a value left out the parser gives the place of whatever comes next.
    if (!open_.empty() && open_.back().key) node.at = open_.back().key->at;
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report(mark, "found an alias, must be written out");
    add({NodeKind::kUnread, at(mark)});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    add({scalar_kind(tag, value), at(mark), value});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(NodeKind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(NodeKind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    bool is_tagged;
    std::optional<Node> key{};               // read, its value is not
    std::map<std::string, Position> seen{};  // keys of this map
  };

  static bool is_name(const Node& key) {
    return key.kind == NodeKind::kString || key.kind == NodeKind::kNumber || key.kind == NodeKind::kBoolean;
  }

  static NodeKind scalar_kind(const std::string& tag, const std::string& text) {
    if (is_tagged(tag)) return NodeKind::kTagged;
    if (tag != "?") return NodeKind::kString;  // in quotes
    switch (classify(text)) {
      case ScalarKind::kNumber:
        return NodeKind::kNumber;
      case ScalarKind::kBoolean:
        return NodeKind::kBoolean;
      case ScalarKind::kString:
        break;
    }
    return NodeKind::kString;
  }

  Position at(const YAML::Mark& mark) const { return places_.position({mark.line, mark.column}); }

  void report(const YAML::Mark& mark, std::string what) {
    problems_.push_back({std::string(source_), at(mark), path(), std::move(what)});
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) report(mark, "found an anchor, must be written without one");
  }

  static bool is_tagged(const std::string& tag) { return !tag.empty() && tag != "?" && tag != "!"; }

  void open(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    if (open_.size() == kMostYamlDepth) {
      report(mark, "found maps and lists nested deeper than " + std::to_string(kMostYamlDepth) +
                       ", must be less deep");
      throw Stop{};
    }
    open_.push_back({Node{kind, at(mark)}, is_tagged(tag)});
  }

  void close() {
    Node node = std::move(open_.back().node);
    if (open_.back().is_tagged) node.kind = NodeKind::kTagged;
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (Frame& frame = open_.back(); frame.node.kind == NodeKind::kList) {
      frame.node.children.push_back(std::move(node));
    } else if (frame.key) {
      give_value(frame, std::move(node));
    } else {
      take_key(frame, std::move(node));
    }
  }

  static void give_value(Frame& map, Node value) {
    const Node key = std::move(*std::exchange(map.key, std::nullopt));
    if (!is_name(key)) return;
    value.key = key.text;
    value.key_at = key.at;
    map.node.children.push_back(std::move(value));
  }

  void take_key(Frame& frame, Node key) {
    if (is_name(key)) {
      const auto [first, is_new] = frame.seen.emplace(key.text, key.at);
      if (!is_new) report_second(key, first->second);
    } else if (key.kind != NodeKind::kUnread) {
      problems_.push_back(
          {std::string(source_), key.at, path(), "found " + describe(key) + " as a key, must be a string"});
    }
    frame.key = std::move(key);
  }

  void report_second(const Node& key, Position first) {
    problems_.push_back(
        {std::string(source_), key.at, join_key(path(), key.text),
         "found a second time, must be given once (line " + std::to_string(first.line) + " has it)"});
  }

  const std::string_view source_;
  const Places& places_;
  std::vector<Problem>& problems_;
  std::vector<Frame> open_;
  std::optional<Node> root_;
  int documents_ = 0;
};

std::string describe_broken(const YAML::Exception& error, const Places& places, Position at) {
  const bool has_tab = places.is_indented_with_tab(at);
  return "found broken YAML, must be well-formed: " + error.msg +
         (has_tab ? " (lines are indented with spaces, not tabs)" : "");
}

}  // namespace

std::optional<Node> parse_yaml(const YamlText& yaml, std::vector<Problem>& problems) {
  const std::string_view text = without_byte_order_mark(yaml.text);
  if (auto unfit = find_unfit(text)) {
    problems.push_back({std::string(yaml.source), unfit->at, {}, std::move(unfit->what)});
    return std::nullopt;
  }
  const Places places(text);
  TreeBuilder tree(yaml.source, places, problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const Stop&) {
  } catch (const YAML::Exception& error) {
    const Position at = places.position({error.mark.line, error.mark.column});
    problems.push_back({std::string(yaml.source), at, tree.path(), describe_broken(error, places, at)});
  }
  return tree.finish();
}

}  // namespace weir::config
