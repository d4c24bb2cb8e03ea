#include "weir/service/entity_tag.h"

#include <algorithm>
#include <charconv>

#include "weir/service/problem.h"

namespace weir::service {
namespace {

constexpr std::string_view kBlank = " \t";

bool contains(const std::vector<std::int64_t>& versions, std::int64_t version) {
  return std::ranges::find(versions, version) != versions.end();
}

/// The version that a tag names; tags are compared as text, so `"03"` is not `"3"`.
std::optional<std::int64_t> version_of(std::string_view opaque) {
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(opaque.data(), opaque.data() + opaque.size(), version);
  if (error != std::errc{} || std::to_string(version) != opaque) return std::nullopt;
  return version;
}

bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != '"' && byte != 0x7F;
}

/// Takes entity tags from the front of a list (RFC 9110, 8.8.3 and 5.6.1).
class TagReader {
 public:
  TagReader(std::string_view list, std::string_view header) : rest_(list), header_(header) {}

  TagList read() {
    TagList tags;
    skip(",");
    if (rest_.empty()) refuse();
    while (!rest_.empty()) {
      read_tag(tags);
      skip("");
      if (!rest_.empty() && rest_.front() != ',') refuse();
      skip(",");
    }
    return tags;
  }

 private:
  void read_tag(TagList& tags) {
    const bool is_weak = rest_.starts_with("W/");
    if (is_weak) rest_.remove_prefix(2);
    if (!rest_.starts_with('"')) refuse();
    rest_.remove_prefix(1);
    const std::size_t size = rest_.find('"');
    if (size == rest_.npos) refuse();
    const std::string_view opaque = rest_.substr(0, size);
    if (!std::ranges::all_of(opaque, is_tag_character)) refuse();
    rest_.remove_prefix(size + 1);
    const auto version = version_of(opaque);
    if (version) (is_weak ? tags.weak : tags.versions).push_back(*version);
  }

  /// Passes over blanks, and the characters of `others`.
  void skip(std::string_view others) {
    const auto is_skipped = [&](char c) {
      return kBlank.find(c) != kBlank.npos || others.find(c) != others.npos;
    };
    while (!rest_.empty() && is_skipped(rest_.front())) rest_.remove_prefix(1);
  }

  [[noreturn]] void refuse() const { throw bad_request(header_, "must be * or a list of entity tags"); }

  std::string_view rest_;
  std::string_view header_;
};

}  // namespace

std::string entity_tag(std::int64_t version) {
  return '"' + std::to_string(version) + '"';
}

bool TagList::has_strong(std::int64_t version) const {
  return is_any || contains(versions, version);
}

bool TagList::has(std::int64_t version) const {
  return has_strong(version) || contains(weak, version);
}

std::optional<TagList> listed_tags(const RequestHead& head, std::string_view header) {
  const auto values = header_values(head, header);
  if (values.empty()) return std::nullopt;
  std::string list;
  for (const std::string_view value : values) list.append(list.empty() ? "" : ",").append(value);
  if (trimmed(list) == "*") return TagList{.is_any = true};
  return TagReader(list, header).read();
}

}  // namespace weir::service
