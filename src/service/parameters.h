#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/service/http_message.h"

namespace weir::service {

/// A parameter that takes whole numbers.
struct NumberParameter {
  std::string_view name;
  std::int64_t min;
  std::int64_t max;
};

/// The parameter's value; absent when it is not given.
/// Errors: Refusal 400 naming it, for what is no whole number or out of range.
std::optional<std::int64_t> number(const Query& query, const NumberParameter& parameter);

/// The parameter's text; absent when it is not given.
/// Errors: Refusal 400 naming it, unless the text is UTF-8.
std::optional<std::string> text(const Query& query, std::string_view name);

}  // namespace weir::service
