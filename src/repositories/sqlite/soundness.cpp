#include "weir/repositories/sqlite/soundness.h"

#include "weir/repositories/sqlite/soundness_statements.h"
#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

std::int64_t number(Statement& statement) {
  auto run = statement.run();
  return run.step() ? run.integer(0) : 0;
}

/// Counts what should not be, and says it.
class Contradictions {
 public:
  explicit Contradictions(sqlite3* db) : statements_(db) {
    const bool has_deleted = statements_.has_deleted.run().step();
    const char* view =
        has_deleted ? SoundnessStatements::kExpectedWithDeleted : SoundnessStatements::kExpected;
    if (sqlite3_exec(db, view, nullptr, nullptr, nullptr) != SQLITE_OK) throw_error(db, "preparing a check");
  }
  Contradictions(const Contradictions&) = delete;
  Contradictions& operator=(const Contradictions&) = delete;
  ~Contradictions() { sqlite3_exec(statements_.db_, "DROP VIEW temp.expected", nullptr, nullptr, nullptr); }

  void look_at_events() {
    expect_none(statements_.strays, "events belong to no conversation");
    expect_none(statements_.miscounted, "conversations hold another number of events than they say");
    expect_none(statements_.beyond_last, "conversations hold events above their last number");
  }
  void look_at_derived() {
    expect_none(statements_.stray_summaries, "summaries belong to no conversation");
    expect_none(statements_.progress_beyond_last, "conversations are indexed beyond their end");
    expect_none(statements_.state_beyond_activity,
                "marks of the full-text index lie beyond what was appended");
    expect_none(statements_.indexed_of_nothing, "entries of the full-text index belong to no event");
    expect_none(statements_.not_indexed, "messages are missing in the full-text index");
  }
  std::vector<std::string> take() { return std::move(found_); }

 private:
  void expect_none(Statement& statement, const char* what) {
    const std::int64_t count = number(statement);
    if (count > 0) found_.push_back(std::to_string(count) + " " + what);
  }

  SoundnessStatements statements_;
  std::vector<std::string> found_;
};

}  // namespace

std::optional<std::string> find_damage(sqlite3* db, CheckDepth depth) {
  SoundnessStatements statements(db);
  auto run = (depth == CheckDepth::kFull ? statements.integrity : statements.quick).run();
  // It names tables, indexes and pages, never what stands in them.
  const std::string answer = run.step() ? std::string(run.text(0)) : "no answer";
  return answer == "ok" ? std::nullopt : std::optional(answer);
}

std::vector<std::string> find_contradictions(sqlite3* db, int version) {
  constexpr int kWithDerivedData = 2;
  Contradictions contradictions(db);
  contradictions.look_at_events();
  if (version >= kWithDerivedData) contradictions.look_at_derived();
  return contradictions.take();
}

ContentCounts count_content(sqlite3* db) {
  SoundnessStatements statements(db);
  return {number(statements.conversations), number(statements.events)};
}

}  // namespace weir::repositories::sqlite
