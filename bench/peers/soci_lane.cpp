// SOCI's connection_pool, whose sessions are leased for each call; statements are prepared for each use.

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <mutex>

#include "peers.h"
#include "record.h"

namespace weir::peers {
namespace {

using benchmark::LaneSettings;
using benchmark::Sample;
using benchmark::Workload;
using repositories::sqlite::Synchronous;

/// Where a statement puts the row that it stands on.
class Row {
 public:
  void bind_to(soci::statement& statement) {
    for (std::size_t i = 0; i < kColumns; ++i) statement.exchange(soci::into(values_[i], states_[i]));
  }

  Record record() const {
    Record record;
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (states_[i] == soci::i_ok) record.columns[i] = values_[i];
    }
    return record;
  }

 private:
  std::array<std::string, kColumns> values_;
  std::array<soci::indicator, kColumns> states_{};
};

/// All rows that `query` gives for `parameter`.
std::vector<Record> select(soci::session& session, const std::string& query, const std::string& parameter) {
  Row row;
  soci::statement statement(session);
  row.bind_to(statement);
  statement.exchange(soci::use(parameter));
  statement.alloc();
  statement.prepare(query);
  statement.define_and_bind();
  statement.execute();
  std::vector<Record> records;
  while (statement.fetch()) records.push_back(row.record());
  return records;
}

void insert(soci::session& session, const NewRecord& record) {
  using soci::use;
  const std::string request_id = record.request_id.value_or("");
  soci::indicator state = record.request_id ? soci::i_ok : soci::i_null;
  session << kInsert, use(record.id), use(record.conversation_id), use(record.type), use(record.role),
      use(record.content), use(record.token_count), use(request_id, state);
}

class SociSession final : public benchmark::Session {
 public:
  SociSession(soci::connection_pool& pool, const Workload& workload, std::mutex& writing)
      : pool_(pool), workload_(workload), writing_(writing) {}

  bool point_read(std::size_t number) override {
    soci::session session(pool_);
    const auto found = select(session, kSelectById, Workload::random_id(number));
    return found.size() == 1 && is_message(found.front(), workload_, number);
  }

  bool recent_50(std::size_t conversation) override {
    soci::session session(pool_);
    auto records = select(session, kSelectRecent, Workload::conversation_id(conversation));
    return put_in_order(records);
  }

  bool append(const Sample& sample) override {
    const NewRecord record(sample);
    const std::lock_guard lock(writing_);
    soci::session session(pool_);
    insert(session, record);
    return true;
  }

  bool hold_write(const std::function<const Sample*()>& next) override {
    const std::lock_guard lock(writing_);
    soci::session session(pool_);
    soci::transaction transaction(session);
    while (const Sample* sample = next()) insert(session, NewRecord(*sample));
    transaction.commit();
    return true;
  }

 private:
  soci::connection_pool& pool_;
  const Workload& workload_;
  std::mutex& writing_;
};

class SociLane final : public benchmark::Lane {
 public:
  SociLane(const LaneSettings& settings, const Workload& workload) : workload_(workload) {
    const std::string connection =
        "dbname=" + settings.path + " timeout=" + std::to_string(kBusyTimeoutMs / 1000) +
        " synchronous=" + (settings.synchronous == Synchronous::kFull ? "full" : "normal");
    for (std::size_t i = 0; i < kPoolSize; ++i) pool_.at(i).open(soci::sqlite3, connection);
  }

  std::unique_ptr<benchmark::Session> session() override {
    return std::make_unique<SociSession>(pool_, workload_, writing_);
  }

 private:
  const Workload& workload_;
  soci::connection_pool pool_{kPoolSize};
  std::mutex writing_;
};

}  // namespace

std::unique_ptr<benchmark::Lane> open_soci_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<SociLane>(settings, workload);
}

}  // namespace weir::peers
