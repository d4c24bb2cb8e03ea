#include "weir/history/error.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

std::vector<SearchHit> SqlRepo::search(const SearchQuery&, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

}  // namespace weir::repositories::sqlite
