#pragma once

#include <string>
#include <string_view>

#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

/// What FTS5 is to match for the words of a SearchQuery: each as a phrase or a prefix, all of which must
/// occur. No character of theirs means anything else to it. Errors: kInvalidArgument naming `q` for no word,
/// too many, or what is no text; SqliteError.
std::string to_match(Connection& connection, std::string_view words);

}  // namespace weir::repositories::sqlite
