#include "weir/repositories/exclusive_file_lock.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <optional>

#include "repositories/calls.h"
#include "support/scratch_directory.h"

namespace {

using weir::repositories::ExclusiveFileLock;
using weir::testing::failure_of;
using weir::testing::ScratchDirectory;

std::string failure_to_lock(const std::string& path) {
  return failure_of([&] { const ExclusiveFileLock lock(path); });
}

/// Another process that holds the lock of a file, until it is killed. To be made while no other thread runs.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    REQUIRE(::pipe(ready_.data()) == 0);
    process_ = ::fork();
    if (process_ == 0) hold(path);
    ::close(ready_[1]);
    char sign = 0;
    REQUIRE(::read(ready_[0], &sign, 1) == 1);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() {
    kill_it();
    ::close(ready_[0]);
  }

  void kill_it() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  std::string process() const { return std::to_string(process_); }

 private:
  [[noreturn]] void hold(const std::string& path) const {
    std::optional<ExclusiveFileLock> lock;
    if (failure_of([&] { lock.emplace(path); }) != "no error" || ::write(ready_[1], "!", 1) != 1) ::_exit(1);
    ::alarm(120);  // should its parent die first
    for (;;) ::pause();
  }

  std::array<int, 2> ready_{};
  pid_t process_ = 0;
};

}  // namespace

TEST_CASE(
    "file lock: a second one is refused while the first lives, naming the process, and is free after it") {
  const ScratchDirectory scratch;
  const std::string path = scratch / "history.db";
  {
    const ExclusiveFileLock first(path);
    CHECK(failure_to_lock(path) == "conflict: another weir (process " + std::to_string(::getpid()) +
                                       ") works on " + path + ": it holds " + path + ".lock");
  }
  CHECK(failure_to_lock(path) == "no error");
}

TEST_CASE("file lock: another file is another lock, and the database itself is not made") {
  const ScratchDirectory scratch;
  const ExclusiveFileLock first(scratch / "history.db");
  CHECK(failure_to_lock(scratch / "other.db") == "no error");
  CHECK_FALSE(std::filesystem::exists(scratch / "history.db"));
}

TEST_CASE("file lock: one file is one lock through every path to it") {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("history.db", "");
  std::filesystem::create_symlink(path, scratch / "link.db");
  std::filesystem::create_symlink("link.db", scratch / "link-to-link.db");
  std::filesystem::create_directory_symlink(".", scratch / "here");
  const ExclusiveFileLock first(path);
  for (const std::string other : {"link.db", "link-to-link.db", "here/history.db", "./history.db"}) {
    CHECK_MESSAGE(failure_to_lock(scratch / other).starts_with("conflict:"), other);
  }
}

TEST_CASE("file lock: a link to a database that is yet to be made is the lock of that database") {
  const ScratchDirectory scratch;
  std::filesystem::create_symlink("history.db", scratch / "link.db");
  const ExclusiveFileLock first(scratch / "link.db");
  CHECK(failure_to_lock(scratch / "history.db").starts_with("conflict:"));
  (void)scratch.write("history.db", "");
  CHECK(failure_to_lock(scratch / "link.db").starts_with("conflict:"));
}

TEST_CASE("file lock: another process that holds it is named, and its death frees the lock") {
  const ScratchDirectory scratch;
  const std::string path = scratch / "history.db";
  Holder holder(path);
  CHECK(failure_to_lock(path).find("(process " + holder.process() + ")") != std::string::npos);
  holder.kill_it();
  CHECK(failure_to_lock(path) == "no error");
}

TEST_CASE("file lock: a shorter process id leaves nothing of the longer one before it") {
  const ScratchDirectory scratch;
  const std::string side_file = scratch.write("history.db.lock", "12345678901234567890");
  const ExclusiveFileLock lock(scratch / "history.db");
  CHECK(weir::testing::read_file(side_file) == std::to_string(::getpid()));
}

TEST_CASE("file lock: the side file is for its owner alone, in a folder that is made where there is none") {
  const ScratchDirectory scratch;
  const ExclusiveFileLock lock(scratch / "data/deep/history.db");
  struct stat found {};
  REQUIRE(::stat((scratch / "data/deep/history.db.lock").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
}

TEST_CASE("file lock: a side file that cannot be made is an error that names it") {
  const ScratchDirectory scratch;
  (void)scratch.write("file", "");
  CHECK(failure_to_lock(scratch / "file/history.db").starts_with("unavailable: cannot open the lock file "));
  std::filesystem::create_symlink("loop.db", scratch / "loop.db");
  CHECK(failure_to_lock(scratch / "loop.db").starts_with("unavailable: cannot follow the path "));
  std::filesystem::create_symlink("elsewhere", scratch / "history.db.lock");
  CHECK(failure_to_lock(scratch / "history.db").starts_with("unavailable: cannot open the lock file "));
}
