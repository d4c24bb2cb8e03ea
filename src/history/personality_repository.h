#pragma once

#include <cstddef>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/personality.h"

namespace weir::history {

/// What a conversation partner is found to be like, by user and dimension.
///
/// Values are decimal fractions and add up exactly: a hundred times 0.005 is 0.5.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class PersonalityRepository {
 public:
  PersonalityRepository() = default;
  PersonalityRepository(const PersonalityRepository&) = delete;
  PersonalityRepository& operator=(const PersonalityRepository&) = delete;
  virtual ~PersonalityRepository() = default;

  /// Every dimension of the user, by name; none for an unknown one.
  virtual std::vector<Trait> personality(const UserId& user, const CallOptions& options = {}) = 0;

  /// Changes one dimension, which begins at value 0.5 and confidence 0. A repeated request_id, of this user
  /// and dimension, changes nothing.
  /// Errors: kInvalidArgument naming `value` or `delta` when the value would leave [0, 1]; `context` when it
  /// is not UTF-8 or too long; `dimension` when it would be one more than kMaxDimensions.
  virtual UpdatedTrait update_trait(const TraitUpdate& update, const CallOptions& options = {}) = 0;

  /// The last updates of a dimension, newest first, at most `limit`; none for an unknown one.
  /// kTraitHistory are kept.
  virtual std::vector<TraitChange> trait_history(const UserId& user, const Dimension& dimension,
                                                 std::size_t limit, const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
