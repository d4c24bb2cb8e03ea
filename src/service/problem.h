#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/history/error.h"
#include "weir/service/http_message.h"

namespace weir::service {

/// Why a request was not done, as its caller reads it (RFC 7807).
struct Problem {
  unsigned status = 500;
  std::string detail;                ///< for people; never quotes what was sent
  std::string field{};               ///< the header, parameter or field at fault; empty when none is
  std::vector<Header> headers{};     ///< what the answer says besides
  std::string type = "about:blank";  ///< `urn:weir:error:CODE` where the repository said no
  std::string request_id{};          ///< of the request; empty when it has none
};

/// Thrown by whatever judges a request; becomes its answer.
class Refusal : public std::exception {
 public:
  explicit Refusal(Problem problem) : problem_(std::move(problem)) {}

  const Problem& problem() const noexcept { return problem_; }
  const char* what() const noexcept override { return problem_.detail.c_str(); }

 private:
  Problem problem_;
};

/// A Refusal with status 400 that blames `field`.
Refusal bad_request(std::string_view field, std::string_view what);

/// Throws a Refusal that blames the body, unless the request has none.
void require_empty(const Request& request);

/// A Refusal with status 404 for a conversation that is not there.
Refusal no_conversation();

/// A name that a caller made up, fit for an answer and a log; `otherwise` stands for one that is long or no
/// clean text.
std::string shown(std::string_view name, const char* otherwise);

/// What the repository's error means to who calls over HTTP.
Problem problem_of(const history::Error& error);

/// The problem as `application/problem+json`.
Response to_response(const Problem& problem);

}  // namespace weir::service
