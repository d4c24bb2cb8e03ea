#pragma once

#include <cstddef>
#include <string>

#include "weir/repositories/call.h"

namespace weir::repositories {

// How the errors of every queue speak of who waits and who holds.

/// As "add_event for 12 ms".
std::string describe_holder(Operation operation, Duration held);

/// As "the write queue of history.db: add_event waited 200 ms in place 3 and timed out"; places count from 1.
std::string describe_timed_out(const std::string& queue, const Call& call, TimePoint now, std::size_t place);

}  // namespace weir::repositories
