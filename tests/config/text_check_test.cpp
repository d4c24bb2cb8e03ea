#include "weir/config/text_check.h"

#include <doctest/doctest.h>

#include <string_view>

#include "weir/config/places.h"

using weir::config::find_unfit;
using weir::config::Places;
using weir::config::Position;
using weir::config::without_byte_order_mark;
using namespace std::string_view_literals;

TEST_CASE("text check: text with tabs and either line ending is fit") {
  CHECK_FALSE(find_unfit(""));
  CHECK_FALSE(find_unfit("a:\t1\r\nb: \xC3\xA4\n"));
}

TEST_CASE(
    "text check: the first control character or broken byte is found, its column counted in characters") {
  CHECK(find_unfit("\xC3\xA4\x04")->at == Position{1, 2});
  CHECK(find_unfit("a\n\0b"sv)->at == Position{2, 1});
  CHECK(find_unfit("a\nb\x7F")->what.find("control") != std::string::npos);
  CHECK(find_unfit("a\n \xFF\x01")->what.find("UTF-8") != std::string::npos);
  CHECK(find_unfit("a\n \xFF\x01")->at == Position{2, 2});
  CHECK(find_unfit("ab\xC3")->at == Position{1, 3});
}

TEST_CASE("text check: a byte order mark is dropped, once") {
  CHECK(without_byte_order_mark("\xEF\xBB\xBF"
                                "a") == "a");
  CHECK(without_byte_order_mark("a") == "a");
}

TEST_CASE("places: bytes from 0 become lines and characters from 1") {
  const Places places("a\n\xC3\xA4: b\n");
  CHECK(places.position({0, 0}) == Position{1, 1});
  CHECK(places.position({1, 4}) == Position{2, 4});
  CHECK(places.position({2, 0}) == Position{3, 1});
  CHECK(places.position({3, 0}) == Position{});
  CHECK(places.position({-1, -1}) == Position{});
}

TEST_CASE("places: a tab in the indentation is seen, one behind the text is not") {
  const Places places("a:\n \tb: 1\n c:\t1\n");
  CHECK_FALSE(places.is_indented_with_tab({1, 1}));
  CHECK(places.is_indented_with_tab({2, 3}));
  CHECK_FALSE(places.is_indented_with_tab({3, 1}));
  CHECK_FALSE(places.is_indented_with_tab({}));
}
