#pragma once

#include <string>

namespace weir::repositories::sqlite {

/// Removes a database with the journals and the index that belong to it; what is not there is passed over.
void remove_database_files(const std::string& path);

}  // namespace weir::repositories::sqlite
