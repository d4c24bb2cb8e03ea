#pragma once

#include <string_view>

#include "weir/history/personality.h"

namespace weir::service {

/// Reads the body of a call that updates a dimension: an object with `value` or `delta`, and perhaps
/// `confidence_change`, `context` and `request_id`.
/// Errors: history::Error kInvalidArgument naming the field.
history::TraitUpdate parse_trait_update(std::string_view json, const history::UserId& user,
                                        const history::Dimension& dimension);

}  // namespace weir::service
