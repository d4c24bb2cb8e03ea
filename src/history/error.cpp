#include "weir/history/error.h"

namespace weir::history {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kOverloaded:
      return "overloaded";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kStorageFull:
      return "storage_full";
    case ErrorCode::kUnknownOutcome:
      return "unknown_outcome";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kDamaged:
      return "damaged";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

Error invalid(std::string_view field, std::string_view what) {
  std::string message(field);
  message.append(": ").append(what);
  return Error(ErrorCode::kInvalidArgument, message, std::string(field));
}

}  // namespace weir::history
