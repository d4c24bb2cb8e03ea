#include "weir/repositories/sqlite/reference_export.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <filesystem>

#include "weir/history/error.h"
#include "weir/repositories/durable_file.h"
#include "weir/repositories/sqlite/database_files.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/reference_kept.h"
#include "weir/repositories/sqlite/reference_mapping.h"
#include "weir/repositories/sqlite/reference_row.h"
#include "weir/repositories/sqlite/reference_statements.h"
#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;
using history::Field;

void execute(SQLite::Database& database, const char* sql) {
  sqlite3* db = database.getHandle();
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw_error(db, "writing the export");
}

std::unique_ptr<SQLite::Database> create(const std::string& path) {
  try {
    return std::make_unique<SQLite::Database>(
        path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_NOMUTEX);
  } catch (const SQLite::Exception& error) {
    throw SqliteError(error.getExtendedErrorCode(), "making " + path);
  }
}

/// `call`, with what SQLite says as the layer's own error.
template <class Call>
void translated(Call call) {
  try {
    call();
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
}

void require_nothing_at(const std::string& path) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(path))) return;
  throw Error(ErrorCode::kConflict, "something stands at " + path + " already; an export overwrites nothing");
}

bool is_null(const ReferenceValue& value) {
  return std::holds_alternative<std::monostate>(value);
}

/// The row that `event` was made of; absent unless a migration made it.
std::optional<ReferenceRow> restored_row(const history::EventView& event) {
  const KeptExtra kept = take_kept(event.extra);
  if (kept.columns.empty()) return std::nullopt;
  history::EventView bare = event;
  bare.extra = kept.rest;
  ReferenceRow row = reference_row_of(bare);
  for (std::size_t i = 0; i < history::kFieldCount; ++i) {
    const auto column = static_cast<Field>(i);
    if (kept.columns[column]) row[column] = *kept.columns[column];
  }
  return is_made_of(to_event(event), row) ? std::optional(row) : std::nullopt;
}

}  // namespace

ReferenceExport::ReferenceExport(const std::string& path) : path_(path), draft_path_(path + ".weir-export") {
  require_nothing_at(path_);
  remove_database_files(draft_path_);
  translated([&] {
    database_ = create(draft_path_);
    // A draft that a kill cuts short is thrown away: it needs no journal.
    execute(*database_, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    execute(*database_, ReferenceExportStatements::kSchema);
    statements_ = std::make_unique<ReferenceExportStatements>(database_->getHandle());
    execute(*database_, "BEGIN");
  });
}

ReferenceExport::~ReferenceExport() {
  statements_.reset();
  database_.reset();
  remove_database_files(draft_path_);
}

void ReferenceExport::add(const history::EventView& event) {
  translated([&] {
    const auto restored = restored_row(event);
    if (!restored) return insert(reference_row_of(event));
    // Others may have these names and come later.
    ReferenceRow row = *restored;
    row[Field::kId] = std::string(event.id);
    if (!event.request_id) row[Field::kRequestId] = ReferenceValue();
    for (const Field column : {Field::kConversationId, Field::kType}) {
      if (is_null(row[column])) row[column] = reference_row_of(event)[column];
    }
    insert(row);
    remember(*restored);
  });
}

void ReferenceExport::insert(const ReferenceRow& row) {
  auto run = statements_->insert.run();
  for (std::size_t i = 0; i < history::kFieldCount; ++i) {
    bind_reference_value(run, row[static_cast<Field>(i)]);
  }
  run.execute();
}

void ReferenceExport::remember(const ReferenceRow& row) {
  auto run = statements_->remember.run();
  bind_reference_value(run, row[Field::kId]);
  bind_reference_value(run, row[Field::kRequestId]);
  run.execute();
}

void ReferenceExport::finish() {
  translated([&] {
    statements_->give_back_ids.run().execute();
    statements_->give_back_requests.run().execute();
    execute(*database_, "COMMIT");
  });
  statements_.reset();
  database_.reset();
  sync_file(draft_path_);
  require_nothing_at(path_);
  rename_durably({draft_path_, path_});
}

}  // namespace weir::repositories::sqlite
