#include "weir/repositories/sqlite/limits.h"

#include <sqlite3.h>

#include <array>
#include <string>

#include "weir/history/error.h"

namespace weir::repositories::sqlite {
namespace {

struct Limit {
  int id;
  int most;
};

constexpr std::array<Limit, 12> kLimits = {{
    // A line of an import has 16 MiB at most and a request 64; what SQLite would take is a thousand million
    // bytes, and a damaged file may say that a row has as many.
    {SQLITE_LIMIT_LENGTH, static_cast<int>(kMostRowBytes)},
    // Ours have less than 2,000; a table that somebody keeps beside them may have more.
    {SQLITE_LIMIT_SQL_LENGTH, 50'000},
    // Of a table, an index, a result. Ours have 16 at most.
    {SQLITE_LIMIT_COLUMN, 200},
    // Each level is one more of the parser's stack frames.
    {SQLITE_LIMIT_EXPR_DEPTH, 50},
    {SQLITE_LIMIT_COMPOUND_SELECT, 4},
    // A statement's program: ours have some hundreds of steps.
    {SQLITE_LIMIT_VDBE_OP, 10'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 10},
    // No other file joins the database. VACUUM attaches one: it is not run on a connection of weir's.
    {SQLITE_LIMIT_ATTACHED, 0},
    // No pattern of a caller reaches LIKE; a search's words reach FTS5, which has its own.
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 40},
    // The schema has no triggers; a file that brings some gets no chain of them.
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    // A statement sorts in its caller's thread.
    {SQLITE_LIMIT_WORKER_THREADS, 0},
}};

constexpr int kAsk = -1;

}  // namespace

void limit_statements(sqlite3* db) {
  for (const Limit& limit : kLimits) {
    sqlite3_limit(db, limit.id, limit.most);
    if (sqlite3_limit(db, limit.id, kAsk) == limit.most) continue;
    throw history::Error(history::ErrorCode::kInternal,
                         "SQLite did not take the limit " + std::to_string(limit.id));
  }
}

}  // namespace weir::repositories::sqlite
