#include <array>

#include "fuzz/targets.h"
#include "weir/history/error.h"
#include "weir/service/parameters.h"
#include "weir/service/problem.h"
#include "weir/service/router.h"
#include "weir/service/url.h"

namespace weir::fuzz {
namespace {

service::Response nothing(const service::Request&, const service::PathArguments&) {
  return service::no_content();
}

const service::Router& router() {
  static const service::Router router({{.method = "GET",
                                        .path = "/v1/conversations/{cid}/events/{id}",
                                        .lane = service::Lane::kRead,
                                        .handler = nothing},
                                       {.method = "GET",
                                        .path = "/v1/search",
                                        .lane = service::Lane::kRead,
                                        .handler = nothing,
                                        .parameters = {"q", "limit"}}});
  return router;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string all;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    all.append({'%', kDigits[byte / 16], kDigits[byte % 16]});
  }
  return all;
}

/// The same target with every byte of it escaped.
std::string spelled_out(const service::Url& url) {
  std::string target;
  for (const std::string& segment : url.segments) target.append("/").append(encoded(segment));
  char sign = '?';
  for (const auto& [name, value] : url.query) {
    target.append(1, sign).append(encoded(name)).append("=").append(encoded(value));
    sign = '&';
  }
  return target;
}

void read(std::string_view target) {
  const service::Url url = service::parse_url(target);
  const service::Url again = service::parse_url(spelled_out(url));
  require(again.segments == url.segments && again.query == url.query, "what is decoded can be written again");
  service::text(url.query, "q");
  service::number(url.query, {"limit", 1, 10});
}

}  // namespace

void try_url(std::string_view bytes) {
  const std::array<std::string_view, 2> methods = {"GET", "POST"};
  try {
    read(bytes);
  } catch (const service::Refusal& refusal) {
    require(refusal.problem().status == 400, "a wrong target is a wrong request");
  }
  for (const std::string_view method : methods) {
    try {
      router().match({.method = std::string(method), .target = std::string(bytes), .headers = {}});
    } catch (const service::Refusal& refusal) {
      require(refusal.problem().status < 500, "what is asked for is the caller's fault");
    }
  }
}

}  // namespace weir::fuzz
