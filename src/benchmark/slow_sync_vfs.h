#pragma once

#include <chrono>

namespace weir::benchmark {

/// From now on every sync of a file that SQLite opens takes `delay` longer, as on a disk that is slower than
/// this machine's. To be called at most once in a process, before SQLite opens anything.
void slow_down_syncs(std::chrono::microseconds delay);

}  // namespace weir::benchmark
