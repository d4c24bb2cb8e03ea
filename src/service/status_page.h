#pragma once

#include <string_view>

namespace weir::service {

/// What `GET /` answers with, as compiled in, and what lets its script and its style run.
struct StatusPage {
  std::string_view html;
  std::string_view script_hash;  ///< as Content-Security-Policy names it: `sha256-` and base64
  std::string_view style_hash;
};

extern const StatusPage kStatusPage;

}  // namespace weir::service
