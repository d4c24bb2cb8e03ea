#include "weir/service/jsonl_export.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "service/jsonl_memory_repository.h"
#include "weir/history/error.h"
#include "weir/history/event_json.h"

namespace {

using weir::history::ConversationId;
using weir::history::Error;
using weir::history::ErrorCode;
using weir::service::export_jsonl;
using weir::testing::MemoryRepository;

/// Takes a number of bytes and no more, as a full disk does.
class FullBuffer final : public std::streambuf {
 public:
  explicit FullBuffer(std::size_t room) : room_(room) {}

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override {
    const auto taken = std::min(room_, static_cast<std::size_t>(count));
    room_ -= taken;
    return static_cast<std::streamsize>(taken);
  }
  int_type overflow(int_type) override { return traits_type::eof(); }

 private:
  std::size_t room_;
};

/// Takes everything and loses it when flushed.
class LosingBuffer final : public std::stringbuf {
 protected:
  int sync() override { return -1; }
};

std::vector<std::string> exported_ids(MemoryRepository& repository,
                                      const std::optional<ConversationId>& only = {}) {
  std::ostringstream out;
  export_jsonl(repository, out, only);
  std::vector<std::string> ids;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    ids.push_back(weir::history::parse_event(line).event.id->value());
  }
  return ids;
}

}  // namespace

TEST_CASE("export: conversations come in the order of their ids, events by seq, one a line") {
  MemoryRepository repository;
  for (const auto* conversation : {"b", "a", "c"}) {
    for (const int seq : {2, 1}) repository.add(conversation, seq);
  }
  CHECK(exported_ids(repository) == std::vector<std::string>{"a-1", "a-2", "b-1", "b-2", "c-1", "c-2"});
}

TEST_CASE("export: one conversation alone, and none of an unknown one") {
  MemoryRepository repository;
  repository.add("a", 1);
  repository.add("b", 1);
  CHECK(exported_ids(repository, ConversationId("b")) == std::vector<std::string>{"b-1"});
  CHECK(exported_ids(repository, ConversationId("x")).empty());
}

TEST_CASE("export: a conversation of several pages comes whole, whatever numbers are missing") {
  MemoryRepository repository;
  for (weir::history::Seq seq = 1; seq <= 2'000; ++seq) repository.add("a", seq * 3);
  const auto ids = exported_ids(repository);
  REQUIRE(ids.size() == 2'000);
  CHECK(ids.front() == "a-3");
  CHECK(ids[1'000] == "a-3003");
  CHECK(ids.back() == "a-6000");
}

TEST_CASE("export: more conversations than a page of ids come whole") {
  MemoryRepository repository;
  for (int i = 10'000; i <= 12'000; ++i) repository.add(std::to_string(i), 1);
  const auto ids = exported_ids(repository);
  REQUIRE(ids.size() == 2'001);
  CHECK(ids.front() == "10000-1");
  CHECK(ids.back() == "12000-1");
}

TEST_CASE("export: an output that takes no more is an error") {
  MemoryRepository repository;
  for (int seq = 1; seq <= 10; ++seq) repository.add("a", seq);
  FullBuffer buffer(100);
  std::ostream out(&buffer);
  try {
    export_jsonl(repository, out);
    FAIL("exported");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::kUnavailable);
    CHECK(std::string(error.what()) == "the output cannot be written");
  }
}

TEST_CASE("export: an output that fails only at the last flush is an error too") {
  MemoryRepository repository;
  repository.add("a", 1);
  LosingBuffer buffer;
  std::ostream out(&buffer);
  CHECK_THROWS_AS(export_jsonl(repository, out), Error);
}
