#pragma once

#include <SQLiteCpp/Database.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/repositories/sqlite/reference_changes.h"
#include "weir/repositories/sqlite/reference_order.h"
#include "weir/repositories/sqlite/reference_row.h"
#include "weir/repositories/sqlite/reference_statements.h"

namespace weir::repositories::sqlite {

/// Whose a database is.
enum class DatabaseOwner { kWeir, kReference, kOther };

/// A database of the reference service: its chat_events, or its conversations, messages and
/// message_summaries, or all of them.
///
/// It is locked against every other program as long as the object lives, and not written but by settle().
///
/// Thread-safety: one thread at a time. Blocking: never for a lock.
/// Errors: SqliteError from every member.
class ReferenceSource {
 public:
  /// Errors: kUnavailable when another program has the file open.
  explicit ReferenceSource(const std::string& path);
  ReferenceSource(const ReferenceSource&) = delete;
  ReferenceSource& operator=(const ReferenceSource&) = delete;
  ~ReferenceSource();

  DatabaseOwner owner();
  /// The same of a file that nobody writes, without a lock or a trace.
  static DatabaseOwner owner_of_resting(const std::string& path);

  /// Finds its tables, and says in `changes` which tables and columns are nobody's; once, before what
  /// follows. Errors: kUnsupported when a column is missing without which nothing can be told; kDamaged.
  void survey(ReferenceChanges& changes);

  /// How many rows will become events.
  std::int64_t row_count();

  /// A conversation's name, which may be none, and its rows, in no order.
  struct Conversation {
    ReferenceValue name;
    std::vector<ReferenceKey> rows;
  };
  /// Calls `take` for each; memory holds the keys of one.
  void each_conversation(const std::function<void(Conversation&)>& take);
  /// A message comes as the row of chat_events that says the same.
  ReferenceRow row(const ReferenceKey& key);

  struct ConversationRow {
    ReferencePlace from;
    ReferenceValue id;
    ReferenceValue title;
    ReferenceValue created_at;
    ReferenceValue updated_at;
  };
  void each_conversation_row(const std::function<void(const ConversationRow&)>& take);

  struct SummaryRow {
    ReferencePlace from;
    ReferenceValue first_message;
    ReferenceValue last_message;
    ReferenceValue text;
    ReferenceValue created_at;
  };
  void each_summary(const std::function<void(const SummaryRow&)>& take);

  std::optional<std::int64_t> message_rowid(const ReferenceValue& id);
  bool has_conversation(const std::string& name);
  bool has_event(const std::string& name);

  /// Brings what its write-ahead log holds into the file itself, which then is whole and alone.
  void settle();
  /// Writes a copy to `path`, where nothing stands, and checks it. Once settled.
  /// Errors: kDamaged when the copy is not sound.
  void copy_to(const std::string& path);

 private:
  std::int64_t count(const char* table);

  const std::string path_;
  std::unique_ptr<SQLite::Database> database_;
  ReferenceSql sql_;
  std::unique_ptr<ReferenceSourceStatements> statements_;  // below the database and the texts
  bool has_events_ = false;
  bool has_messages_ = false;
};

/// The table's name in the database, a literal.
std::string_view to_string(ReferenceTable table);

/// Throws kDamaged unless SQLite finds the database sound.
void require_sound(sqlite3* db, const std::string& path);

}  // namespace weir::repositories::sqlite
