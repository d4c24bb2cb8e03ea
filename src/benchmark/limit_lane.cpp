#include <chrono>
#include <mutex>
#include <optional>

#include "weir/benchmark/c_api.h"
#include "weir/benchmark/group.h"
#include "weir/benchmark/lanes.h"

namespace weir::benchmark {
namespace {

using repositories::sqlite::Synchronous;
using enum CStatement::Text;

// As the shipped configuration has them.
constexpr const char* kTuning =
    "PRAGMA busy_timeout = 5000; PRAGMA cache_size = 2000; PRAGMA temp_store = MEMORY";
constexpr int kMostFrames = 8000;

#define WEIR_LIMIT_COLUMNS                                                                   \
  "e.place, e.id, e.timestamp, e.type, e.role, e.content_form, e.content, e.tool_calls, "    \
  "e.tool_call_id, e.model, e.prompt_tokens, e.completion_tokens, e.total_tokens, e.extra, " \
  "e.token_count, e.request_id"
constexpr int kColumns = 16;
constexpr int kContentColumn = 6;

constexpr int kOpenFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

std::int64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

/// What the columns of a row add up to, so that each is really read, as what it is.
std::int64_t touch(const CStatement& row) {
  std::int64_t sum = 0;
  for (int column = 0; column < kColumns; ++column) {
    const int type = sqlite3_column_type(row.handle(), column);
    if (type == SQLITE_INTEGER) sum += row.integer(column);
    if (type == SQLITE_TEXT) sum += static_cast<std::int64_t>(row.text(column).size());
  }
  return sum;
}

class Reader {
 public:
  Reader(const std::string& path, const Workload& workload)
      : workload_(workload),
        database_(path, kOpenFlags),
        by_id_(database_, "SELECT " WEIR_LIMIT_COLUMNS
                          ", c.id FROM events AS e CROSS JOIN conversations AS c ON c.number = e.place >> 32"
                          " WHERE e.id = ?1"),
        recent_(database_, "SELECT " WEIR_LIMIT_COLUMNS
                           " FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32)"
                           " AND e.place < ((c.number + 1) << 32) WHERE c.id = ?1"
                           " ORDER BY e.place DESC LIMIT 50") {
    database_.execute(kTuning);
  }

  bool point_read(std::size_t number) {
    const std::string id = Workload::rising_id(number);
    by_id_.bind(1, id, kBorrowed);
    const bool is_right =
        by_id_.step() && touch(by_id_) > 0 && workload_.is_content_of(number, by_id_.text(kContentColumn));
    by_id_.reset();
    return is_right;
  }

  bool recent_50(std::size_t conversation) {
    const std::string id = Workload::conversation_id(conversation);
    recent_.bind(1, id, kBorrowed);
    std::size_t rows = 0;
    bool is_right = true;
    for (std::int64_t above = 0; recent_.step(); ++rows) {
      touch(recent_);
      const std::int64_t place = recent_.integer(0);
      is_right = is_right && (above == 0 || place == above - 1);
      above = place;
    }
    recent_.reset();
    return is_right && rows == kRecent;
  }

 private:
  const Workload& workload_;
  CDatabase database_;
  CStatement by_id_;
  CStatement recent_;
};

class Writer {
 public:
  explicit Writer(const LaneSettings& settings)
      : database_(settings.path, kOpenFlags),
        checkpoints_(settings.path, kOpenFlags),
        begin_(database_, "BEGIN IMMEDIATE"),
        commit_(database_, "COMMIT"),
        find_(database_, "SELECT number, last_seq FROM conversations WHERE id = ?1"),
        insert_(database_,
                "INSERT INTO events(place, id, timestamp, type, role, content_form, content, token_count,"
                " request_id) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8)"),
        advance_(database_,
                 "UPDATE conversations SET last_seq = ?2, event_count = event_count + 1, updated_at = ?3,"
                 " activity = (SELECT max(activity) + 1 FROM conversations) WHERE number = ?1") {
    const std::string synchronous = settings.synchronous == Synchronous::kFull ? "FULL" : "NORMAL";
    for (CDatabase* database : {&database_, &checkpoints_}) {
      database->execute(kTuning);
      database->execute("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = " + synchronous);
    }
    checkpoints_.execute("SELECT count(*) FROM weir_database");
    sqlite3_wal_hook(database_.handle(), &Writer::on_commit, this);
  }

