#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::history {

/// What can go wrong, as far as a caller can act on it. The whole vocabulary of the layer.
enum class ErrorCode {
  kInvalidArgument,  ///< the caller's input is wrong; `Error::field()` names the part
  kNotFound,         ///< what the call names does not exist
  kConflict,         ///< an id is taken, or a given seq is not the next one
  kTimeout,          ///< the call's deadline passed; nothing was stored
  kOverloaded,       ///< too many callers wait already; nothing was stored
  kUnavailable,      ///< the store cannot serve now; nothing was stored
  kStorageFull,      ///< the disk is full; nothing was stored
  kUnknownOutcome,   ///< COMMIT failed: stored or not, repeat with the same request_id to know
  kUnsupported,      ///< the file belongs to something else, to a newer version, or what is asked for is off
  kDamaged,          ///< the file is damaged; the files are kept as they are
  kInternal,         ///< a bug in weir
};

/// The code's name in snake case, as logs and problem documents show it.
std::string_view to_string(ErrorCode code);

/// The one exception that leaves the layer.
///
/// Its message holds no message text, token or bound value (invariant I12).
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, std::string field = {})
      : std::runtime_error(message), code_(code), field_(std::move(field)) {}

  ErrorCode code() const noexcept { return code_; }

  /// The input field at fault, as `extra` or `events[3].type`; empty when no field is.
  const std::string& field() const noexcept { return field_; }

 private:
  ErrorCode code_;
  std::string field_;
};

/// An Error that blames `field`: its message reads "field: what".
Error invalid(std::string_view field, std::string_view what);

}  // namespace weir::history
