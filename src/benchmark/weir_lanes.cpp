#include <algorithm>
#include <random>

#include "weir/benchmark/lanes.h"
#include "weir/repositories/sqlite/async_sql_repo.h"
#include "weir/repositories/sqlite/event_writes.h"
#include "weir/repositories/sqlite/pooled_sql_repo.h"

namespace weir::benchmark {
namespace {

using history::ConversationId;
using history::EventId;
using history::EventView;
using history::NewEvent;
using repositories::Operation;
using repositories::sqlite::AsyncSqlRepo;
using repositories::sqlite::EventWriter;
using repositories::sqlite::PooledSqlRepo;
using repositories::sqlite::RepositoryOptions;
using repositories::sqlite::SqlRepo;

NewEvent to_event(const Sample& sample) {
  using enum history::EventType;
  NewEvent event{ConversationId(Workload::conversation_id(sample.conversation)),
                 sample.is_user ? kUserMessage : kAssistantMessage};
  event.role = sample.is_user ? history::Role::kUser : history::Role::kAssistant;
  event.content = history::Content::text(sample.content);
  if (!sample.request_id.empty()) event.request_id = history::RequestId(sample.request_id);
  return event;
}

/// Looks at each field, and whether there are as many events as were asked for, one number after the other.
class CheckingSink final : public history::EventSink {
 public:
  void restart() override {
    rows_ = 0;
    is_dense_ = true;
  }

  void take(const EventView& event) override {
    is_dense_ = is_dense_ && (rows_ == 0 || event.seq == last_seq_ + 1);
    last_seq_ = event.seq;
    ++rows_;
    sum_ += touch(event);
  }

  bool is_right() const { return rows_ == kRecent && is_dense_ && sum_ > 0; }

 private:
  /// What the fields add up to, so that each is really read.
  static std::size_t touch(const EventView& event) {
    const auto size = [](const std::optional<std::string_view>& text) { return text ? text->size() : 0; };
    const std::size_t texts = event.id.size() + event.conversation_id.size() +
                              (event.content ? event.content->raw.size() : 0) + size(event.tool_calls) +
                              size(event.tool_call_id) + size(event.model) + event.extra.size() +
                              size(event.request_id);
    const std::int64_t numbers = event.timestamp.time_since_epoch().count() +
                                 static_cast<std::int64_t>(event.type) +
                                 (event.role ? static_cast<std::int64_t>(*event.role) : 0) +
                                 (event.usage ? event.usage->total_tokens : 0) + event.token_count;
    return texts + static_cast<std::size_t>(numbers);
  }

  std::size_t rows_ = 0;
  bool is_dense_ = true;
  history::Seq last_seq_ = 0;
  std::size_t sum_ = 0;
};

class WeirSession final : public Session {
 public:
  WeirSession(SqlRepo& repository, const Workload& workload) : repository_(repository), workload_(workload) {}

  bool point_read(std::size_t number) override {
    const auto event = repository_.find_event(EventId(Workload::rising_id(number)));
    return event && event->content && workload_.is_content_of(number, event->content->raw());
  }

  bool recent_50(std::size_t conversation) override {
    CheckingSink sink;
    repository_.read_events(
        {.conversation_id = ConversationId(Workload::conversation_id(conversation)), .limit = kRecent}, sink);
    return sink.is_right();
  }

  bool append(const Sample& sample) override {
    const auto appended = repository_.add_event(to_event(sample));
    return !appended.duplicate && appended.event.seq > 0;
  }

  bool hold_write(const std::function<const Sample*()>& next) override {
    repository_.transact(Operation::kAddEvents, [&](EventWriter& writer) {
      while (const Sample* sample = next()) writer.add(to_event(*sample));
    });
    return true;
  }

 private:
  SqlRepo& repository_;
  const Workload& workload_;
};

/// One of weir's repositories, configured as shipped but for search.
template <class Repository>
class WeirLane final : public Lane {
 public:
  WeirLane(const LaneSettings& settings, const Workload& workload)
      : workload_(workload), repository_(options_of(settings), {clock_, observer_, std::random_device{}()}) {
    repository_.open();
    if (settings.has_search) index_all();
  }

  std::unique_ptr<Session> session() override {
    return std::make_unique<WeirSession>(repository_, workload_);
  }

 private:
  static RepositoryOptions options_of(const LaneSettings& settings) {
    RepositoryOptions options;
    options.path = settings.path;
    options.sqlite.synchronous = settings.synchronous;
    options.search.enabled = settings.has_search;
    return options;
  }

  /// What the database was filled with; only what is appended is left to be indexed beside the load.
  void index_all() { repository_.search({.words = "word"}, {.timeout = std::chrono::hours{1}}); }

  const Workload& workload_;
  repositories::SystemClock clock_;
  repositories::Observer observer_;
  Repository repository_;
};

}  // namespace

std::unique_ptr<Lane> open_legacy_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<WeirLane<AsyncSqlRepo>>(settings, workload);
}

std::unique_ptr<Lane> open_pooled_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<WeirLane<PooledSqlRepo>>(settings, workload);
}

void fill_weir(const std::string& path, const Workload& workload) {
  constexpr std::size_t kBatch = 5'000;
  repositories::SystemClock clock;
  repositories::Observer observer;
  RepositoryOptions options;
  options.path = path;
  options.search.enabled = false;
  PooledSqlRepo repository(options, {clock, observer, 1});
  for (std::size_t begin = 0; begin < workload.size().events; begin += kBatch) {
    std::vector<NewEvent> events;
    for (std::size_t i = begin; i < std::min(begin + kBatch, workload.size().events); ++i) {
      events.push_back(to_event(workload.sample(i)));
      events.back().id = EventId(Workload::rising_id(i));
    }
    repository.add_events(events);
  }
}

}  // namespace weir::benchmark