  void begin() { begin_.run(); }
  void commit() { commit_.run(); }

  void append(const Sample& sample) {
    const std::string conversation = Workload::conversation_id(sample.conversation);
    find_.bind(1, conversation, kBorrowed).step();
    const std::int64_t number = find_.integer(0);
    const std::int64_t seq = find_.integer(1) + 1;
    find_.reset();
    const std::string id = Workload::rising_id(sample.number);
    const std::int64_t now = now_us();
    insert_.bind(1, number << 32 | seq).bind(2, id, kBorrowed).bind(3, now).bind(4, sample.is_user ? 0 : 1);
    insert_.bind(5, sample.is_user ? 1 : 2).bind(6, sample.content, kBorrowed);
    insert_.bind(7, static_cast<std::int64_t>(sample.content.size() / 4))
        .bind(8, sample.request_id, kBorrowed)
        .run();
    advance_.bind(1, number).bind(2, seq).bind(3, now).run();
  }

  /// Copies the log back once it has grown enough.
  void checkpoint_when_due() {
    if (frames_ < copied_) copied_ = 0;  // the log has begun anew
    if (frames_ - copied_ < kMostFrames) return;
    sqlite3_wal_checkpoint_v2(checkpoints_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    copied_ = frames_;
  }

 private:
  static int on_commit(void* self, sqlite3*, const char*, int frames) {
    static_cast<Writer*>(self)->frames_ = frames;
    return SQLITE_OK;
  }

  CDatabase database_;
  CDatabase checkpoints_;
  CStatement begin_;
  CStatement commit_;
  CStatement find_;
  CStatement insert_;
  CStatement advance_;
  int frames_ = 0;  // in the log
  int copied_ = 0;  // of them, by the last checkpoint
};

/// The C API tuned to the utmost: a reader for each thread, one writer that stores in groups.
class LimitLane final : public Lane {
 public:
  LimitLane(const LaneSettings& settings, const Workload& workload)
      : settings_(settings), workload_(workload), writer_(settings) {}

  std::unique_ptr<Session> session() override;

  void append(const Sample& sample) {
    group_.submit(
        sample,
        [&](const std::vector<const Sample*>& samples) {
          writer_.begin();
          for (const Sample* each : samples) writer_.append(*each);
          writer_.commit();
        },
        [&] { writer_.checkpoint_when_due(); });
  }

  void hold_write(const std::function<const Sample*()>& next) {
    writer_.begin();
    while (const Sample* sample = next()) writer_.append(*sample);
    writer_.commit();
    writer_.checkpoint_when_due();
  }

 private:
  const LaneSettings settings_;
  const Workload& workload_;
  Writer writer_;
  Group<const Sample> group_;
};

class LimitSession final : public Session {
 public:
  LimitSession(LimitLane& lane, const std::string& path, const Workload& workload)
      : lane_(lane), reader_(path, workload) {}

  bool point_read(std::size_t number) override { return reader_.point_read(number); }
  bool recent_50(std::size_t conversation) override { return reader_.recent_50(conversation); }
  bool append(const Sample& sample) override {
    lane_.append(sample);
    return true;
  }
  bool hold_write(const std::function<const Sample*()>& next) override {
    lane_.hold_write(next);
    return true;
  }

 private:
  LimitLane& lane_;
  Reader reader_;
};

std::unique_ptr<Session> LimitLane::session() {
  return std::make_unique<LimitSession>(*this, settings_.path, workload_);
}

#undef WEIR_LIMIT_COLUMNS

}  // namespace

std::unique_ptr<Lane> open_limit_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<LimitLane>(settings, workload);
}

}  // namespace weir::benchmark
