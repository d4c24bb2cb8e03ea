#include "weir/history/error.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

std::int64_t SqlRepo::apply_retention(const RetentionOptions&, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

}  // namespace weir::repositories::sqlite
