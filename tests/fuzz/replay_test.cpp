// Every input that is kept, once more through the code that takes it; what a fuzzer found among them.

#include <doctest/doctest.h>

#include <filesystem>

#include "fuzz/targets.h"
#include "support/scratch_directory.h"

using namespace weir::fuzz;

namespace {

void replay(const std::string& name, void (*target)(std::string_view)) {
  int inputs = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(WEIR_SOURCE_DIR "/tests/fuzz/corpus/" + name)) {
    CAPTURE(entry.path().string());
    CHECK_NOTHROW(target(weir::testing::read_file(entry.path())));
    ++inputs;
  }
  CHECK(inputs > 3);
}

}  // namespace

TEST_CASE("fuzz: bodies of calls") {
  replay("body", try_body);
}

TEST_CASE("fuzz: databases") {
  replay("database", try_database);
}

TEST_CASE("fuzz: events") {
  replay("event", try_event);
}

TEST_CASE("fuzz: HTTP") {
  replay("http", try_http);
}

TEST_CASE("fuzz: JSON Lines") {
  replay("import", try_import);
}

TEST_CASE("fuzz: databases of the reference service") {
  replay("reference", try_reference);
}

TEST_CASE("fuzz: request targets") {
  replay("url", try_url);
}

TEST_CASE("fuzz: frames of WebSockets") {
  replay("websocket", try_websocket);
}

TEST_CASE("fuzz: configurations") {
  replay("yaml", try_yaml);
}
