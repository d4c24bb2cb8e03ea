#include <mutex>

#include "weir/benchmark/lanes.h"
#include "weir/benchmark/reference_schema.h"

namespace weir::benchmark {
namespace {

class RawSession final : public Session {
 public:
  RawSession(const LaneSettings& settings, const Workload& workload, std::mutex& writing)
      : connection_(settings.path, settings.synchronous, workload), writing_(writing) {}

  bool point_read(std::size_t number) override { return connection_.point_read(number); }
  bool recent_50(std::size_t conversation) override { return connection_.recent_50(conversation); }
  bool append(const Sample& sample) override {
    const std::lock_guard lock(writing_);
    return connection_.append(sample);
  }
  bool hold_write(const std::function<const Sample*()>& next) override {
    const std::lock_guard lock(writing_);
    return connection_.hold_write(next);
  }

 private:
  ReferenceConnection connection_;
  std::mutex& writing_;
};

/// The C API as most write it: a connection for each thread, one mutex round the writes.
class RawLane final : public Lane {
 public:
  RawLane(LaneSettings settings, const Workload& workload)
      : settings_(std::move(settings)), workload_(workload) {}

  std::unique_ptr<Session> session() override {
    return std::make_unique<RawSession>(settings_, workload_, writing_);
  }

 private:
  const LaneSettings settings_;
  const Workload& workload_;
  std::mutex writing_;
};

}  // namespace

std::unique_ptr<Lane> open_raw_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<RawLane>(settings, workload);
}

}  // namespace weir::benchmark
