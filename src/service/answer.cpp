#include "weir/service/answer.h"

#include <spdlog/spdlog.h>

#include "weir/service/problem.h"

namespace weir::service {
namespace {

Problem failed(const Route& route, const history::Error& error) {
  Problem problem = problem_of(error);
  if (problem.status >= 500) spdlog::error("{} {}: {}", route.method, route.path, error.what());
  return problem;
}

Problem unforeseen(const Route& route, const char* what) {
  return failed(route, history::Error(history::ErrorCode::kInternal, what));
}

}  // namespace

Response answer(const Match& match, const Request& request) noexcept {
  const Route& route = *match.route;
  try {
    return route.handler(request, match.arguments);
  } catch (const Refusal& refusal) {
    return to_response(refusal.problem());
  } catch (const history::Error& error) {
    return to_response(failed(route, error));
  } catch (const std::exception& error) {
    return to_response(unforeseen(route, error.what()));
  } catch (...) {
    return to_response(unforeseen(route, "an exception of no known type"));
  }
}

}  // namespace weir::service
