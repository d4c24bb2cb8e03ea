#include "weir/repositories/file_id.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/scratch_directory.h"

namespace {

using weir::repositories::look_at;
using weir::testing::ScratchDirectory;

}  // namespace

TEST_CASE("file id: nothing at a path, or no way to it, is absence") {
  const ScratchDirectory scratch;
  (void)scratch.write("file", "");
  CHECK_FALSE(look_at(scratch / "history.db"));
  CHECK_FALSE(look_at(scratch / "file/history.db"));
}

TEST_CASE("file id: a file is the same through every path to it, and another at its path is not") {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("history.db", "first");
  std::filesystem::create_symlink(path, scratch / "link.db");
  const auto before = look_at(path);
  REQUIRE(before);
  CHECK(look_at(scratch / "link.db")->id == before->id);
  std::filesystem::rename(path, scratch / "moved.db");
  (void)scratch.write("history.db", "second");
  CHECK(look_at(path)->id != before->id);
  CHECK(look_at(scratch / "moved.db")->id == before->id);
}

TEST_CASE("file id: the size is what the file holds now") {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("history.db", "12345");
  CHECK(look_at(path)->size == 5);
  std::filesystem::resize_file(path, 0);
  CHECK(look_at(path)->size == 0);
}
