#include "weir/repositories/sqlite/database.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/checkpoint.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/schema.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;

/// Relative paths are settled once: a later chdir() must not lead to another file.
std::string settled(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

void create_folder(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder)) return;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Error(ErrorCode::kUnavailable,
                "cannot make the folder " + folder.string() + ": " + system_error_text(errno));
  }
}

}  // namespace

Database::Database(const std::string& path, const SqliteOptions& options, Clock& clock)
    : path_(settled(path)), options_(options), clock_(clock), owner_(::getpid()) {}

bool Database::is_forked() const {
  return ::getpid() != owner_;
}

void Database::prepare(const Call& call, std::size_t max_waiters) {
  if (is_prepared()) return;
  try {
    const auto ticket = find_ticket();
    // The ticket, not mutex_, makes callers wait here: it knows their deadlines.
    const auto hold = ticket->take(call, max_waiters);
    if (is_prepared()) return;
    prepare_schema(call);
    const std::lock_guard lock(mutex_);
    prepared_.store(true, std::memory_order_release);
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    reason_ = error.what();
    throw;
  }
}

std::shared_ptr<WriteTicket> Database::find_ticket() {
  const std::lock_guard lock(mutex_);
  if (is_prepared()) return ticket_;  // which others read without the lock by now
  create_file();
  const auto status = look_at(path_);
  if (!status) throw Error(ErrorCode::kUnavailable, "cannot look at " + path_);
  file_ = status->id;
  return ticket_ = write_ticket_of(status->id, path_, clock_);
}

void Database::create_file() const {
  try {
    create_folder(std::filesystem::path(path_).parent_path());
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorCode::kUnavailable,
                "cannot make the folder of " + path_ + ": " + error.code().message());
  }
  // SQLite gives the log and its index the mode of the database. With O_EXCL nothing is opened when the file
  // exists, so nothing is closed either, which would drop this process's locks on it.
  const int descriptor = ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
  } else if (errno != EEXIST) {
    throw Error(ErrorCode::kUnavailable, "cannot make " + path_ + ": " + system_error_text(errno));
  }
}

void Database::prepare_schema(const Call& call) {
  refuse_foreign_file(path_);
  Connection connection(path_, ConnectionRole::kWriter, options_, clock_, call.deadline);
  const auto now = std::chrono::floor<std::chrono::microseconds>(clock_.wall_now());
  try {
    migrate(connection, path_, now);
  } catch (const CommitError& error) {
    // Unknown is only whether the schema took, and the next call looks; what this one was to do is not begun.
    throw SqliteError(error.code(), "bringing the schema up to date");
  }
  settle_log(connection);
  const auto id = connection.sentinel();
  if (!id) throw Error(ErrorCode::kDamaged, path_ + " lacks the row that weir writes into every database");
  const std::lock_guard lock(mutex_);
  database_id_ = *id;
}

std::unique_ptr<Connection> Database::open(ConnectionRole role, TimePoint deadline) {
  try {
    return connect(role, deadline);
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
}

std::unique_ptr<Connection> Database::connect(ConnectionRole role, TimePoint deadline) {
  // Looked at before it is opened: another database is not even touched.
  require_usable();
  const auto status = look_at(path_);
  if (!status || status->id != file_) {
    lose_trust(Trust::kMoved, path_ + ": the database file was taken away or replaced");
    require_usable();
  }
  auto connection = std::make_unique<Connection>(path_, role, options_, clock_, deadline);
  if (connection->sentinel() != database_id_) {
    lose_trust(Trust::kMoved, "another database stands at " + path_);
    require_usable();
  }
  connection->remember_files();
  if (role == ConnectionRole::kReader) connection->limit_age_while(limits_read_age_);
  return connection;
}

void Database::require_usable() const {
  if (is_forked()) {
    throw Error(ErrorCode::kInternal,
                "this repository was built before fork() and must not be used in the child");
  }
  if (trust_.load(std::memory_order_acquire) == Trust::kMoved) throw Error(ErrorCode::kUnavailable, reason());
}

void Database::require_writable() const {
  require_usable();
  if (trust_.load(std::memory_order_acquire) == Trust::kDamaged) throw Error(ErrorCode::kDamaged, reason());
}

void Database::require_unmoved(Connection& connection) {
  const auto moved = connection.find_moved();
  if (!moved) return;
  lose_trust(Trust::kMoved, path_ + ": " + *moved);
  require_usable();
}

void Database::settle_log(Connection& connection) {
  if (options_.synchronous != Synchronous::kFull || !doubts_log_.load(std::memory_order_acquire)) return;
  sync_log(connection);
  doubts_log_.store(false, std::memory_order_release);
}

void Database::allow_last_checkpoint(Connection& connection) noexcept {
  try {
    require_writable();
    require_unmoved(connection);
    connection.allow_checkpoint_on_close();
  } catch (const std::exception& error) {
    spdlog::warn("closed without a checkpoint: {}", error.what());
  }
}

std::optional<Replaced> Database::probe(Connection& connection) {
  try {
    if (const auto moved = connection.find_moved()) {
      lose_trust(Trust::kMoved, path_ + ": " + *moved);
      return Replaced::kMoved;
    }
    if (connection.sentinel() == database_id_) return std::nullopt;
    lose_trust(Trust::kDamaged, path_ + ": the row that weir wrote at creation is gone");
  } catch (const SqliteError& error) {
    spdlog::error("health check of {}: {}", path_, error.what());
    if (reaction_to(error.code()).trust == Reaction::Trust::kNoWrites) mark_damaged(error.what());
  }
  return Replaced::kFailed;
}

void Database::mark_damaged(const std::string& reason) {
  lose_trust(Trust::kDamaged, path_ + ": " + reason);
}

void Database::mark_moved(const std::string& reason) {
  lose_trust(Trust::kMoved, path_ + ": " + reason);
}

void Database::lose_trust(Trust trust, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (trust_.load(std::memory_order_relaxed) >= trust) return;
  spdlog::critical("{}; {} are refused until a restart, the files are kept as they are", reason,
                   trust == Trust::kMoved ? "all calls" : "writes");
  reason_ = reason;
  trust_.store(trust, std::memory_order_release);
}

std::string Database::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

std::optional<std::string> Database::distrust() const {
  // Before it is prepared there is a reason only if that was tried and failed.
  const bool is_trusted = trust_.load(std::memory_order_acquire) == Trust::kFull && is_prepared();
  if (is_trusted) return std::nullopt;
  const std::string why = reason();
  return why.empty() ? std::nullopt : std::optional(why);
}

std::uint64_t Database::wal_bytes() const {
  const auto wal = look_at(path_ + "-wal");
  return wal ? wal->size : 0;
}

}  // namespace weir::repositories::sqlite
