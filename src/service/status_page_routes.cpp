#include "weir/service/guard.h"
#include "weir/service/routes.h"
#include "weir/service/status_page.h"

namespace weir::service {
namespace {

/// Nothing runs but the page's own script, nothing is asked but this service, nobody puts it into a frame,
/// and no text ever becomes markup.
std::string content_security_policy() {
  std::string policy = "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; ";
  policy.append("form-action 'none'; frame-ancestors 'none'; ");
  policy.append("script-src '").append(kStatusPage.script_hash).append("'; ");
  policy.append("style-src '").append(kStatusPage.style_hash).append("'; ");
  return policy.append("require-trusted-types-for 'script'; trusted-types 'none'");
}

/// The page holds no figures: it asks for them, with the token that is typed into it. So whoever lacks the
/// token is refused, as everywhere, but with the page.
Response get_status_page(Caller caller) {
  Response response{
      .content_type = "text/html; charset=utf-8",
      .headers = {{"Content-Security-Policy", content_security_policy()}, {"Referrer-Policy", "no-referrer"}},
      .body = std::string(kStatusPage.html)};
  if (caller == Caller::kTrusted) return response;
  response.status = 401;
  response.headers.push_back({"WWW-Authenticate", std::string(kTokenChallenge)});
  return response;
}

}  // namespace

std::vector<Route> status_page_routes() {
  return {{.method = "GET",
           .path = "/",
           .lane = Lane::kInline,
           .handler = [](const Request& request, const PathArguments&) {
             return get_status_page(request.caller);
           }}};
}

}  // namespace weir::service
