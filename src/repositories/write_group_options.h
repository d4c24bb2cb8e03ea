#pragma once

#include <cstddef>

#include "weir/repositories/clock.h"

namespace weir::repositories {

/// How far writes that wait are stored together. A group always takes at least one. What is larger than the
/// bounds is stored alone, and those behind it wait for that one transaction: a batch, which is stored as a
/// whole (over HTTP at most 1,000 events), or a step of what may be of any size, which takes some milliseconds.
struct WriteGroupOptions {
  std::size_t max_members = 64;
  std::size_t max_bytes = 1024 * 1024;  ///< a write that is larger is stored alone
  Seconds max_time{0.01};               ///< running for so long, a group takes nobody else
};

}  // namespace weir::repositories
