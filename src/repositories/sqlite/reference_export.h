#pragma once

#include <memory>
#include <string>

#include "weir/history/event_view.h"
#include "weir/repositories/sqlite/reference_row.h"

namespace SQLite {
class Database;
}

namespace weir::repositories::sqlite {

struct ReferenceExportStatements;

/// A new database in the reference service's schema, under way: it has its name only when it is complete.
///
/// Thread-safety: one thread at a time.
/// Errors: history::Error from every member.
class ReferenceExport {
 public:
  /// Writes to `PATH.weir-export`; what a killed run left there goes.
  /// Errors: kConflict when anything stands at `path`.
  explicit ReferenceExport(const std::string& path);
  ReferenceExport(const ReferenceExport&) = delete;
  ReferenceExport& operator=(const ReferenceExport&) = delete;
  /// What is not finished goes.
  ~ReferenceExport();

  void add(const history::EventView& event);

  /// Brings it to the disk and gives it its name. The last call.
  void finish();

 private:
  void insert(const ReferenceRow& row);
  void remember(const ReferenceRow& row);

  const std::string path_;
  const std::string draft_path_;
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<ReferenceExportStatements> statements_;  // below the database
};

}  // namespace weir::repositories::sqlite
