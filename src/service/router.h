#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/service/http_message.h"

namespace weir::service {

class FrameChannel;

/// What stood for each `{name}` of a route's path, in order, decoded.
using PathArguments = std::vector<std::string>;

/// Answers one request. May throw Refusal and history::Error; may block unless its lane is kInline.
using Handler = std::function<Response(const Request&, const PathArguments&)>;

/// Answers one message of a WebSocket, into `out`. May throw as a Handler; may block.
using MessageHandler = std::function<void(std::string_view message, FrameChannel& out)>;

/// Where a handler runs: at once on the thread that read the request, or on the threads kept for reads or for
/// writes. kUpgrade: at once, and when it answers 101 the connection becomes a WebSocket, whose messages run
/// on the threads kept for writes.
enum class Lane { kInline, kRead, kWrite, kUpgrade };

/// What a route's body must be.
enum class Accepts { kNothing, kJson };

struct Route {
  std::string_view method;
  std::string_view path;  ///< as `/v1/conversations/{cid}/events`
  Lane lane;
  Handler handler;
  std::vector<std::string_view> parameters{};  ///< the query parameters it knows
  Accepts accepts = Accepts::kNothing;
  MessageHandler on_message{};  ///< of a route whose lane is kUpgrade
};

struct Match {
  const Route* route;  ///< owned by the router
  PathArguments arguments;
  Query query;
  Caller caller = Caller::kTrusted;
};

/// Finds who answers a request.
///
/// Thread-safety: const members may be called from any thread.
class Router {
 public:
  explicit Router(std::vector<Route> routes);

  /// The route for the method and target; HEAD is served as GET. Where two paths fit, the one with the
  /// literal wins. Errors: Refusal 404 for no such path, 405 naming the methods it has, 400 for a target or
  /// parameter that is wrong.
  Match match(const RequestHead& head) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;
  };

  std::vector<Entry> entries_;  // those with fewer placeholders first
};

}  // namespace weir::service
