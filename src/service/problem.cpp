#include "weir/service/problem.h"

#include "weir/history/json_writer.h"
#include "weir/history/utf8.h"

namespace weir::service {
namespace {

using history::ErrorCode;

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kTimeout:
    case ErrorCode::kOverloaded:
    case ErrorCode::kUnavailable:
    case ErrorCode::kUnknownOutcome:
      return 503;
    case ErrorCode::kStorageFull:
      return 507;
    case ErrorCode::kUnsupported:
    case ErrorCode::kDamaged:
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;
}

std::string detail_of(const history::Error& error) {
  if (error.code() == ErrorCode::kInternal) return "an error inside weir; its log says more";
  std::string detail = error.what();
  if (error.code() == ErrorCode::kUnknownOutcome) {
    detail += "; the write may or may not be stored: look, or repeat it with the same request_id";
  }
  return detail;
}

}  // namespace

Refusal bad_request(std::string_view field, std::string_view what) {
  std::string detail(field);
  detail.append(": ").append(what);
  return Refusal({.status = 400, .detail = std::move(detail), .field = std::string(field)});
}

void require_empty(const Request& request) {
  if (!request.body.empty()) throw bad_request("body", "must be empty");
}

Refusal no_conversation() {
  return Refusal({.status = 404, .detail = "there is no conversation of this id"});
}

std::string shown(std::string_view name, const char* otherwise) {
  constexpr std::size_t kLongest = 40;
  const bool is_short = !name.empty() && name.size() <= kLongest;
  const bool is_clean = is_short && history::is_utf8(name) && !history::has_control_characters(name);
  return is_clean ? std::string(name) : otherwise;
}

Problem problem_of(const history::Error& error) {
  Problem problem{.status = status_of(error.code()), .detail = detail_of(error), .field = error.field()};
  if (problem.status == 503) problem.headers.push_back({"Retry-After", "1"});
  problem.type = "urn:weir:error:" + std::string(history::to_string(error.code()));
  return problem;
}

Response to_response(const Problem& problem) {
  Response response{
      .status = problem.status, .content_type = "application/problem+json", .headers = problem.headers};
  history::JsonWriter json(response.body);
  json.begin_object();
  json.key("type").string(problem.type);
  json.key("title").string(reason_phrase(problem.status));
  json.key("status").unsigned_integer(problem.status);
  json.key("detail").string(problem.detail);
  if (!problem.field.empty()) json.key("field").string(problem.field);
  if (!problem.request_id.empty()) json.key("request_id").string(problem.request_id);
  json.end_object();
  return response;
}

}  // namespace weir::service
