#pragma once

#include <bitset>
#include <cstddef>
#include <string>

#include "weir/history/event.h"

namespace weir::history {

/// The fields of an event, in the order in which they are printed.
enum class Field : std::size_t {
  kId,
  kConversationId,
  kSeq,
  kTimestamp,
  kType,
  kRole,
  kContent,
  kToolCalls,
  kToolCallId,
  kModel,
  kUsage,
  kExtra,
  kTokenCount,
  kRequestId,
};
inline constexpr std::size_t kFieldCount = 14;

/// Which fields an input named, null among them. Only these count when it is compared with what is stored.
using FieldSet = std::bitset<kFieldCount>;

std::string_view to_string(Field field);

struct ImportedEvent {
  NewEvent event;
  FieldSet given;
};

struct ImportResult {
  enum class Outcome { kImported, kDuplicate, kRejected };
  Outcome outcome = Outcome::kImported;
  std::string reason;  ///< why it was rejected; empty otherwise
};

/// The first field that `imported` gives and `stored` has otherwise; kFieldCount fields equal: absent.
std::optional<Field> first_difference(const ImportedEvent& imported, const Event& stored);

}  // namespace weir::history
