#include "weir/service/answer.h"

#include <spdlog/spdlog.h>

#include "weir/repositories/log_context.h"
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

Problem problem_in_flight(const Route& route) noexcept {
  try {
    throw;
  } catch (const Refusal& refusal) {
    return refusal.problem();
  } catch (const history::Error& error) {
    return failed(route, error);
  } catch (const std::exception& error) {
    return unforeseen(route, error.what());
  } catch (...) {
    return unforeseen(route, "an exception of no known type");
  }
}

Response answer(const Match& match, const Request& request) noexcept {
  const repositories::LogContext context(request.id);
  try {
    return match.route->handler(request, match.arguments);
  } catch (...) {
    Problem problem = problem_in_flight(*match.route);
    problem.request_id = request.id;
    return to_response(problem);
  }
}

}  // namespace weir::service
