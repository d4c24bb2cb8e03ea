#pragma once

#include <span>

namespace weir::bench {

/// One way to lay events out in tables, and the statements that the three questions take on it.
///
/// Parameters of `append`, which may be several statements, and of the reads:
///   ?1 conversation id   ?2 event id   ?3 now, in microseconds   ?4 type   ?5 content   ?6 request id or
///   null
struct Layout {
  const char* name;
  const char* what;     ///< in which it differs from the one before or from `shipped`
  const char* pragmas;  ///< before anything is created
  const char* schema;
  const char* new_conversation;
  const char* append[3];  ///< null after the last
  const char* point_read;
  const char* recent_50;
  const char* list;  ///< a page of conversations, most recently active first
};

std::span<const Layout> all_layouts();

}  // namespace weir::bench
