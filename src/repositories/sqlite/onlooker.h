#pragma once

#include <SQLiteCpp/Database.h>

#include <functional>
#include <memory>
#include <string>

#include "weir/repositories/sqlite/database_files.h"

namespace weir::repositories::sqlite {

/// Looks at a database that others may be using, and leaves no trace: it opens every file for reading only,
/// makes none, and writes nothing into the index of the log.
///
/// What it reads is what was committed, log included, also where a kill has left the log behind.
///
/// For a process that has the database open in no other way: the file's head is read as any file is, and
/// closing it drops the process's own locks on it.
///
/// Thread-safety: one thread at a time. Lifetime: a condition that was given outlives it.
/// Blocking: the first read, 5 s at most for a lock of another program.
/// Errors: history::Error: kNotFound when there is no file, kUnsupported when it is no database, kUnavailable
/// when
///   another program keeps everybody out, kDamaged.
class Onlooker {
 public:
  explicit Onlooker(const std::string& path);
  Onlooker(const Onlooker&) = delete;
  Onlooker& operator=(const Onlooker&) = delete;
  ~Onlooker();

  sqlite3* handle() const { return database_->getHandle(); }

  /// Whether the file is one with a write-ahead log, in which mode nobody need have it open.
  bool has_log_format() const { return has_log_format_; }

  /// From now on a statement is interrupted once `condition` holds, which is asked often.
  void interrupt_when(std::function<bool()> condition);

  /// Throws kUnavailable when what was read may be torn: nobody had the file open at first, so that it was
  /// read without a lock, and somebody has changed it meanwhile.
  void require_undisturbed() const;

 private:
  enum class View {
    kShared,  ///< as others see it, beside them
    kAlone,   ///< with a log that nobody has indexed, and that is nobody's
    kResting  ///< without a log: the file is all there is
  };

  void open();
  bool try_open(View view);
  static int on_progress(void* self);

  const std::string path_;
  bool has_log_format_ = false;
  View view_ = View::kShared;
  DatabaseTrace before_;
  std::unique_ptr<SQLite::Database> database_;
  std::function<bool()> condition_;
};

}  // namespace weir::repositories::sqlite
