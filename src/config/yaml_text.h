#pragma once

#include <string>
#include <string_view>

namespace weir::config {

/// `text` as a YAML string that every reader takes for that string: in double quotes.
std::string yaml_quoted(std::string_view text);

/// `text` as a YAML string, without quotes where none are needed.
std::string yaml_string(std::string_view text);

/// A number that reads back as the same double: `30.0`, `0.05`, `1e+300`.
std::string yaml_number(double value);

}  // namespace weir::config
