#include "weir/config/config_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "config/loading.h"

using namespace weir::config;
using weir::testing::printed;
using weir::testing::ScratchDirectory;

namespace {

struct Outcome {
  std::optional<std::string> text;
  std::vector<std::string> problems;
};

Outcome read(const std::filesystem::path& file, IfAbsent if_absent) {
  std::vector<Problem> problems;
  auto text = read_config_file(file, if_absent, problems);
  return {std::move(text), printed(problems)};
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("config file: an absent file is a problem only where it was asked for") {
  const ScratchDirectory directory;
  const auto asked = read(directory / "f", IfAbsent::kProblem);
  CHECK_FALSE(asked.text);
  CHECK(asked.problems == Lines{"f: cannot be read: No such file or directory"});
  const auto not_asked = read(directory / "f", IfAbsent::kNothing);
  CHECK_FALSE(not_asked.text);
  CHECK(not_asked.problems.empty());
}

TEST_CASE("config file: a link that leads nowhere is a problem, as is a file for a directory on the way") {
  const ScratchDirectory directory;
  std::filesystem::create_symlink("nowhere", directory / "link");
  CHECK(read(directory / "link", IfAbsent::kNothing).problems.size() == 1);
  const std::filesystem::path file = directory.write("f", "");
  CHECK(read(file / "g", IfAbsent::kNothing).problems.size() == 1);
}

TEST_CASE("config file: at most 64 KiB are read") {
  const ScratchDirectory directory;
  const auto file = directory / "f";
  directory.write("f", std::string(65536, '#'));
  CHECK(read(file, IfAbsent::kProblem).text == std::string(65536, '#'));
  directory.write("f", std::string(65537, '#'));
  const auto too_large = read(file, IfAbsent::kProblem);
  CHECK_FALSE(too_large.text);
  CHECK(too_large.problems == Lines{"f: is larger than 64 KiB, must be at most 65536 bytes"});
}

TEST_CASE("config file: a FIFO, a device and a directory are refused at once") {
  const ScratchDirectory directory;
  REQUIRE(::mkfifo((directory / "f").c_str(), 0600) == 0);
  CHECK(read(directory / "f", IfAbsent::kNothing).problems == Lines{"f: is not a regular file, must be one"});
  CHECK(read("/dev/zero", IfAbsent::kNothing).problems == Lines{"zero: is not a regular file, must be one"});
  CHECK(read("/tmp", IfAbsent::kNothing).problems == Lines{"tmp: is not a regular file, must be one"});
}
