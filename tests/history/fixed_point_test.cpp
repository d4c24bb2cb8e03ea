#include "weir/history/fixed_point.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

using weir::history::FixedPoint;

namespace {

std::int64_t units(std::string_view number) {
  const auto parsed = FixedPoint::parse(number);
  REQUIRE_MESSAGE(parsed.has_value(), number);
  return parsed->units();
}

}  // namespace

TEST_CASE("fixed point: a number is read exactly, however it is spelled") {
  CHECK(units("0") == 0);
  CHECK(units("-0") == 0);
  CHECK(units("1") == FixedPoint::kUnit);
  CHECK(units("-1.5") == -1'500'000'000'000);
  for (const char* spelled : {"0.005", "0.0050", "5e-3", "5E-3", "5.0e-3", "0.5e-2", "50e-4", "0.0005e+1",
                              "0.00000000000000000005e17", "5e-0003"}) {
    CAPTURE(spelled);
    CHECK(units(spelled) == 5'000'000'000);
  }
  CHECK(units("0.000000000001") == 1);
  CHECK(units("999.999999999999") == 999'999'999'999'999);
}

TEST_CASE("fixed point: what lies behind the twelfth digit is rounded, a half away from zero") {
  CHECK(units("0.0000000000005") == 1);
  CHECK(units("0.00000000000049999999") == 0);
  CHECK(units("-0.0000000000005") == -1);
  CHECK(units("-0.00000000000049") == 0);
  CHECK(units("0.1234567890125") == 123'456'789'013);
  CHECK(units("0.9999999999995") == FixedPoint::kUnit);
  CHECK(units("4e-13") == 0);
  CHECK(units("5e-13") == 1);
  CHECK(units("9e-14") == 0);
  CHECK(units("0.1" + std::string(1000, '0') + "9") == 100'000'000'000);
}

TEST_CASE("fixed point: the smallest exponents are zero, and a zero is zero with any exponent") {
  for (const char* spelled : {"1e-400", "1e-9223372036854775807", "1e-99999999999999999999999",
                              "0e99999999999999999999999", "0.000e400", "-0e5"}) {
    CAPTURE(spelled);
    CHECK(units(spelled) == 0);
  }
}

TEST_CASE("fixed point: a thousand is the limit, on both sides") {
  CHECK(units("1000") == 1000 * FixedPoint::kUnit);
  CHECK(units("-1e3") == -1000 * FixedPoint::kUnit);
  CHECK(units("1000.0000000000000") == 1000 * FixedPoint::kUnit);
  for (const char* outside :
       {"1001", "1000.000000000001", "1000.00000000000000001", "-1000.1", "1e4", "123456e-2", "1e400",
        "1e99999999999999999999999", "99999999999999999999999999", "-9223372036854775808"}) {
    CAPTURE(outside);
    CHECK_FALSE(FixedPoint::parse(outside));
  }
}

TEST_CASE("fixed point: what is no JSON number is refused") {
  for (const char* text :
       {"",    "-",  "+1", "01",  "-01",   ".5",  "5.",    "1e",  "1e+",      "1e-",   "e5",   "1.e5",
        "0x1", "1 ", " 1", "1,5", "1.5.5", "--1", "1e5.0", "NaN", "Infinity", "\"1\"", "null", "1e5e5"}) {
    CAPTURE(text);
    CHECK_FALSE(FixedPoint::parse(text));
  }
}

TEST_CASE("fixed point: it is printed with no more digits than it needs") {
  const auto printed = [](std::string_view number) {
    return FixedPoint::from_units(units(number)).to_string();
  };
  CHECK(FixedPoint().to_string() == "0");
  CHECK(FixedPoint::from_ratio(1, 2).to_string() == "0.5");
  CHECK(printed("1.000") == "1");
  CHECK(printed("1000") == "1000");
  CHECK(printed("-0.005") == "-0.005");
  CHECK(printed("-12.5") == "-12.5");
  CHECK(printed("0.000000000001") == "0.000000000001");
  CHECK(printed("10.01") == "10.01");
}

TEST_CASE("fixed point: what is printed is read back as it was, and is the number that JSON says") {
  for (std::int64_t units = -2'000'000'000'003; units < 2'000'000'000'000; units += 9'999'999'991) {
    const FixedPoint number = FixedPoint::from_units(units);
    REQUIRE(FixedPoint::parse(number.to_string()) == number);
    const double parsed = nlohmann::json::parse(number.to_string()).get<double>();
    REQUIRE(std::llround(parsed * static_cast<double>(FixedPoint::kUnit)) == units);
  }
}

TEST_CASE("fixed point: a hundred times 0.005 is 0.5, which doubles do not say") {
  FixedPoint sum;
  double as_double = 0;
  for (int i = 0; i < 100; ++i) {
    sum = sum + *FixedPoint::parse("0.005");
    as_double += 0.005;
  }
  CHECK(sum == FixedPoint::from_ratio(1, 2));
  CHECK(as_double != 0.5);
}
