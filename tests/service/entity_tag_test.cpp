#include "weir/service/entity_tag.h"

#include <doctest/doctest.h>

#include <limits>

#include "service/refused.h"

using namespace weir::service;

namespace {

TagList listed(const std::vector<Header>& headers) {
  const auto tags = listed_tags({.method = "GET", .target = "/", .headers = headers}, "If-Match");
  REQUIRE(tags);
  return *tags;
}

TagList listed(const std::string& value) {
  return listed(std::vector<Header>{{"If-Match", value}});
}

using Versions = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("entity tag: a version is its tag, and the tag its version") {
  CHECK(entity_tag(3) == "\"3\"");
  for (const std::int64_t version : {std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}) {
    CHECK(listed(entity_tag(version)).versions == Versions{version});
  }
}

TEST_CASE("entity tag: no header is no list") {
  CHECK_FALSE(listed_tags({.method = "GET", .target = "/", .headers = {{"If-None-Match", "*"}}}, "If-Match"));
}

TEST_CASE("entity tag: a star alone is any version") {
  for (const char* star : {"*", " *\t"}) {
    const TagList tags = listed(star);
    CHECK(tags.is_any);
    CHECK(tags.has_strong(5));
    CHECK(tags.has(5));
  }
}

TEST_CASE("entity tag: tags are listed with commas, blanks and over several lines") {
  CHECK(listed("\"1\",\"2\"").versions == Versions{1, 2});
  CHECK(listed(" \"1\" ,\t\"2\" ").versions == Versions{1, 2});
  CHECK(listed(",, \"1\" , ,\"2\",").versions == Versions{1, 2});
  CHECK(listed({{"If-Match", "\"1\""}, {"Other", "x"}, {"if-match", "\"2\", \"3\""}}).versions ==
        Versions{1, 2, 3});
}

TEST_CASE("entity tag: a weak tag is the same to If-None-Match only") {
  const TagList tags = listed("W/\"1\", \"2\"");
  CHECK(tags.versions == Versions{2});
  CHECK(tags.weak == Versions{1});
  CHECK_FALSE(tags.has_strong(1));
  CHECK(tags.has_strong(2));
  CHECK(tags.has(1));
  CHECK(tags.has(2));
  CHECK_FALSE(tags.has(3));
}

TEST_CASE("entity tag: a tag that is none of ours matches nothing") {
  for (const char* tag : {"\"\"", "\"abc\"", "\"03\"", "\"+3\"", "\"3x\"", "\"99999999999999999999\"",
                          "\"a,b\"", "\"\x80\xFF\"", "W/\"x\""}) {
    CAPTURE(tag);
    const TagList tags = listed(tag);
    CHECK(tags.versions.empty());
    CHECK(tags.weak.empty());
    CHECK_FALSE(tags.is_any);
  }
}

TEST_CASE("entity tag: what is no list of tags is refused by the header's name") {
  for (const char* text : {"",           " ",           ",",       "3",        "\"3",       "3\"",     "\"",
                           "w/\"3\"",    "W/",          "W/3",     "W /\"3\"", "*,\"3\"",   "\"3\",*", "**",
                           "\"3\"\"4\"", "\"3\" \"4\"", "\"a b\"", "\"a\tb\"", "\"a\x7F\"", "'3'"}) {
    CAPTURE(text);
    const Problem problem = refused([&] { listed(text); });
    CHECK(problem.status == 400);
    CHECK(problem.field == "If-Match");
  }
}
