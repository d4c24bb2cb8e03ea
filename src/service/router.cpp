#include "weir/service/router.h"

#include <algorithm>
#include <optional>
#include <set>

#include "weir/service/problem.h"
#include "weir/service/url.h"

namespace weir::service {
namespace {

bool is_placeholder(std::string_view segment) {
  return segment.starts_with('{');
}

std::optional<PathArguments> match_path(const std::vector<std::string>& pattern,
                                        const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return std::nullopt;
  PathArguments arguments;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_placeholder(pattern[i])) {
      arguments.push_back(segments[i]);
    } else if (pattern[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return arguments;
}

void check_parameters(const Query& query, const Route& route) {
  for (const auto& [name, value] : query) {
    if (std::find(route.parameters.begin(), route.parameters.end(), name) == route.parameters.end()) {
      throw bad_request(shown(name, "query"), "is not a parameter of this call");
    }
  }
}

std::string joined(const std::set<std::string_view>& methods) {
  std::string out;
  for (const std::string_view method : methods) out.append(out.empty() ? "" : ", ").append(method);
  return out;
}

Refusal no_route(std::set<std::string_view> methods) {
  if (methods.empty()) return Refusal({.status = 404, .detail = "there is nothing at this path"});
  if (methods.contains("GET")) methods.insert("HEAD");
  const std::string allowed = joined(methods);
  return Refusal({.status = 405, .detail = "this path allows " + allowed, .headers = {{"Allow", allowed}}});
}

}  // namespace

Router::Router(std::vector<Route> routes) {
  for (Route& route : routes) {
    std::vector<std::string> segments = parse_url(route.path).segments;
    entries_.push_back({std::move(route), std::move(segments)});
  }
  const auto placeholders = [](const Entry& entry) {
    return std::count_if(entry.segments.begin(), entry.segments.end(), is_placeholder);
  };
  std::stable_sort(entries_.begin(), entries_.end(),
                   [&](const Entry& a, const Entry& b) { return placeholders(a) < placeholders(b); });
}

Match Router::match(const RequestHead& head) const {
  Url url = parse_url(head.target);
  const std::string_view method = head.method == "HEAD" ? "GET" : std::string_view(head.method);
  std::set<std::string_view> methods;
  for (const Entry& entry : entries_) {
    std::optional<PathArguments> arguments = match_path(entry.segments, url.segments);
    if (!arguments) continue;
    if (entry.route.method != method) {
      methods.insert(entry.route.method);
      continue;
    }
    check_parameters(url.query, entry.route);
    return {&entry.route, std::move(*arguments), std::move(url.query)};
  }
  throw no_route(std::move(methods));
}

}  // namespace weir::service
