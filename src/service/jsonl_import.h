#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "weir/history/chat_repository.h"
#include "weir/service/line_source.h"

namespace weir::service {

struct ImportCounts {
  std::uint64_t imported = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;

  friend bool operator==(const ImportCounts&, const ImportCounts&) = default;
};

/// How far an import is: everything up to here is committed.
struct ImportProgress {
  std::uint64_t lines = 0;  ///< read, blank ones too
  std::uint64_t bytes = 0;  ///< read of the file as it stands, compressed or not
  ImportCounts counts;
};

/// Who hears of an import while it runs; either may be empty.
struct ImportListener {
  std::function<void(std::string_view)> rejected;  ///< `line 17: reason`, in the order of the lines
  std::function<void(const ImportProgress&)> progressed;
};

/// Stores the events of JSON Lines, chunk by chunk. A line that is no event, is too long, or that the
/// repository rejects, is told to the listener and left out; the rest goes in. Running it again adds nothing
/// to what is there.
///
/// Blocking: until everything is stored.
/// Errors: history::Error of the lines or of the repository. What was progressed is stored; when the lines
///   failed, so is what came before the fault, and was progressed.
ImportCounts import_jsonl(LineSource& lines, history::ChatRepository& repository,
                          const ImportListener& listener);

}  // namespace weir::service
