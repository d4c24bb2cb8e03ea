#include "weir/service/http_message.h"

#include <algorithm>

#include "weir/service/http_status.h"

namespace weir::service {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void append_header(std::string& out, const Header& header) {
  out.append(header.name).append(": ").append(header.value).append("\r\n");
}

constexpr unsigned kNoContent = 204;

}  // namespace

Response no_content() {
  return Response{.status = kNoContent, .content_type = {}};
}

std::vector<std::string_view> header_values(const RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const Header& header : head.headers) {
    if (equal_ignoring_case(header.name, name)) values.emplace_back(header.value);
  }
  return values;
}

std::string_view reason_phrase(unsigned status) {
  return kHttpStatuses[index_of_status(status)].words;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string head_of(const Response& response, Afterwards afterwards) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out.append(reason_phrase(response.status)).append("\r\n");
  if (!response.content_type.empty()) {
    append_header(out, {"Content-Type", response.content_type});
    append_header(out, {"Content-Length", std::to_string(response.body.size())});
  }
  append_header(out, {"X-Content-Type-Options", "nosniff"});
  append_header(out, {"Cache-Control", "no-store"});
  for (const Header& header : response.headers) append_header(out, header);
  if (afterwards == Afterwards::kClose) append_header(out, {"Connection", "close"});
  return out.append("\r\n");
}

}  // namespace weir::service
