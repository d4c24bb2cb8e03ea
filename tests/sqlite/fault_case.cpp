#include "sqlite/fault_case.h"

#include <map>

namespace weir::testing {
namespace {

using Extent = VfsVerdict::Extent;

struct Failure {
  int code;
  Extent extent = Extent::kNothing;
};

/// What a call may fail with on a disk that fails; nothing where SQLite takes no notice.
///
/// A read that comes back short is not among them. Inside the file it is no failed call but a file that was
/// cut, which is noticed by looking at the file; SQLite takes the missing part for zeros, and may build upon
/// them.
std::vector<Failure> failures_of(VfsCall call) {
  switch (call) {
    case VfsCall::kOpen:
      return {{SQLITE_CANTOPEN}};
    case VfsCall::kDelete:
      return {{SQLITE_IOERR_DELETE}};
    case VfsCall::kAccess:
      return {{SQLITE_IOERR_ACCESS}};
    case VfsCall::kRead:
      return {{SQLITE_IOERR_READ}, {SQLITE_IOERR_CORRUPTFS}};
    case VfsCall::kWrite:
      return {{SQLITE_IOERR_WRITE}, {SQLITE_FULL}, {SQLITE_FULL, Extent::kHalf}};
    case VfsCall::kSync:
      return {{SQLITE_IOERR_FSYNC}};
    case VfsCall::kTruncate:
      return {{SQLITE_IOERR_TRUNCATE}};
    case VfsCall::kFileSize:
      return {{SQLITE_IOERR_FSTAT}};
    case VfsCall::kLock:
      return {{SQLITE_BUSY}, {SQLITE_IOERR_LOCK}};
    case VfsCall::kUnlock:
      return {{SQLITE_IOERR_UNLOCK}};
    case VfsCall::kCheckReservedLock:
      return {{SQLITE_IOERR_CHECKRESERVEDLOCK}};
    case VfsCall::kShmMap:
      return {{SQLITE_IOERR_SHMMAP}, {SQLITE_NOMEM}};
    case VfsCall::kShmLock:
      return {{SQLITE_BUSY}, {SQLITE_IOERR_SHMLOCK}};
    case VfsCall::kShmUnlock:
    case VfsCall::kUnfetch:
      return {};
  }
  return {};
}

}  // namespace

Fault FaultCase::fault() const {
  return {.call = call,
          .code = code,
          .times = lasting == Lasting::kOnce ? 1 : Fault::kForGood,
          .after = before,
          .extent = extent};
}

std::string FaultCase::name() const {
  return std::to_string(n) + ":" + std::to_string(code) + (lasting == Lasting::kOnce ? ":once" : ":always") +
         (extent == Extent::kHalf ? ":half" : "");
}

std::vector<FaultCase> cases_of(const std::vector<VfsCall>& calls) {
  std::vector<FaultCase> cases;
  std::map<VfsCall, int> counts;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const int before = counts[calls[i]]++;
    for (const Failure& failure : failures_of(calls[i])) {
      for (const auto lasting : {FaultCase::Lasting::kOnce, FaultCase::Lasting::kForGood}) {
        cases.push_back({static_cast<int>(i) + 1, calls[i], before, failure.code, lasting, failure.extent});
      }
    }
  }
  return cases;
}

}  // namespace weir::testing
