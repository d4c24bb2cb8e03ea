// SQLiteCpp has no pool: each thread keeps a connection and its prepared statements.

#include <SQLiteCpp/SQLiteCpp.h>

#include <mutex>

#include "peers.h"
#include "record.h"

namespace weir::peers {
namespace {

using benchmark::LaneSettings;
using benchmark::Sample;
using benchmark::Workload;

Record read(SQLite::Statement& row) {
  Record record;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const SQLite::Column column = row.getColumn(static_cast<int>(i));
    if (!column.isNull()) record.columns[i] = column.getString();
  }
  return record;
}

void run(SQLite::Statement& insert, const NewRecord& record) {
  insert.bind(1, record.id);
  insert.bind(2, record.conversation_id);
  insert.bind(3, record.type);
  insert.bind(4, record.role);
  insert.bind(5, record.content);
  insert.bind(6, record.token_count);
  if (record.request_id) {
    insert.bind(7, *record.request_id);
  } else {
    insert.bind(7);
  }
  insert.exec();
  insert.reset();
}

class SqliteCppSession final : public benchmark::Session {
 public:
  SqliteCppSession(const LaneSettings& settings, const Workload& workload, std::mutex& writing)
      : workload_(workload),
        writing_(writing),
        database_(settings.path, SQLite::OPEN_READWRITE, kBusyTimeoutMs),
        by_id_(database_, kSelectById),
        recent_(database_, kSelectRecent),
        insert_(database_, kInsert) {
    database_.exec(synchronous_pragma(settings.synchronous));
  }

  bool point_read(std::size_t number) override {
    by_id_.bind(1, Workload::random_id(number));
    std::optional<Record> found;
    if (by_id_.executeStep()) found = read(by_id_);
    by_id_.reset();
    return found && is_message(*found, workload_, number);
  }

  bool recent_50(std::size_t conversation) override {
    recent_.bind(1, Workload::conversation_id(conversation));
    std::vector<Record> records;
    while (recent_.executeStep()) records.push_back(read(recent_));
    recent_.reset();
    return put_in_order(records);
  }

  bool append(const Sample& sample) override {
    const NewRecord record(sample);
    const std::lock_guard lock(writing_);
    run(insert_, record);
    return true;
  }

  bool hold_write(const std::function<const Sample*()>& next) override {
    const std::lock_guard lock(writing_);
    SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
    while (const Sample* sample = next()) run(insert_, NewRecord(*sample));
    transaction.commit();
    return true;
  }

 private:
  const Workload& workload_;
  std::mutex& writing_;
  SQLite::Database database_;
  SQLite::Statement by_id_;
  SQLite::Statement recent_;
  SQLite::Statement insert_;
};

class SqliteCppLane final : public benchmark::Lane {
 public:
  SqliteCppLane(LaneSettings settings, const Workload& workload)
      : settings_(std::move(settings)), workload_(workload) {}

  std::unique_ptr<benchmark::Session> session() override {
    return std::make_unique<SqliteCppSession>(settings_, workload_, writing_);
  }

 private:
  const LaneSettings settings_;
  const Workload& workload_;
  std::mutex writing_;
};

}  // namespace

std::unique_ptr<benchmark::Lane> open_sqlitecpp_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<SqliteCppLane>(settings, workload);
}

}  // namespace weir::peers
