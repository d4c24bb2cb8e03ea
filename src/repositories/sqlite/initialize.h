#pragma once

namespace weir {

/// Turns SQLite's memory statistics off, for the whole process, and returns whether that took. With them on,
/// threads that read at the same time wait for one mutex round every allocation.
///
/// For main(), before anything uses SQLite: a switch of the process is not a library's to throw unasked, and
/// weir never calls this by itself. False when SQLite was in use already; everything works then as well, only
/// slower. Without statistics SQLite's heap limits and sqlite3_memory_used() do nothing.
///
/// Thread-safety: while the process has one thread.
[[nodiscard]] bool initialize() noexcept;

}  // namespace weir
