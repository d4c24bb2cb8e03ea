#include "weir/commands/file_findings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "weir/repositories/file_surroundings.h"

namespace weir::commands {
namespace {

using repositories::FileSystemKind;
using enum Finding::Level;

std::string joined(const std::vector<pid_t>& processes) {
  std::string text;
  for (const pid_t process : processes) text += (text.empty() ? "" : ", ") + std::to_string(process);
  return text;
}

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode));
  return text.data();
}

Finding look_at_mode(const std::string& path, const repositories::FileOwnership& file) {
  constexpr mode_t kForOthers = 0077;
  const std::string text = path + ": " + bytes_text(file.size) + ", mode " + octal(file.mode) +
                           ", owned by user " + std::to_string(file.owner);
  if ((file.mode & kForOthers) == 0) return {kOk, "file", text};
  return {kNote, "file", text, "others than its owner may read or write it: chmod 600 " + path};
}

/// Who starts weir as root once leaves files that the service's own user cannot open.
void look_at_side_file(const std::string& path, const repositories::FileOwnership& file, Findings& findings) {
  const auto side = repositories::ownership_of(path);
  if (!side || side->owner == file.owner) return;
  findings.push_back(
      {kFail, "file", path + " is owned by user " + std::to_string(side->owner),
       "give it to the owner of the database: chown " + std::to_string(file.owner) + " " + path});
}

void look_at_folder(const std::string& path, Findings& findings) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  if (::access(folder.c_str(), W_OK) == 0 && ::access(path.c_str(), R_OK | W_OK) == 0) return;
  findings.push_back({kNote, "file", "this user may not write " + path + " or its folder",
                      "the user that serves it has to: SQLite makes its log beside the file"});
}

Finding look_at_kind(FileSystemKind kind) {
  const std::string what = "file system";
  switch (kind) {
    case FileSystemKind::kLocal:
      break;
    case FileSystemKind::kNetwork:
      return {kFail, what, "a network file system",
              "move the database to a local disk: locks and shared memory are not to be trusted there"};
    case FileSystemKind::kMemory:
      return {kNote, what, "in memory", "the database goes with the next restart of the machine"};
    case FileSystemKind::kOverlay:
      return {kNote, what, "a container's own layer", "the database goes with the container: mount a volume"};
    case FileSystemKind::kUserSpace:
      return {kNote, what, "a program's (FUSE)", "make sure that it knows POSIX locks and shared memory"};
  }
  return {kOk, what, "a local one"};
}

Finding look_at_space(std::uint64_t free, std::uint64_t database, std::uint64_t log_limit) {
  const std::string text = bytes_text(free) + " free";
  if (free < log_limit) {
    return {kFail, "space", text + ", less than the log may take (" + bytes_text(log_limit) + ")",
            "make room: writes will be refused with 507"};
  }
  if (free < database) {
    return {kNote, "space", text + ", less than the database has", "a backup on this disk does not fit"};
  }
  return {kOk, "space", text};
}

Finding look_at_pending(const repositories::sqlite::LogFacts& log, std::uint64_t limit) {
  const std::string text =
      bytes_text(log.bytes) + (log.pending_frames ? ", of which " + std::to_string(*log.pending_frames) +
                                                        " pages are not yet copied back"
                                                  : "");
  if (log.bytes <= limit) return {kOk, "log", text};
  return {kNote, "log", text + "; its limit is " + bytes_text(limit),
          "somebody reads for long and keeps it from shrinking: a backup, an export, another program"};
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

Users users_of(const std::string& path) {
  Users users;
  const auto servers = repositories::lock_holders_of(path + ".lock");
  if (!servers.empty()) users.server = servers.front();
  // Whoever has the database open holds a lock on the index of its log; one that keeps others out, on itself.
  for (const char* suffix : {"-shm", ""}) {
    for (const pid_t process : repositories::lock_holders_of(path + suffix)) {
      if (process != users.server && std::ranges::find(users.others, process) == users.others.end()) {
        users.others.push_back(process);
      }
    }
  }
  return users;
}

Findings look_at_files(const std::string& path) {
  const auto file = repositories::ownership_of(path);
  if (!file) return {};
  Findings findings = {look_at_mode(path, *file)};
  for (const char* suffix : {"-wal", "-shm", ".lock"}) look_at_side_file(path + suffix, *file, findings);
  look_at_folder(path, findings);
  if (std::filesystem::exists(path + "-journal")) {
    findings.push_back(
        {kFail, "file", path + "-journal is there, which weir does not make",
         "another program was ended in the middle of a change: keep both files, and open them with the "
         "sqlite3 shell, which undoes it"});
  }
  return findings;
}

Findings look_at_file_system(const config::Settings& settings) {
  const std::string& path = settings.repository.path;
  const auto system = repositories::file_system_of(path);
  const auto file = repositories::ownership_of(path);
  return {look_at_kind(system.kind),
          look_at_space(system.free_bytes, file ? file->size : 0, settings.sqlite.wal_limit)};
}

Findings look_at_users(const Users& users) {
  Findings findings;
  findings.push_back({kOk, "service",
                      users.server ? "process " + std::to_string(*users.server) + " works on it"
                                   : "none works on it, as far as can be seen from here"});
  if (users.others.empty()) return findings;
  const bool is_beside = users.server.has_value();
  findings.push_back({kNote, "other programs", "processes that have it open: " + joined(users.others),
                      is_beside ? "they may read; who writes beside weir takes no ticket of it"
                                : "they are no weir that serves"});
  return findings;
}

Findings look_at_log(const config::Settings& settings, const Users& users) {
  const std::string& path = settings.repository.path;
  auto log = repositories::sqlite::inspect_log(path);
  // A program that keeps others out keeps the index of the log to itself: one that is there is an old one.
  if (log && repositories::lock_holders_of(path + "-shm").empty()) log->pending_frames.reset();
  if (log && users.is_anybody()) return {look_at_pending(*log, settings.sqlite.wal_limit)};
  if (log && log->bytes > 0) {
    return {{kNote, "log",
             bytes_text(log->bytes) + ", left by a program that was killed or closed in a hurry",
             "it holds what was stored last: never delete it, the next start brings it in"}};
  }
  const bool has_remains = log || std::filesystem::exists(path + "-shm");
  return {{kOk, "log", has_remains ? "empty, left behind, harmless" : "none, as after an orderly end"}};
}

}  // namespace weir::commands
