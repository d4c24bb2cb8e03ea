#include "weir/history/uuid.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <thread>
#include <vector>

using weir::history::UuidV7Generator;
using namespace std::chrono_literals;
using TimePoint = std::chrono::system_clock::time_point;

namespace {

constexpr TimePoint kNow{1'767'225'600'123ms};

}  // namespace

TEST_CASE("uuid: it has the form, the version and the variant of RFC 9562") {
  UuidV7Generator generator(1);
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (int i = 0; i < 1'000; ++i) CHECK(std::regex_match(generator.next(kNow + i * 10us), form));
}

TEST_CASE("uuid: its first 48 bits are the milliseconds since 1970") {
  UuidV7Generator generator(1);
  const std::string text = generator.next(kNow);
  CHECK(std::stoull(text.substr(0, 8) + text.substr(9, 4), nullptr, 16) == 1'767'225'600'123ULL);
}

TEST_CASE("uuid: those of one generator rise while the clock stands still, past the end of its counter too") {
  UuidV7Generator generator(7);
  std::string last = generator.next(kNow);
  for (int i = 0; i < 20'000; ++i) {
    const std::string next = generator.next(kNow);
    REQUIRE(next > last);
    last = next;
  }
}

TEST_CASE("uuid: they rise when the clock jumps back, and follow it when it goes on") {
  UuidV7Generator generator(7);
  const std::string first = generator.next(kNow);
  const std::string back = generator.next(kNow - 1h);
  const std::string on = generator.next(kNow + 1h);
  CHECK(back > first);
  CHECK(on > back);
  CHECK(on.substr(0, 8) != first.substr(0, 8));
}

TEST_CASE("uuid: a clock before 1970 counts as 1970") {
  UuidV7Generator generator(7);
  CHECK(generator.next(TimePoint{-5h}).starts_with("00000000-0000-7"));
}

TEST_CASE("uuid: generators of different seeds give different ids at one moment") {
  CHECK(UuidV7Generator(1).next(kNow) != UuidV7Generator(2).next(kNow));
  CHECK(UuidV7Generator(1).next(kNow) == UuidV7Generator(1).next(kNow));
}

TEST_CASE("uuid: threads that share a generator never get the same one") {
  UuidV7Generator generator(3);
  std::vector<std::vector<std::string>> made(8);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&generator, &mine] {
      for (int i = 0; i < 2'000; ++i) mine.push_back(generator.next(kNow));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  CHECK(all.size() == 16'000);
}
