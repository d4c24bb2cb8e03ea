#include "weir/history/title.h"

#include <doctest/doctest.h>

#include "weir/history/utf8.h"

using namespace weir::history;

TEST_CASE("title: a short message is its own title, white space made single spaces") {
  CHECK(title_from("Where is the tea?") == "Where is the tea?");
  CHECK(title_from("  Where\n\tis  the\rtea? \n") == "Where is the tea?");
}

TEST_CASE("title: a long message ends at a word") {
  const std::string words = "one two three four five six seven eight nine ten eleven twelve";
  CHECK(title_from(words) == "one two three four five six seven eight nine ten");
  // The fiftieth character is the last of a word.
  const std::string just = std::string(20, 'a') + ' ' + std::string(29, 'b');
  CHECK(title_from(just + " c") == just);
  CHECK(title_from(just + "c") == std::string(20, 'a'));
}

TEST_CASE("title: a word that is longer than a title is cut") {
  CHECK(title_from(std::string(80, 'x')) == std::string(kTitleCharacters, 'x'));
}

TEST_CASE("title: characters are counted, not bytes, and none is split") {
  std::string tea;
  for (int i = 0; i < 80; ++i) tea += "\xF0\x9F\x8D\xB5";
  const auto title = title_from(tea);
  REQUIRE(title);
  CHECK(title->size() == 4 * kTitleCharacters);
  CHECK(is_utf8(*title));
}

TEST_CASE("title: control characters never reach it") {
  const auto title = title_from(
      "a\x01"
      "b\x7F"
      "c\xC2\x85"
      "d");
  CHECK(title == "a b c d");
}

TEST_CASE("title: a message of white space has none") {
  CHECK_FALSE(title_from(""));
  CHECK_FALSE(title_from(" \n\t "));
}
