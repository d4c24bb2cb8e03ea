#include "weir/history/id.h"

#include "weir/history/error.h"
#include "weir/history/utf8.h"

namespace weir::history {

void check_id(std::string_view field, std::string_view text) {
  constexpr std::size_t kMaxBytes = 256;
  if (text.empty() || text.size() > kMaxBytes) {
    throw invalid(field, "must have 1 to 256 bytes, has " + std::to_string(text.size()));
  }
  if (!is_utf8(text)) throw invalid(field, "must be UTF-8");
  if (has_control_characters(text)) throw invalid(field, "must not hold control characters");
}

}  // namespace weir::history
