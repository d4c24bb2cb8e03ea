#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/service/http_message.h"

namespace weir::service {

/// What ETag says of a version, as `"3"`.
std::string entity_tag(std::int64_t version);

/// The tags that If-Match or If-None-Match lists. A tag that names no version of ours is left out: it matches
/// nothing.
struct TagList {
  bool is_any = false;                   ///< `*`: whatever there is
  std::vector<std::int64_t> versions{};  ///< of strong tags
  std::vector<std::int64_t> weak{};      ///< of tags with `W/`, which If-Match never takes for the same

  bool has_strong(std::int64_t version) const;
  bool has(std::int64_t version) const;
};

/// What `header` lists, over all its lines; absent when it is not given.
/// Errors: Refusal 400 naming the header, for what is neither `*` alone nor a list of entity tags.
std::optional<TagList> listed_tags(const RequestHead& head, std::string_view header);

}  // namespace weir::service
