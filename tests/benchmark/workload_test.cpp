#include "weir/benchmark/workload.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

using weir::benchmark::Sample;
using weir::benchmark::Workload;
using weir::benchmark::WorkloadSize;

namespace {

constexpr std::size_t kLooks = 20'000;

/// A UUID of that version and of the variant of RFC 9562.
std::regex uuid_of_version(char version) {
  return std::regex(std::string("[0-9a-f]{8}-[0-9a-f]{4}-") + version +
                    "[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
}

}  // namespace

TEST_CASE("workload: each conversation has its equal share of the messages") {
  for (const WorkloadSize size : {WorkloadSize{}, WorkloadSize{400, 4}, WorkloadSize{1'000, 1},
                                  WorkloadSize{70, 7}, WorkloadSize{3'200, 64}, WorkloadSize{12'500, 250}}) {
    CAPTURE(size.events);
    CAPTURE(size.conversations);
    const Workload workload(size);
    std::vector<std::size_t> lengths(size.conversations);
    for (std::size_t i = 0; i < size.events; ++i) ++lengths.at(workload.conversation_of(i));
    CHECK(std::ranges::count(lengths, workload.conversation_length()) ==
          static_cast<std::ptrdiff_t>(size.conversations));
  }
}

TEST_CASE("workload: ids are UUIDs and no two are alike") {
  const std::regex version_4 = uuid_of_version('4');
  const std::regex version_7 = uuid_of_version('7');
  std::set<std::string> ids;
  for (std::size_t i = 0; i < kLooks; ++i) {
    REQUIRE(std::regex_match(Workload::random_id(i), version_4));
    REQUIRE(std::regex_match(Workload::rising_id(i), version_7));
    ids.insert(Workload::random_id(i));
    ids.insert(Workload::rising_id(i));
  }
  CHECK(ids.size() == 2 * kLooks);
}

TEST_CASE("workload: rising ids rise, random ones do not") {
  std::size_t random_rises = 0;
  for (std::size_t i = 0; i < kLooks; ++i) {
    REQUIRE(Workload::rising_id(i) < Workload::rising_id(i + 1));
    if (Workload::random_id(i) < Workload::random_id(i + 1)) ++random_rises;
  }
  CHECK(random_rises > kLooks / 3);
  CHECK(random_rises < kLooks * 2 / 3);
}

TEST_CASE("workload: a content is recognised, another one is not") {
  const Workload workload({400, 4});
  for (std::size_t i = 0; i < 400; ++i) {
    const std::string content = workload.content_of(i);
    CHECK(workload.is_content_of(i, content));
    CHECK_FALSE(workload.is_content_of(i + 1, content));
    CHECK_FALSE(workload.is_content_of(i, content + " "));
    CHECK_FALSE(workload.is_content_of(i, content.substr(1)));
    CHECK_FALSE(workload.is_content_of(i, ""));
  }
}

TEST_CASE("workload: a content has about 200 bytes") {
  const Workload workload({});
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kLooks; ++i) {
    const std::size_t length = workload.content_of(i).size();
    REQUIRE(length >= 150);
    REQUIRE(length <= 250);
    bytes += length;
  }
  CHECK(bytes / kLooks >= 195);
  CHECK(bytes / kLooks <= 205);
}

TEST_CASE("workload: a user's message has a request id of its own, the assistant's has none") {
  const Workload workload({});
  std::set<std::string> request_ids;
  std::size_t from_users = 0;
  for (std::size_t i = 0; i < kLooks; ++i) {
    const Sample sample = workload.sample(i);
    REQUIRE(sample.is_user == !sample.request_id.empty());
    if (!sample.is_user) continue;
    ++from_users;
    request_ids.insert(sample.request_id);
  }
  CHECK(request_ids.size() == from_users);
  CHECK(from_users > kLooks / 3);
  CHECK(from_users < kLooks * 2 / 3);
}

TEST_CASE("workload: two of one size are the same, past the messages in the database too") {
  const Workload one({400, 4});
  const Workload other({400, 4});
  for (std::size_t i = 0; i < 1'000; ++i) {
    const Sample a = one.sample(i);
    const Sample b = other.sample(i);
    CHECK(a.number == b.number);
    CHECK(a.conversation == b.conversation);
    CHECK(a.is_user == b.is_user);
    CHECK(a.request_id == b.request_id);
    CHECK(a.content == b.content);
  }
}
