#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/json_text.h"

namespace weir::service {

/// The body of a request that is one JSON object, its members as JSON text.
///
/// Errors: history::Error kInvalidArgument from every member, naming the field and what is allowed; never
/// quoting a value (invariant I12).
class JsonBody {
 public:
  /// `fields`: those that it may have. A field that is unknown or given twice is refused.
  JsonBody(std::string_view json, std::vector<std::string_view> fields);

  bool has(std::string_view field) const { return members_.contains(field); }

  /// The member as it was given, null among the values it may have; absent when it was not given.
  std::optional<history::JsonText> value(std::string_view field) const;

  /// A member that must be a string; absent when it was not given, or as null.
  std::optional<std::string> string(std::string_view field) const;

  /// A member that must be a string and be there.
  std::string required_string(std::string_view field) const;

 private:
  std::map<std::string, history::JsonText, std::less<>> members_;
};

}  // namespace weir::service
