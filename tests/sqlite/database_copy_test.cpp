// A copy of a database: what is in it, and what is left when it is cut short.

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "sqlite/plain_database.h"
#include "support/error_of.h"
#include "support/repository_rig.h"
#include "weir/repositories/sqlite/database_copy.h"

using namespace weir::repositories::sqlite;
using namespace weir::testing;
using weir::history::ErrorCode;

namespace {

constexpr int kEvents = 500;  // some steps of a copy

void fill(RepositoryRig& rig) {
  const auto repository = rig.make<AsyncSqlRepo>();
  for (int i = 0; i < kEvents; ++i) {
    repository->add_event(user_says("c" + std::to_string(i % 7), std::string(8'000, 'x')));
  }
}

CopyListener quiet() {
  return {[](const CopyListener::Progress&) {}, [](CopyStep) {}, [] { return false; }};
}

std::set<std::string> files_of(const RepositoryRig& rig) {
  std::set<std::string> names;
  const auto folder = std::filesystem::path(rig.options.path).parent_path();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

}  // namespace

TEST_CASE("copy: it holds what the database holds, for its owner alone, and needs no log") {
  RepositoryRig rig;
  fill(rig);
  const std::string copy = rig.folder / "copy.db";
  const ContentCounts counts = copy_database({.from = rig.options.path, .to = copy}, quiet());
  CHECK(counts.conversations == 7);
  CHECK(counts.events == kEvents);
  CHECK(files_of(rig) == std::set<std::string>{"history.db", "copy.db"});
  struct stat status {};
  REQUIRE(::stat(copy.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(PlainDatabase(copy).dump() == PlainDatabase(rig.options.path).dump());
}

TEST_CASE("copy: what is written between its steps is not in it and does not make it begin anew") {
  RepositoryRig rig;
  fill(rig);
  SQLite::Database writer(rig.options.path, SQLite::OPEN_READWRITE);
  writer.exec("UPDATE conversations SET title = 'before'");  // so that the log stays while the copy is made
  CopyListener listener = quiet();
  int steps = 0;
  listener.progress = [&](const CopyListener::Progress&) {
    ++steps;
    writer.exec("UPDATE conversations SET title = 'after', event_count = 0");
  };
  const std::string copy = rig.folder / "copy.db";
  copy_database({.from = rig.options.path, .to = copy}, listener);
  CHECK(steps > 3);
  CHECK(steps < 100);
  CHECK(PlainDatabase(copy).ask("SELECT DISTINCT title FROM conversations") == "before\n");
}

TEST_CASE("copy: of one that nobody locks, a change meanwhile is noticed and nothing is left") {
  RepositoryRig rig;
  fill(rig);
  REQUIRE(!std::filesystem::exists(rig.options.path + "-wal"));
  CopyListener listener = quiet();
  listener.progress = [&](const CopyListener::Progress& far) {
    if (far.done < far.pages) return;
    SQLite::Database(rig.options.path, SQLite::OPEN_READWRITE).exec("UPDATE conversations SET title = 'x'");
  };
  const auto copying = [&] {
    copy_database({.from = rig.options.path, .to = rig.folder / "copy.db"}, listener);
  };
  CHECK(error_of(copying).code() == ErrorCode::kUnavailable);
  CHECK(files_of(rig) == std::set<std::string>{"history.db"});
}

TEST_CASE("copy: stopped at any point, nothing is left") {
  RepositoryRig rig;
  fill(rig);
  int asked = 0;
  CopyListener listener = quiet();
  listener.is_stopped = [&asked] { return ++asked < 0; };
  const CopyRequest request{
      .from = rig.options.path, .to = rig.folder / "copy.db", .source = CopyRequest::Source::kChecked};
  copy_database(request, listener);
  std::filesystem::remove(request.to);
  const int questions = asked;
  REQUIRE(questions > 10);
  for (int last = 1; last <= questions; ++last) {
    asked = -last;
    listener.is_stopped = [&asked] { return ++asked >= 0; };
    CHECK(error_of([&] { copy_database(request, listener); }).code() == ErrorCode::kTimeout);
    CHECK(files_of(rig) == std::set<std::string>{"history.db"});
  }
}

TEST_CASE("copy: nothing is overwritten, not by the name that a copy comes by at the last moment either") {
  RepositoryRig rig;
  fill(rig);
  for (const char* name : {"there.db", "there.db-wal"}) {
    const std::string there = rig.folder.write(name, "mine");
    const auto copying = [&] {
      copy_database({.from = rig.options.path, .to = rig.folder / "there.db"}, quiet());
    };
    CHECK(error_of(copying).code() == ErrorCode::kConflict);
    CHECK(read_file(there) == "mine");
    std::filesystem::remove(there);
  }
  CopyListener listener = quiet();
  listener.step = [&](CopyStep step) {
    if (step == CopyStep::kChecked) rig.folder.write("late.db", "mine");
  };
  const auto copying = [&] {
    copy_database({.from = rig.options.path, .to = rig.folder / "late.db"}, listener);
  };
  CHECK(error_of(copying).code() == ErrorCode::kConflict);
  CHECK(read_file(rig.folder / "late.db") == "mine");
  CHECK(files_of(rig) == std::set<std::string>{"history.db", "late.db"});
}

TEST_CASE("copy: what a killed copy left is replaced, and of two at once one is refused") {
  RepositoryRig rig;
  fill(rig);
  rig.folder.write("copy.db.weir-copy", std::string(20'000, 'x'));
  const CopyRequest request{.from = rig.options.path, .to = rig.folder / "copy.db"};
  CopyListener listener = quiet();
  listener.step = [&](CopyStep) {
    CHECK(error_of([&] { copy_database(request, quiet()); }).code() == ErrorCode::kConflict);
  };
  CHECK(copy_database(request, listener).events == kEvents);
  CHECK(PlainDatabase(request.to).integrity() == "ok");
}

TEST_CASE("copy: a database that contradicts itself, or is another program's, is not taken for a backup") {
  RepositoryRig rig;
  fill(rig);
  const auto copying = [&] {
    copy_database({.from = rig.options.path, .to = rig.folder / "copy.db"}, quiet());
  };
  {
    SQLite::Database database(rig.options.path, SQLite::OPEN_READWRITE);
    database.exec("UPDATE conversations SET event_count = event_count + 1 WHERE number = 3");
  }
  CHECK(error_of(copying).code() == ErrorCode::kDamaged);
  SQLite::Database(rig.options.path, SQLite::OPEN_READWRITE).exec("PRAGMA application_id = 1");
  CHECK(error_of(copying).code() == ErrorCode::kUnsupported);
  rig.folder.write("text", std::string(1'000, 'x'));
  const auto copying_text = [&] {
    copy_database({.from = rig.folder / "text", .to = rig.folder / "c"}, quiet());
  };
  CHECK(error_of(copying_text).code() == ErrorCode::kUnsupported);
  CHECK(files_of(rig) == std::set<std::string>{"history.db", "text"});
}
