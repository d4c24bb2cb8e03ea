#include "weir/service/token.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "support/scratch_directory.h"
#include "weir/history/error.h"

using namespace weir::service;

namespace {

const std::string kToken = "0123456789abcdef";

/// Reads a token file of this text and these permissions.
std::optional<std::string> read_file(const std::string& text, std::filesystem::perms permissions) {
  const weir::testing::ScratchDirectory directory;
  const std::string path = directory.write("token", text);
  std::filesystem::permissions(path, permissions);
  ServerOptions options;
  options.token_file = path;
  return read_token(options);
}

std::string field_of_error(const ServerOptions& options) {
  try {
    read_token(options);
  } catch (const weir::history::Error& error) {
    CHECK(error.code() == weir::history::ErrorCode::kInvalidArgument);
    return error.field();
  }
  return {};
}

constexpr auto kPrivate = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

/// Sets WEIR_TOKEN while it lives.
class Variable {
 public:
  explicit Variable(const char* value) { ::setenv("WEIR_TOKEN", value, 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { ::unsetenv("WEIR_TOKEN"); }
};

}  // namespace

TEST_CASE("token: the file's text is the token, one line end dropped") {
  CHECK(read_file(kToken, kPrivate) == kToken);
  CHECK(read_file(kToken + "\n", kPrivate) == kToken);
  CHECK(read_file(kToken + "\r\n", kPrivate) == kToken);
}

TEST_CASE("token: a file others can read is refused") {
  CHECK_THROWS_AS(read_file(kToken, kPrivate | std::filesystem::perms::group_read), weir::history::Error);
  CHECK_THROWS_AS(read_file(kToken, kPrivate | std::filesystem::perms::others_read), weir::history::Error);
}

TEST_CASE("token: one that is short, long, or holds more than visible ASCII is refused, and not quoted") {
  for (const std::string& text : {std::string("short"), std::string(), kToken + " " + kToken, kToken + "\n\n",
                                  kToken + "\xC3\xA9", std::string(4097, 'x')}) {
    CAPTURE(text);
    try {
      read_file(text, kPrivate);
      FAIL("it was taken");
    } catch (const weir::history::Error& error) {
      CHECK(error.field() == "server.token_file");
      CHECK(std::string_view(error.what()).find(kToken) == std::string_view::npos);
    }
  }
}

TEST_CASE("token: what is no regular file is refused at once") {
  const weir::testing::ScratchDirectory directory;
  ServerOptions options;
  options.token_file = directory / "absent";
  CHECK(field_of_error(options) == "server.token_file");
  options.token_file = directory / "";
  CHECK(field_of_error(options) == "server.token_file");
  options.token_file = directory / "fifo";
  REQUIRE(::mkfifo(options.token_file->c_str(), 0600) == 0);
  CHECK(field_of_error(options) == "server.token_file");
}

TEST_CASE("token: without a file WEIR_TOKEN holds it; the file goes before") {
  CHECK(read_token({}) == std::nullopt);
  const Variable variable("from-the-environment");
  CHECK(read_token({}) == "from-the-environment");
  CHECK(read_file(kToken, kPrivate) == kToken);
}

TEST_CASE("token: a WEIR_TOKEN that cannot be one is refused, an empty one too") {
  for (const char* value : {"", "short"}) {
    const Variable variable(value);
    CHECK(field_of_error({}) == "WEIR_TOKEN");
  }
}

TEST_CASE("token: only the whole token is the token") {
  CHECK(is_token(kToken, kToken));
  CHECK_FALSE(is_token("", kToken));
  CHECK_FALSE(is_token(kToken.substr(0, 15), kToken));
  CHECK_FALSE(is_token(kToken + kToken, kToken));
  CHECK_FALSE(is_token("1123456789abcdef", kToken));
  CHECK_FALSE(is_token("0123456789abcdeg", kToken));
}
