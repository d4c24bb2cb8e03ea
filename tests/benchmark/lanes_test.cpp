// Each lane gives right answers and tells wrong ones: whoever is fast by answering nothing is found out.

#include "weir/benchmark/lanes.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "benchmark/in_child.h"
#include "support/scratch_directory.h"

using namespace weir::benchmark;
using weir::repositories::sqlite::Synchronous;
using weir::testing::holds_in_child;
using weir::testing::ScratchDirectory;

namespace {

constexpr WorkloadSize kTiny{400, 4};

/// What a test asks of a lane; true when all of it was right.
using Question = std::function<bool(Session& session, const Workload& workload)>;

bool is_right(const LaneKind& kind, const Question& ask, Synchronous synchronous = Synchronous::kNormal) {
  const Workload workload(kTiny);
  const ScratchDirectory scratch;
  const std::string path = scratch / "lane.db";
  return holds_in_child([&] {
    kind.fill(path, workload);
    const auto lane = kind.open({path, synchronous}, workload);
    return ask(*lane->session(), workload);
  });
}

bool every_recent_50_is_right(Session& session) {
  bool all_right = true;
  for (std::size_t i = 0; i < kTiny.conversations; ++i) all_right = session.recent_50(i) && all_right;
  return all_right;
}

/// A lane's answer, or false when it throws, which counts as wrong.
template <class Ask>
bool answer_of(Ask ask) {
  try {
    return ask();
  } catch (const std::exception&) {
    return false;
  }
}

#define CHECK_EVERY_LANE(...)                \
  for (const LaneKind& kind : all_lanes()) { \
    CAPTURE(std::string(kind.name));         \
    CHECK(is_right(kind, __VA_ARGS__));      \
  }

}  // namespace

TEST_CASE("lanes: those that are promised") {
  std::vector<std::string> names;
  for (const LaneKind& kind : all_lanes()) names.emplace_back(kind.name);
  CHECK(names == std::vector<std::string>{"reference", "raw", "limit", "legacy", "pooled"});
}

TEST_CASE("lanes: every stored message is found by its id") {
  const auto ask = [](Session& session, const Workload& workload) {
    for (std::size_t i = 0; i < workload.size().events; ++i) {
      if (!session.point_read(i)) return false;
    }
    return true;
  };
  CHECK_EVERY_LANE(ask);
}

TEST_CASE("lanes: a message that is not stored is a wrong answer") {
  const auto ask = [](Session& session, const Workload& workload) {
    const std::size_t number = workload.size().events;
    return !answer_of([&] { return session.point_read(number); });
  };
  CHECK_EVERY_LANE(ask);
}

TEST_CASE("lanes: a conversation that is not stored is a wrong answer") {
  const auto ask = [](Session& session, const Workload& workload) {
    return !answer_of([&] { return session.recent_50(workload.size().conversations); });
  };
  CHECK_EVERY_LANE(ask);
}

TEST_CASE("lanes: the recent messages of every conversation are right") {
  const auto ask = [](Session& session, const Workload&) { return every_recent_50_is_right(session); };
  CHECK_EVERY_LANE(ask);
}

TEST_CASE("lanes: they still are after appends, in both ways to sync") {
  const auto ask = [](Session& session, const Workload& workload) {
    const std::size_t first = workload.size().events;
    for (std::size_t i = first; i < first + 20; ++i) {
      if (!session.append(workload.sample(i)) || !every_recent_50_is_right(session)) return false;
    }
    return true;
  };
  CHECK_EVERY_LANE(ask);
  CHECK_EVERY_LANE(ask, Synchronous::kFull);
}

TEST_CASE("lanes: they still are after one transaction of many messages, and of none") {
  const auto ask = [](Session& session, const Workload& workload) {
    const std::size_t first = workload.size().events;
    std::size_t number = first;
    Sample sample{};
    const auto next = [&]() -> const Sample* {
      if (number == first + 20) return nullptr;
      sample = workload.sample(number++);
      return &sample;
    };
    const auto none = []() -> const Sample* { return nullptr; };
    return session.hold_write(next) && number == first + 20 && session.hold_write(none) &&
           every_recent_50_is_right(session);
  };
  CHECK_EVERY_LANE(ask);
}

TEST_CASE("lanes: what one session appended, another one reads") {
  for (const LaneKind& kind : all_lanes()) {
    CAPTURE(std::string(kind.name));
    const Workload workload({50, 1});
    const ScratchDirectory scratch;
    const std::string path = scratch / "lane.db";
    CHECK(holds_in_child([&] {
      kind.fill(path, Workload({49, 1}));  // one short of what recent_50 asks for
      const auto lane = kind.open({path, Synchronous::kNormal}, workload);
      const auto writer = lane->session();
      const auto reader = lane->session();
      return !reader->recent_50(0) && writer->append(workload.sample(49)) && reader->recent_50(0);
    }));
  }
}
