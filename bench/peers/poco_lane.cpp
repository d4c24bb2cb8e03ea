// Poco::Data's SessionPool, whose sessions are taken for each call; statements are prepared for each use.

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SessionPool.h>
#include <Poco/Data/Transaction.h>
#include <Poco/Data/TypeHandler.h>

#include <mutex>
#include <semaphore>

#include "peers.h"
#include "record.h"

namespace Poco::Data {

/// How Poco::Data reads a row into an object.
template <>
class TypeHandler<weir::peers::Record> {
 public:
  using Record = weir::peers::Record;

  static std::size_t size() { return weir::peers::kColumns; }

  static void prepare(std::size_t position, const Record& record, AbstractPreparator::Ptr preparator) {
    for (const auto& column : record.columns) preparator->prepare(position++, column.value_or(""));
  }

  static void extract(std::size_t position, Record& record, const Record&, AbstractExtractor::Ptr extractor) {
    for (auto& column : record.columns) {
      std::string text;
      column.reset();
      if (extractor->extract(position++, text)) column = std::move(text);
    }
  }
};

}  // namespace Poco::Data

namespace weir::peers {
namespace {

using benchmark::LaneSettings;
using benchmark::Sample;
using benchmark::Workload;
using namespace Poco::Data::Keywords;

constexpr int kFewestSessions = 1;
constexpr std::size_t kBusyTimeoutSeconds = kBusyTimeoutMs / 1000;

/// Sessions whose commits are synced as asked.
class Pool final : public Poco::Data::SessionPool {
 public:
  explicit Pool(const LaneSettings& settings)
      : SessionPool(Poco::Data::SQLite::Connector::KEY, settings.path, kFewestSessions, kPoolSize),
        pragma_(synchronous_pragma(settings.synchronous)) {}

  /// Has `work` use a session. SessionPool throws when all are taken; whoever comes then waits here.
  template <class Work>
  auto with_session(Work work) {
    const Turn turn(turns_);
    Poco::Data::Session session = get();
    return work(session);
  }

 protected:
  void customizeSession(Poco::Data::Session& session) override {
    session.setProperty("connectionTimeout", kBusyTimeoutSeconds);
    session << pragma_, now;
  }

 private:
  using Turns = std::counting_semaphore<kPoolSize>;

  class Turn {
   public:
    explicit Turn(Turns& turns) : turns_(turns) { turns_.acquire(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { turns_.release(); }

   private:
    Turns& turns_;
  };

  const std::string pragma_;
  Turns turns_{kPoolSize};
};

void insert(Poco::Data::Session& session, NewRecord record) {
  Poco::Nullable<std::string> request_id;
  if (record.request_id) request_id = *record.request_id;
  session << kInsert, use(record.id), use(record.conversation_id), use(record.type), use(record.role),
      use(record.content), use(record.token_count), use(request_id), now;
}

class PocoSession final : public benchmark::Session {
 public:
  PocoSession(Pool& pool, const Workload& workload, std::mutex& writing)
      : pool_(pool), workload_(workload), writing_(writing) {}

  bool point_read(std::size_t number) override {
    return pool_.with_session([&](Poco::Data::Session& session) {
      std::string id = Workload::random_id(number);
      Record found;
      session << kSelectById, into(found), use(id), now;
      return is_message(found, workload_, number);
    });
  }

  bool recent_50(std::size_t conversation) override {
    return pool_.with_session([&](Poco::Data::Session& session) {
      std::string id = Workload::conversation_id(conversation);
      std::vector<Record> records;
      session << kSelectRecent, into(records), use(id), now;
      return put_in_order(records);
    });
  }

  bool append(const Sample& sample) override {
    const std::lock_guard lock(writing_);
    return pool_.with_session([&](Poco::Data::Session& session) {
      insert(session, NewRecord(sample));
      return true;
    });
  }

  bool hold_write(const std::function<const Sample*()>& next) override {
    const std::lock_guard lock(writing_);
    return pool_.with_session([&](Poco::Data::Session& session) {
      Poco::Data::Transaction transaction(session);
      while (const Sample* sample = next()) insert(session, NewRecord(*sample));
      transaction.commit();
      return true;
    });
  }

 private:
  Pool& pool_;
  const Workload& workload_;
  std::mutex& writing_;
};

class PocoLane final : public benchmark::Lane {
 public:
  PocoLane(const LaneSettings& settings, const Workload& workload) : workload_(workload), pool_(settings) {}

  std::unique_ptr<benchmark::Session> session() override {
    return std::make_unique<PocoSession>(pool_, workload_, writing_);
  }

 private:
  const Workload& workload_;
  Pool pool_;
  std::mutex writing_;
};

}  // namespace

std::unique_ptr<benchmark::Lane> open_poco_lane(const LaneSettings& settings, const Workload& workload) {
  Poco::Data::SQLite::Connector::registerConnector();
  return std::make_unique<PocoLane>(settings, workload);
}

}  // namespace weir::peers
