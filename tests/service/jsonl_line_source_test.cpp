#include "weir/service/line_source.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "service/gzip.h"
#include "support/scratch_directory.h"
#include "weir/history/error.h"

namespace {

using weir::history::Error;
using weir::history::ErrorCode;
using weir::service::LineSource;
using weir::testing::gzip;
using weir::testing::ScratchDirectory;

using Lines = std::vector<std::pair<std::uint64_t, std::string>>;

Lines all_lines(LineSource& source) {
  Lines lines;
  while (const auto line = source.next()) lines.emplace_back(line->number, line->text);
  return lines;
}

Lines lines_of(std::string_view bytes) {
  const ScratchDirectory folder;
  LineSource source(folder.write("input", bytes));
  return all_lines(source);
}

/// Lines "0", "1", "2" ... enough to need several chunks.
std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + '\n';
  return text;
}

/// Reads until the source fails; how many lines came before, and the error.
struct Failure {
  std::size_t lines = 0;
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

Failure failure_of(std::string_view bytes) {
  const ScratchDirectory folder;
  LineSource source(folder.write("input", bytes));
  Failure failure;
  try {
    while (source.next()) ++failure.lines;
  } catch (const Error& error) {
    failure.code = error.code();
    failure.message = error.what();
  }
  return failure;
}

/// Standard input is what is written to `write_end` while this lives.
class PipedInput {
 public:
  PipedInput() : saved_(dup(STDIN_FILENO)) {
    int ends[2] = {-1, -1};
    REQUIRE(pipe(ends) == 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    write_end = ends[1];
  }
  PipedInput(const PipedInput&) = delete;
  PipedInput& operator=(const PipedInput&) = delete;
  ~PipedInput() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  int write_end = -1;

 private:
  int saved_;
};

}  // namespace

TEST_CASE("line source: lines come one at a time with their numbers") {
  CHECK(lines_of("one\ntwo\nthree\n") == Lines{{1, "one"}, {2, "two"}, {3, "three"}});
}

TEST_CASE("line source: the last line needs no line end") {
  CHECK(lines_of("one\ntwo") == Lines{{1, "one"}, {2, "two"}});
}

TEST_CASE("line source: an empty input has no lines") {
  CHECK(lines_of("").empty());
  CHECK(lines_of("\n\n").empty());
}

TEST_CASE("line source: CR LF ends a line, a CR within one stays") {
  CHECK(lines_of("one\r\nt\rwo\r\n") == Lines{{1, "one"}, {2, "t\rwo"}});
}

TEST_CASE("line source: blank lines are passed over and counted") {
  CHECK(lines_of("\n \t\r\none\n\ntwo\n") == Lines{{3, "one"}, {5, "two"}});
}

TEST_CASE("line source: a line keeps its own white space") {
  CHECK(lines_of("  one \t\n") == Lines{{1, "  one \t"}});
}

TEST_CASE("line source: lines that span the chunks read stay whole") {
  const std::string text = many_lines(200'000);
  const Lines lines = lines_of(text);
  REQUIRE(lines.size() == 200'000);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    REQUIRE(lines[i].first == i + 1);
    REQUIRE(lines[i].second == std::to_string(i));
  }
}

TEST_CASE("line source: gzip is known by its first bytes and reads like plain text") {
  const std::string text = many_lines(200'000);
  CHECK(lines_of(gzip(text)) == lines_of(text));
}

TEST_CASE("line source: gzip members one after another read as one text") {
  CHECK(lines_of(gzip("one\ntw") + gzip("") + gzip("o\nthree")) ==
        Lines{{1, "one"}, {2, "two"}, {3, "three"}});
}

TEST_CASE(
    "line source: the longest line allowed is handed out, of one byte more only its number and a complaint") {
  const std::string longest(LineSource::kMaxLineBytes, 'x');
  const ScratchDirectory folder;
  LineSource source(folder.write("input", "one\n" + longest + "\n" + longest + "x\nfour\n"));
  CHECK(source.next()->text == "one");
  CHECK(source.next()->text.size() == LineSource::kMaxLineBytes);
  const auto refused = source.next();
  REQUIRE(refused);
  CHECK(refused->number == 3);
  CHECK(refused->text.empty());
  CHECK(refused->complaint == "is longer than 16 MiB");
  const auto after = source.next();
  REQUIRE(after);
  CHECK(after->number == 4);
  CHECK(after->text == "four");
  CHECK_FALSE(after->complaint);
  CHECK_FALSE(source.next());
}

TEST_CASE(
    "line source: a line far too long is passed over to its end, in gzip too, even where no line end comes") {
  const std::string endless(4 * LineSource::kMaxLineBytes, 'x');
  const ScratchDirectory folder;
  LineSource source(folder.write("input.gz", gzip(endless + "\n\ntwo\n" + endless)));
  CHECK(source.next()->complaint == "is longer than 16 MiB");
  CHECK(source.next()->text == "two");
  const auto last = source.next();
  REQUIRE(last);
  CHECK(last->number == 4);
  CHECK(last->complaint == "is longer than 16 MiB");
  CHECK_FALSE(source.next());
}

TEST_CASE("line source: gzip cut short gives the lines it held, then an error with the number of the next") {
  const std::string packed = gzip(many_lines(200'000));
  const Failure failure = failure_of(packed.substr(0, packed.size() / 2));
  CHECK(failure.lines > 1'000);
  CHECK(failure.lines < 200'000);
  CHECK(failure.code == ErrorCode::kDamaged);
  CHECK(failure.message ==
        std::string("line ") + std::to_string(failure.lines + 1) + ": the gzip data ends too early");
}

TEST_CASE("line source: gzip cut within its trailer is an error after the last line") {
  const std::string packed = gzip("one\ntwo\n");
  const Failure failure = failure_of(packed.substr(0, packed.size() - 3));
  CHECK(failure.lines == 2);
  CHECK(failure.message == "line 3: the gzip data ends too early");
}

TEST_CASE("line source: gzip whose check sum is wrong is an error after the last line") {
  std::string packed = gzip("one\ntwo\n");
  packed[packed.size() - 6] ^= 1;
  const Failure failure = failure_of(packed);
  CHECK(failure.lines == 2);
  CHECK(failure.code == ErrorCode::kDamaged);
  CHECK(failure.message == "line 3: the gzip data is damaged");
}

TEST_CASE("line source: what follows a gzip member and is none is an error") {
  const Failure failure = failure_of(gzip("one\n") + "two\n");
  CHECK(failure.lines == 1);
  CHECK(failure.message == "line 2: the gzip data is damaged");
}

TEST_CASE("line source: a file that is not there is named") {
  try {
    LineSource source("/nonexistent/input.jsonl");
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::kNotFound);
    CHECK(std::string(error.what()) == "cannot open /nonexistent/input.jsonl: No such file or directory");
  }
}

TEST_CASE("line source: a directory cannot be read") {
  const ScratchDirectory folder;
  LineSource source(folder / "");
  CHECK_THROWS_AS(source.next(), Error);
}

TEST_CASE("line source: what was read is counted as it stands in the file") {
  const ScratchDirectory folder;
  const std::string packed = gzip(many_lines(1'000));
  LineSource source(folder.write("input.gz", packed));
  CHECK(source.bytes_read() == 0);
  all_lines(source);
  CHECK(source.bytes_read() == packed.size());
}

TEST_CASE("line source: `-` is standard input, gzip too, however small its pieces") {
  const PipedInput input;
  std::thread writer([&input] {
    for (const char byte : gzip("one\ntwo\n")) CHECK(write(input.write_end, &byte, 1) == 1);
    close(input.write_end);
  });
  LineSource source("-");
  const Lines lines = all_lines(source);
  writer.join();
  CHECK(lines == Lines{{1, "one"}, {2, "two"}});
}
