// In which order rows of the reference service are numbered.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "weir/repositories/sqlite/reference_order.h"

using namespace weir::repositories::sqlite;
using weir::history::Timestamp;

namespace {

constexpr std::optional<std::int64_t> kNoSeq;

Timestamp at(int second) {
  return Timestamp(std::chrono::seconds(second));
}

ReferenceKey row(std::int64_t rowid, std::optional<std::int64_t> seq, std::optional<int> second) {
  ReferenceKey key{ReferenceTable::kEvents, rowid, seq};
  if (second) key.at = at(*second);
  return key;
}

std::vector<std::int64_t> ordered(std::vector<ReferenceKey> rows) {
  order_rows(rows);
  std::vector<std::int64_t> rowids;
  for (const ReferenceKey& key : rows) rowids.push_back(key.rowid);
  return rowids;
}

using Rowids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("reference order: by seq, equal ones by time and then by row") {
  CHECK(ordered({row(1, 9, 1), row(2, 3, 8), row(3, 3, 7), row(4, 3, 7), row(5, -1, 9)}) ==
        Rowids{5, 3, 4, 2, 1});
}

TEST_CASE("reference order: a row without seq stands before the first with a later time, else at the end") {
  CHECK(ordered({row(1, 1, 10), row(2, 2, 20), row(3, 3, 15), row(4, kNoSeq, 10), row(5, kNoSeq, 20),
                 row(6, kNoSeq, 5)}) == Rowids{6, 1, 4, 2, 3, 5});
}

TEST_CASE("reference order: rows without seq stand among themselves by time and then by row") {
  CHECK(ordered({row(3, kNoSeq, 7), row(1, kNoSeq, 7), row(2, kNoSeq, 5)}) == Rowids{2, 1, 3});
}

TEST_CASE("reference order: a row without seq and time comes last; a time that is not known is not later") {
  CHECK(ordered({row(1, kNoSeq, {}), row(2, 1, {}), row(3, kNoSeq, 5)}) == Rowids{2, 3, 1});
}

TEST_CASE("reference order: it does not depend on the order in which the rows were found") {
  std::vector<ReferenceKey> rows;
  for (int i = 0; i < 60; ++i) {
    rows.push_back(row(i, i % 3 == 0 ? kNoSeq : std::optional<std::int64_t>(i % 7),
                       i % 5 == 0 ? std::nullopt : std::optional(i * 37 % 23)));
  }
  const Rowids expected = ordered(rows);
  std::mt19937 random(1);  // NOLINT(*-msc51-cpp): the same every time
  for (int round = 0; round < 20; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    CHECK(ordered(rows) == expected);
  }
}
