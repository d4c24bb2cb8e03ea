#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::service {

struct Header {
  std::string name;
  std::string value;
};

/// What stands before the body of a request, as it was sent.
struct RequestHead {
  std::string method;
  std::string target;  ///< path and query, percent-encoded
  std::vector<Header> headers;
};

/// The parameters behind the `?`, decoded; each name once.
using Query = std::map<std::string, std::string, std::less<>>;

/// Whether the service takes new work.
enum class Phase { kServing, kDraining };

/// Who asks. kUnknown lacks the token, and gets nothing but /health and the page that asks for the token.
enum class Caller { kTrusted, kUnknown };

/// A request that was let in.
struct Request {
  std::string id{};  ///< what the log and the answer call it
  RequestHead head{};
  Query query{};
  std::string body{};
  Phase phase = Phase::kServing;  ///< when it was let in
  Caller caller = Caller::kTrusted;
};

/// The status of an answer after which the connection is no longer HTTP.
inline constexpr unsigned kSwitchingProtocols = 101;

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";  ///< empty for an answer without a body, as 204 and 304
  std::vector<Header> headers{};                  ///< besides the content's own
  std::string body{};
};

/// An answer without a body.
Response no_content();

/// Every value of a header, in order; `name` in any case.
std::vector<std::string_view> header_values(const RequestHead& head, std::string_view name);

/// The words of HTTP for a status.
std::string_view reason_phrase(unsigned status);

/// Whether both are equal, ASCII letters in any case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// `text` without spaces and tabs around it.
std::string_view trimmed(std::string_view text);

enum class Afterwards { kKeepOpen, kClose };

/// The status line and headers of `response`, the empty line included. Every answer forbids caching and
/// guessing.
std::string head_of(const Response& response, Afterwards afterwards);

}  // namespace weir::service
