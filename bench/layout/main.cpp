// Fills a database in each of several layouts and measures the three questions on each, on one thread:
// appends in groups of 16 with a checkpoint every 750 pages, point reads, recent 50, a page of the list.
// Results as a table on stdout. Arguments: EVENTS CONVERSATIONS SECONDS [LAYOUT...]

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "layouts.h"
#include "weir/benchmark/c_api.h"
#include "weir/benchmark/workload.h"

namespace {

using weir::bench::Layout;
using weir::benchmark::CDatabase;
using weir::benchmark::CStatement;
using weir::benchmark::Sample;
using weir::benchmark::Workload;
using Clock = std::chrono::steady_clock;

constexpr int kGroup = 16;
constexpr int kPagesBetweenCheckpoints = 750;
constexpr const char* kPath = "layout.db";

std::string_view argument(sqlite3_value* value) {
  return {reinterpret_cast<const char*>(sqlite3_value_text(value)),
          static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

unsigned digit(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

void unhex16(sqlite3_context* context, int, sqlite3_value** values) {
  std::array<unsigned char, 16> bytes{};
  std::size_t digits = 0;
  for (const char c : argument(values[0])) {
    if (c == '-' || digits == 32) continue;
    bytes[digits / 2] = static_cast<unsigned char>(bytes[digits / 2] << 4U | digit(c));
    ++digits;
  }
  sqlite3_result_blob(context, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

/// The same text for the same id, in random order: the random bits of a rising id come first.
void random_id(sqlite3_context* context, int, sqlite3_value** values) {
  std::string id(argument(values[0]));
  std::ranges::reverse(id);
  sqlite3_result_text(context, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
}

class Bench {
 public:
  Bench(const Layout& layout, weir::benchmark::WorkloadSize size, double seconds)
      : layout_(layout), workload_(size), seconds_(seconds) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(std::string(kPath) + suffix);
    database_ =
        std::make_unique<CDatabase>(kPath, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    sqlite3_create_function(database_->handle(), "unhex16", 1, kFlags, nullptr, unhex16, nullptr, nullptr);
    sqlite3_create_function(database_->handle(), "random_id", 1, kFlags, nullptr, random_id, nullptr,
                            nullptr);
    database_->execute(layout.pragmas);
    database_->execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;"
        "PRAGMA cache_size = -40000");
    database_->execute(layout.schema);
    for (const char* sql : layout.append) {
      if (sql != nullptr) appends_.push_back(std::make_unique<CStatement>(*database_, sql));
    }
    fill();
  }

  void report() {
    const std::int64_t pages_before = pages_written();
    const std::size_t first = next_;
    const double appends = rate(kGroup, [&] { append_group(); });
    const double pages =
        static_cast<double>(pages_written() - pages_before) / static_cast<double>(next_ - first);
    const double points =
        rate(1, [&] { ask(layout_.point_read, point_, 2, Workload::rising_id(random(first))); });
    const double recents = rate(1, [&] {
      ask(layout_.recent_50, recent_, 1, Workload::conversation_id(random(workload_.size().conversations)));
    });
    const double lists = rate(1, [&] { ask(layout_.list, list_, 0, ""); });
    std::printf("%-12s %9.0f %9.2f %9.0f %9.0f %9.3f %9.1f  %s\n", layout_.name, appends, pages, points,
                recents, 1000 / lists, megabytes(), layout_.what);
    std::fflush(stdout);
  }

 private:
  void fill() {
    CStatement conversation(*database_, layout_.new_conversation);
    database_->execute("BEGIN");
    for (std::size_t i = 0; i < workload_.size().conversations; ++i) {
      conversation.bind(1, Workload::conversation_id(i));
      if (sqlite3_bind_parameter_count(conversation.handle()) >= 3) conversation.bind(3, std::int64_t{1});
      conversation.run();
    }
    while (next_ < workload_.size().events) append();
    database_->execute("COMMIT");
    checkpoint();
  }

  void append() {
    const Sample sample = workload_.sample(next_);
    const std::string conversation = Workload::conversation_id(sample.conversation);
    const std::string id = Workload::rising_id(next_);
    for (const auto& statement : appends_) {
      const int parameters = sqlite3_bind_parameter_count(statement->handle());
      statement->bind(1, conversation);
      if (parameters >= 2) statement->bind(2, id);
      statement->bind(3, static_cast<std::int64_t>(1'700'000'000'000'000 + next_));
      if (parameters >= 6) {
        statement->bind(4, std::int64_t{sample.is_user ? 0 : 1})
            .bind(5, sample.content)
            .bind(6, sample.request_id);
      }
      statement->run();
    }
    ++next_;
  }

  void append_group() {
    database_->execute("BEGIN IMMEDIATE");
    for (int i = 0; i < kGroup; ++i) append();
    database_->execute("COMMIT");
    if (pages_written() - checkpointed_at_ > kPagesBetweenCheckpoints) checkpoint();
  }

  void checkpoint() {
    sqlite3_wal_checkpoint_v2(database_->handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    checkpointed_at_ = pages_written();
  }

  std::int64_t pages_written() const {
    int current = 0;
    int highest = 0;
    sqlite3_db_status(database_->handle(), SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 0);
    return current;
  }

  void ask(const char* sql, std::unique_ptr<CStatement>& statement, int parameter, const std::string& id) {
    if (!statement) statement = std::make_unique<CStatement>(*database_, sql);
    if (parameter != 0) statement->bind(parameter, id);
    std::size_t bytes = 0;
    while (statement->step()) {
      for (int i = 0; i < sqlite3_column_count(statement->handle()); ++i) bytes += statement->text(i).size();
    }
    statement->reset();
    if (bytes == 0) std::abort();
  }

  /// How often a second `work`, which does `count` of them, does one.
  double rate(int count, const std::function<void()>& work) const {
    const auto began = Clock::now();
    std::chrono::duration<double> took{};
    double done = 0;
    for (; took.count() < seconds_; took = Clock::now() - began) {
      for (int i = 0; i < 8; ++i) work();
      done += 8.0 * count;
    }
    return done / took.count();
  }

  std::size_t random(std::size_t end) { return (random_ = weir::benchmark::mix(random_)) % end; }
  static double megabytes() { return static_cast<double>(std::filesystem::file_size(kPath)) / 1e6; }

  const Layout& layout_;
  const Workload workload_;
  const double seconds_;
  std::unique_ptr<CDatabase> database_;
  std::vector<std::unique_ptr<CStatement>> appends_;
  std::unique_ptr<CStatement> point_;
  std::unique_ptr<CStatement> recent_;
  std::unique_ptr<CStatement> list_;
  std::size_t next_ = 0;
  std::int64_t checkpointed_at_ = 0;
  std::uint64_t random_ = 7;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_layout EVENTS CONVERSATIONS SECONDS [LAYOUT...]\n", stderr);
    return 2;
  }
  const weir::benchmark::WorkloadSize size{std::strtoull(argv[1], nullptr, 10),
                                           std::strtoull(argv[2], nullptr, 10)};
  const std::vector<std::string> names(argv + 4, argv + argc);
  std::printf("%-12s %9s %9s %9s %9s %9s %9s\n", "layout", "appends/s", "pages", "points/s", "recent/s",
              "list ms", "MB");
  for (const Layout& layout : weir::bench::all_layouts()) {
    if (!names.empty() && std::ranges::find(names, layout.name) == names.end()) continue;
    Bench(layout, size, std::atof(argv[3])).report();
  }
  return 0;
}
