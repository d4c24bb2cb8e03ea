#include "weir/service/jsonl_import.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "service/gzip.h"
#include "service/jsonl_memory_repository.h"
#include "support/scratch_directory.h"
#include "weir/history/error.h"

namespace {

using weir::history::Error;
using weir::history::ErrorCode;
using weir::history::ImportResult;
using weir::service::import_jsonl;
using weir::service::ImportCounts;
using weir::service::ImportProgress;
using weir::service::LineSource;
using weir::testing::MemoryRepository;
using weir::testing::ScratchDirectory;

std::string event_line(std::size_t seq) {
  return std::string(R"({"conversation_id":"c","type":"meta","seq":)") + std::to_string(seq) + "}\n";
}

std::string event_lines(std::size_t count) {
  std::string text;
  for (std::size_t seq = 1; seq <= count; ++seq) text += event_line(seq);
  return text;
}

/// One import, and all that it told.
struct Run {
  explicit Run(std::string_view text) : lines(folder.write("input", text)) {}

  ImportCounts import() {
    return import_jsonl(lines, repository,
                        {.rejected = [this](std::string_view line) { rejected.emplace_back(line); },
                         .progressed = [this](const ImportProgress& now) { progress.push_back(now); }});
  }

  ScratchDirectory folder;
  LineSource lines;
  MemoryRepository repository;
  std::vector<std::string> rejected;
  std::vector<ImportProgress> progress;
};

}  // namespace

TEST_CASE("import: events go in by chunks of a thousand lines, the last one shorter") {
  Run run(event_lines(2'500));
  CHECK(run.import() == ImportCounts{.imported = 2'500});
  CHECK(run.repository.chunk_sizes == std::vector<std::size_t>{1'000, 1'000, 500});
}

TEST_CASE("import: long lines make a chunk before a thousand of them") {
  const std::string content(1024 * 1024, 'x');
  std::string text;
  for (int i = 0; i < 6; ++i)
    text += R"({"conversation_id":"c","type":"meta","content":")" + content + "\"}\n";
  Run run(text);
  CHECK(run.import() == ImportCounts{.imported = 6});
  CHECK(run.repository.chunk_sizes == std::vector<std::size_t>{4, 2});
}

TEST_CASE("import: an input without events asks the repository nothing") {
  Run run("\n\n");
  CHECK(run.import() == ImportCounts{});
  CHECK(run.repository.chunk_sizes.empty());
  CHECK(run.progress.empty());
}

TEST_CASE("import: a line that is no event is named with its number and the rest goes in") {
  Run run(event_line(1) + "\n{\"conversation_id\":\"c\"}\nnonsense\n" + event_line(2));
  CHECK(run.import() == ImportCounts{.imported = 2, .rejected = 2});
  REQUIRE(run.rejected.size() == 2);
  CHECK(run.rejected[0] == "line 3: type: is missing");
  CHECK(run.rejected[1].starts_with("line 4: event: is not valid JSON at byte "));
}

TEST_CASE("import: what the repository rejects is named in the order of the lines") {
  Run run(event_line(1) + event_line(2) + "{}\n" + event_line(3));
  run.repository.answers = {{2, {ImportResult::Outcome::kRejected, "seq: is not above the last"}},
                            {3, {ImportResult::Outcome::kDuplicate, ""}}};
  CHECK(run.import() == ImportCounts{.imported = 1, .duplicates = 1, .rejected = 2});
  CHECK(run.rejected ==
        std::vector<std::string>{"line 2: seq: is not above the last", "line 3: type: is missing"});
}

TEST_CASE("import: a rejection tells nothing of the text of its line") {
  Run run(R"({"conversation_id":"c","type":"secret-type","content":"secret words"})"
          "\n");
  run.import();
  REQUIRE(run.rejected.size() == 1);
  CHECK(run.rejected[0].find("secret") == std::string::npos);
}

TEST_CASE("import: progress after each chunk tells lines, bytes and counts so far") {
  const std::string text = "\n" + event_lines(1'500) + "nonsense\n";
  Run run(text);
  run.import();
  REQUIRE(run.progress.size() == 2);
  CHECK(run.progress[0].lines == 1'001);
  CHECK(run.progress[0].counts == ImportCounts{.imported = 1'000});
  CHECK(run.progress[1].lines == 1'502);
  CHECK(run.progress[1].bytes == text.size());
  CHECK(run.progress[1].counts == ImportCounts{.imported = 1'500, .rejected = 1});
}

TEST_CASE("import: nobody need listen") {
  Run run(event_lines(3) + "nonsense\n");
  CHECK(import_jsonl(run.lines, run.repository, {}) == ImportCounts{.imported = 3, .rejected = 1});
}

TEST_CASE("import: an error of the repository ends it and is not sent again") {
  Run run(event_lines(1'500));
  run.repository.fails = true;
  try {
    run.import();
    FAIL("imported");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::kStorageFull);
  }
  CHECK(run.repository.chunk_sizes == std::vector<std::size_t>{1'000});
  CHECK(run.progress.empty());
}

TEST_CASE("import: a line that is too long is rejected as others are, and the rest goes in") {
  Run run(event_lines(3) + "no\n" + std::string(LineSource::kMaxLineBytes + 1, 'x') + "\n" + event_line(4));
  CHECK(run.import() == ImportCounts{.imported = 4, .rejected = 2});
  REQUIRE(run.rejected.size() == 2);
  CHECK(run.rejected[0].starts_with("line 4: event: "));
  CHECK(run.rejected[1] == "line 5: is longer than 16 MiB");
  REQUIRE(run.progress.size() == 1);
  CHECK(run.progress[0].lines == 6);
}

TEST_CASE("import: what stands before bytes that cannot be read is stored and told before the error") {
  Run run(weir::testing::gzip(event_line(1)) + "rubbish");
  try {
    run.import();
    FAIL("imported");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::kDamaged);
    CHECK(std::string(error.what()) == "line 2: the gzip data is damaged");
  }
  REQUIRE(run.progress.size() == 1);
  CHECK(run.progress[0].counts == ImportCounts{.imported = 1});
}
