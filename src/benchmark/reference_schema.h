#pragma once

#include <functional>
#include <string>

#include "weir/benchmark/c_api.h"
#include "weir/benchmark/lane.h"
#include "weir/repositories/sqlite/sqlite_options.h"

namespace weir::benchmark {

/// Creates a database of the reference service and fills it.
void fill_reference(const std::string& path, const Workload& workload);

/// A connection to a database of the reference service as most write it: in WAL mode with the `synchronous`
/// asked for, a busy timeout, prepared statements, and SQLite's defaults otherwise.
///
/// Thread-safety: one thread at a time. Errors: std::runtime_error.
class ReferenceConnection {
 public:
  ReferenceConnection(const std::string& path, repositories::sqlite::Synchronous synchronous,
                      const Workload& workload);

  bool point_read(std::size_t number);
  bool recent_50(std::size_t conversation);
  bool append(const Sample& sample);
  bool hold_write(const std::function<const Sample*()>& next);

 private:
  const Workload& workload_;
  CDatabase database_;
  CStatement by_id_;
  CStatement recent_;
  CStatement insert_;
};

}  // namespace weir::benchmark
