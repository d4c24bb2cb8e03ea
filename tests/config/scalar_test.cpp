#include "weir/config/scalar.h"

#include <doctest/doctest.h>

#include <string_view>

using weir::config::classify;
using weir::config::read_number;
using weir::config::read_whole;
using weir::config::ScalarKind;

TEST_CASE("scalar: what any version of YAML takes for a number is a number") {
  for (const std::string_view text : {"0", "8", "-1", "+5", "010", "0.5", ".5", "5.", "1e3", "1.5E-3", "0x1F",
                                      "0o17", "0b1", "1_000", ".inf", "-.INF", ".NaN"}) {
    CAPTURE(text);
    CHECK(classify(text) == ScalarKind::kNumber);
  }
}

TEST_CASE("scalar: addresses, dates, words and lone signs are strings") {
  for (const std::string_view text :
       {"",    "-",   ".",   "e3", "1e", "1.2.3.4", "127.0.0.1:8080", "2024-01-01", "8 8",  "0x", "_1",
        "inf", "nan", "yes", "no", "on", "off",     "True",           "FALSE",      "null", "8s"}) {
    CAPTURE(text);
    CHECK(classify(text) == ScalarKind::kString);
  }
}

TEST_CASE("scalar: only true and false are booleans") {
  CHECK(classify("true") == ScalarKind::kBoolean);
  CHECK(classify("false") == ScalarKind::kBoolean);
}

TEST_CASE("scalar: numbers are read as JSON writes them") {
  CHECK(read_number("0") == 0.0);
  CHECK(read_number("-1.5e+02") == -150.0);
  CHECK(read_number("1e308") == 1e308);
  for (const std::string_view text : {"", "-", "010", "-01", "+1", ".5", "5.", "1e", "0x1F", "1_000", ".inf",
                                      "1e400", "1e-400", " 1", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(read_number(text));
  }
}

TEST_CASE("scalar: a whole number has neither fraction nor exponent, and fits") {
  CHECK(read_whole("9223372036854775807") == 9223372036854775807);
  CHECK(read_whole("-3") == -3);
  for (const std::string_view text : {"", "8.0", "1e1", "00", "010", "+1", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK_FALSE(read_whole(text));
  }
}
