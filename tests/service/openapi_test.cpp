#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

/// The text of a line that is a key at just this depth; empty for every other line.
std::string key_at(std::size_t indent, const std::string& line) {
  if (line.find_first_not_of(' ') != indent || !line.ends_with(':')) return {};
  return line.substr(indent, line.size() - indent - 1);
}

/// Each `METHOD /path` of docs/openapi.yaml, with its parameters in the query behind it.
std::set<std::string> documented() {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/openapi.yaml");
  REQUIRE(file.is_open());
  std::set<std::string> calls;
  std::string path;
  std::string call;
  for (std::string line; std::getline(file, line) && line != "components:";) {
    if (const std::string key = key_at(2, line); key.starts_with('/')) path = key;
    if (const std::string key = key_at(4, line); !key.empty() && key != "parameters") {
      calls.insert(upper(key) + ' ' + path);
      call = upper(key) + ' ' + path;
    }
    constexpr std::string_view kQuery = "        - {in: query, name: ";
    if (line.starts_with(kQuery)) {
      calls.insert(call + '?' + line.substr(kQuery.size(), line.find(',', kQuery.size()) - kQuery.size()));
    }
  }
  return calls;
}

std::set<std::string> served() {
  weir::testing::RepositoryRig storage;
  const auto repository = storage.make<weir::repositories::sqlite::PooledSqlRepo>();
  EchoAssistant assistant;
  weir::history::ExtractiveSummariser summariser;
  std::set<std::string> calls;
  for (const Route& route : all_routes({*repository, assistant, summariser, {}}, ServerOptions{})) {
    const std::string call = std::string(route.method) + ' ' + std::string(route.path);
    calls.insert(call);
    for (const std::string_view parameter : route.parameters)
      calls.insert(call + '?' + std::string(parameter));
  }
  return calls;
}

}  // namespace

TEST_CASE("openapi: the document and the routes name the same calls and parameters") {
  CHECK(documented() == served());
}
