#include "weir/service/url.h"

#include "weir/service/problem.h"

namespace weir::service {
namespace {

/// What a plus sign stands for: itself in a path, a space in a query, as forms send it.
enum class Plus { kPlus, kSpace };

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char read_escape(std::string_view after_percent) {
  const int high = after_percent.size() < 2 ? -1 : hex_digit(after_percent[0]);
  const int low = after_percent.size() < 2 ? -1 : hex_digit(after_percent[1]);
  if (high < 0 || low < 0)
    throw bad_request("target", "a percent sign must begin an escape of two hex digits");
  return static_cast<char>(high * 16 + low);
}

std::string decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += read_escape(text.substr(i + 1));
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::kSpace ? ' ' : text[i];
    }
  }
  return out;
}

/// Calls `take` with each piece of `text` between separators.
template <class Take>
void split(std::string_view text, char separator, Take take) {
  for (;;) {
    const auto end = text.find(separator);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void add_parameter(Query& query, std::string_view pair) {
  if (pair.empty()) return;
  const auto equals = pair.find('=');
  const std::string name = decode(pair.substr(0, equals), Plus::kSpace);
  const std::string value =
      equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1), Plus::kSpace);
  if (!query.emplace(name, value).second) throw bad_request(shown(name, "query"), "must be given once");
}

}  // namespace

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

Url parse_url(std::string_view target) {
  const std::string_view path = path_of(target);
  if (!path.starts_with('/')) throw bad_request("target", "must be a path that begins with a slash");
  Url url;
  split(path.substr(1), '/',
        [&url](std::string_view part) { url.segments.push_back(decode(part, Plus::kPlus)); });
  if (path.size() < target.size()) {
    split(target.substr(path.size() + 1), '&',
          [&url](std::string_view pair) { add_parameter(url.query, pair); });
  }
  return url;
}

}  // namespace weir::service
