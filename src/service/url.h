#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/service/http_message.h"

namespace weir::service {

/// A request target in its parts, decoded.
struct Url {
  std::vector<std::string> segments;  ///< between the slashes of the path; a slash sent as %2F is part of one
  Query query;
};

/// Reads a target of the form `/path?query`.
/// Errors: Refusal 400 for another form, a wrong percent escape or a repeated parameter, which it names.
Url parse_url(std::string_view target);

/// The path alone, as it was sent.
std::string_view path_of(std::string_view target);

}  // namespace weir::service
