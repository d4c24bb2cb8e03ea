#pragma once

#include <optional>
#include <set>
#include <string>

#include "sqlite/chat_model.h"

namespace weir::testing {

/// Every state that explains what a store has answered so far. There is one, until the outcome of a write is
/// not known.
///
/// Each member answers what is wrong, or nothing.
class Belief {
 public:
  using Complaint = std::optional<std::string>;

  /// The write succeeded and answered so.
  Complaint stored(const ChatStep& step, const std::string& answer);
  /// It may have succeeded.
  void unknown(const ChatStep& step);
  /// A read answered so. It settles nothing: what a failed COMMIT left may show only after a recovery.
  Complaint read(const ChatStep& step, const std::string& answer) const;
  /// This is all there is, as ChatModel::text() has it.
  Complaint holds(const std::string& text) const;

  int unknown_outcomes() const { return unknown_outcomes_; }

 private:
  std::string alternatives() const;

  std::set<ChatModel> candidates_{ChatModel{}};
  int unknown_outcomes_ = 0;
};

}  // namespace weir::testing
