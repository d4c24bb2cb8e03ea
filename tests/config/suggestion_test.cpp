#include "weir/config/suggestion.h"

#include <doctest/doctest.h>

#include <string>

using weir::config::Nearness;
using weir::config::suggestion;

namespace {

const std::string kRepository = "chat.service.repository.";

}  // namespace

TEST_CASE("suggestion: the nearest name in the same place") {
  CHECK(suggestion("server.lissten", Nearness::kAny) == ", did you mean server.listen?");
  CHECK(suggestion("server.max_connection", Nearness::kAny) == ", did you mean server.max_connections?");
  CHECK(suggestion(kRepository + "conection_pool", Nearness::kAny) ==
        ", did you mean " + kRepository + "connection_pool?");
}

TEST_CASE("suggestion: the right name in the wrong place") {
  CHECK(suggestion(kRepository + "max_readers", Nearness::kAny) ==
        ", did you mean " + kRepository + "connection_pool.max_readers?");
  CHECK(suggestion("server.level", Nearness::kAny) == ", did you mean logging.level?");
}

TEST_CASE("suggestion: inside weir's sections there is always one, and never a map around them") {
  CHECK(suggestion("metrics.chat", Nearness::kAny).find("mean chat?") == std::string::npos);
  CHECK_FALSE(suggestion("metrics." + std::string(60'000, 'x'), Nearness::kAny).empty());
}

TEST_CASE("suggestion: outside them only a probable slip gets one") {
  CHECK(suggestion("sever", Nearness::kSlip) == ", did you mean server?");
  CHECK(suggestion("chat.service.repositry", Nearness::kSlip) == ", did you mean chat.service.repository?");
  CHECK(suggestion("app", Nearness::kSlip).empty());
  CHECK(suggestion("log", Nearness::kSlip).empty());
}
