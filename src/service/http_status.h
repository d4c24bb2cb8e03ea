#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace weir::service {

struct HttpStatus {
  unsigned code;
  std::string_view digits;
  std::string_view words;  ///< of HTTP, for it
};

/// Every status that is answered: a closed set, for it labels metrics.
inline constexpr std::array kHttpStatuses = {
    HttpStatus{101, "101", "Switching Protocols"},
    HttpStatus{200, "200", "OK"},
    HttpStatus{201, "201", "Created"},
    HttpStatus{204, "204", "No Content"},
    HttpStatus{304, "304", "Not Modified"},
    HttpStatus{400, "400", "Bad Request"},
    HttpStatus{401, "401", "Unauthorized"},
    HttpStatus{403, "403", "Forbidden"},
    HttpStatus{404, "404", "Not Found"},
    HttpStatus{405, "405", "Method Not Allowed"},
    HttpStatus{408, "408", "Request Timeout"},
    HttpStatus{409, "409", "Conflict"},
    HttpStatus{412, "412", "Precondition Failed"},
    HttpStatus{413, "413", "Content Too Large"},
    HttpStatus{415, "415", "Unsupported Media Type"},
    HttpStatus{421, "421", "Misdirected Request"},
    HttpStatus{422, "422", "Unprocessable Content"},
    HttpStatus{426, "426", "Upgrade Required"},
    HttpStatus{431, "431", "Request Header Fields Too Large"},
    HttpStatus{500, "500", "Internal Server Error"},
    HttpStatus{503, "503", "Service Unavailable"},
    HttpStatus{507, "507", "Insufficient Storage"},
};

inline constexpr auto kHttpStatusDigits = [] {
  std::array<std::string_view, kHttpStatuses.size()> digits;
  for (std::size_t i = 0; i < digits.size(); ++i) digits[i] = kHttpStatuses[i].digits;
  return digits;
}();

/// Where a status stands in kHttpStatuses; one that is not there is taken for 500.
constexpr std::size_t index_of_status(unsigned status) {
  std::size_t of_500 = 0;
  for (std::size_t i = 0; i < kHttpStatuses.size(); ++i) {
    if (kHttpStatuses[i].code == status) return i;
    if (kHttpStatuses[i].code == 500) of_500 = i;
  }
  return of_500;
}

}  // namespace weir::service
