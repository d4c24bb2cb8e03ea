#pragma once

#include "weir/repositories/sqlite/database_copy.h"

namespace weir::commands {

/// Copies a database; says on stderr which steps are done, on a terminal how far it is, and on stdout what
/// the copy holds. A signal that asks the program to end gives it up. Errors: as copy_database().
void copy_and_tell(const repositories::sqlite::CopyRequest& request);

}  // namespace weir::commands
