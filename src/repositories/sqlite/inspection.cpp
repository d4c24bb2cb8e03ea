#include "weir/repositories/sqlite/inspection.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <fstream>

#include "weir/repositories/file_id.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/sqlite_error.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {
namespace {

std::string text_of(sqlite3* db, const char* pragma) {
  Statement statement(db, pragma);
  auto run = statement.run();
  return run.step() ? std::string(run.text(0)) : std::string();
}

std::int64_t number_of(sqlite3* db, const char* pragma) {
  Statement statement(db, pragma);
  auto run = statement.run();
  return run.step() ? run.integer(0) : 0;
}

DatabaseFacts read_facts(const Onlooker& onlooker) {
  sqlite3* db = onlooker.handle();
  const SchemaState schema = inspect_schema(db);
  return {.schema = schema,
          .has_sentinel = schema.version > 0 && has_sentinel(db),
          .journal_mode = onlooker.has_log_format() ? "wal" : text_of(db, "PRAGMA journal_mode"),
          .encoding = text_of(db, "PRAGMA encoding"),
          .page_size = number_of(db, "PRAGMA page_size"),
          .page_count = number_of(db, "PRAGMA page_count"),
          .free_pages = number_of(db, "PRAGMA freelist_count"),
          .auto_vacuum = number_of(db, "PRAGMA auto_vacuum")};
}

/// The header of the log's index: https://www.sqlite.org/walformat.html, 2.1.
std::optional<std::uint64_t> pending_frames(const std::string& index) {
  constexpr std::size_t kLastFrameAt = 16;
  constexpr std::size_t kCopiedAt = 96;
  std::array<char, 136> header{};
  std::ifstream in(index, std::ios::binary);
  if (!in.read(header.data(), header.size())) return std::nullopt;
  std::uint32_t last = 0;
  std::uint32_t copied = 0;
  std::memcpy(&last, header.data() + kLastFrameAt, sizeof last);
  std::memcpy(&copied, header.data() + kCopiedAt, sizeof copied);
  return last > copied ? last - copied : 0;
}

}  // namespace

DatabaseFacts inspect(const Onlooker& onlooker) {
  try {
    return read_facts(onlooker);
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
}

std::optional<LogFacts> inspect_log(const std::string& path) {
  const auto log = look_at(path + "-wal");
  if (!log) return std::nullopt;
  return LogFacts{log->size, pending_frames(path + "-shm")};
}

SoundnessReport check_soundness(const Onlooker& onlooker, CheckDepth depth, int version) {
  SoundnessReport report;
  try {
    report.damage = find_damage(onlooker.handle(), depth);
    if (depth == CheckDepth::kFull && version > 0 && !report.damage) {
      report.contradictions = find_contradictions(onlooker.handle(), version);
    }
  } catch (const SqliteError& error) {
    if (error.code() != SQLITE_INTERRUPT) rethrow_translated(error);
    report.is_complete = false;
  }
  return report;
}

}  // namespace weir::repositories::sqlite
