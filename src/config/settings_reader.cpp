#include "weir/config/settings_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "weir/config/suggestion.h"

namespace weir::config {
namespace {

constexpr std::string_view kPool = "chat.service.repository.connection_pool.";

/// A place in a file; an argument of the command line is short enough to be found without one.
Position place_of(const Origin& origin, Position at) {
  return origin.outside == Outside::kWarn ? at : Position{};
}

}  // namespace

void SettingsReader::read(const Origin& origin, const Node& root) {
  read_map(origin, "", root);
}

void SettingsReader::read_map(const Origin& origin, std::string_view path, const Node& map) {
  if (map.kind == NodeKind::kNull || map.kind == NodeKind::kUnread) return;
  if (map.kind != NodeKind::kMap) {
    errors_.push_back({origin.source, place_of(origin, map.at), std::string(path),
                       "found " + describe(map) + ", must be a map"});
    return;
  }
  for (const Node& entry : map.children) read_entry(origin, join_key(path, entry.key), entry);
}

void SettingsReader::read_entry(const Origin& origin, const std::string& path, const Node& node) {
  if (const Key* key = find_key(path)) {
    read_value(origin, *key, node);
  } else if (is_group(path)) {
    read_map(origin, path, node);
  } else {
    report_unknown(origin, path, node);
  }
}

void SettingsReader::read_value(const Origin& origin, const Key& key, const Node& node) {
  if (node.kind == NodeKind::kUnread) return;
  const Node* refused = key.take(node, settings_);
  Problem place{origin.source, place_of(origin, refused ? refused->at : node.at), key.path, {}};
  given_.insert_or_assign(key.path, Given{place, refused == nullptr});
  if (!refused) return;
  place.what = "found " + describe(*refused) + ", must be " + key.allowed + hint(*refused);
  errors_.push_back(std::move(place));
}

void SettingsReader::report_unknown(const Origin& origin, const std::string& path, const Node& node) {
  Problem problem{origin.source, place_of(origin, node.key_at), path, {}};
  if (origin.outside == Outside::kRefuse || is_in_section(path)) {
    problem.what = "found an unknown key, must be a known one" + suggestion(path, Nearness::kAny);
    errors_.push_back(std::move(problem));
  } else {
    problem.what = "found an unknown key, which is ignored" + suggestion(path, Nearness::kSlip);
    warnings_.push_back(std::move(problem));
  }
}

void SettingsReader::check_together() {
  check_pool();
}

void SettingsReader::check_pool() {
  const repositories::PoolOptions& pool = settings_.pool;
  if (pool.max_readers + pool.max_writers <= pool.max_connections) return;
  std::vector<const Given*> given;
  for (const std::string_view name : {"max_connections", "max_readers", "max_writers"}) {
    const auto found = given_.find(std::string(kPool).append(name));
    if (found != given_.end()) given.push_back(&found->second);
  }
  // A refused value left its default in place, and that may be what does not fit.
  if (!std::all_of(given.begin(), given.end(), [](const Given* g) { return g->taken; })) return;
  Problem problem = given.front()->place;
  problem.what = "found max_readers " + std::to_string(pool.max_readers) + " and max_writers " +
                 std::to_string(pool.max_writers) + ", must together be at most max_connections, " +
                 std::to_string(pool.max_connections);
  errors_.push_back(std::move(problem));
}

}  // namespace weir::config
