#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/fixed_point.h"
#include "weir/history/id.h"
#include "weir/history/timestamp.h"

namespace weir::history {

struct UserIdTag {
  static constexpr std::string_view kField = "user_id";
};
struct DimensionTag {
  static constexpr std::string_view kField = "dimension";
};
using UserId = Id<UserIdTag>;
using Dimension = Id<DimensionTag>;

/// What is held of one user in one dimension, as warmth or formality.
struct Trait {
  Dimension dimension;
  FixedPoint value = FixedPoint::from_ratio(1, 2);       ///< in [0, 1]
  FixedPoint confidence = FixedPoint::from_ratio(0, 1);  ///< in [0, 1]
  std::int64_t updates = 0;
  std::optional<std::string> context{};  ///< of the last update
  Timestamp updated_at{};

  friend bool operator==(const Trait&, const Trait&) = default;
};

struct SetValue {
  FixedPoint value;
};
struct AddDelta {
  FixedPoint delta;
};

struct TraitUpdate {
  UserId user;
  Dimension dimension;
  std::variant<SetValue, AddDelta> change;
  FixedPoint confidence_change{};  ///< the sum is clamped to [0, 1]
  std::optional<std::string> context{};
  std::optional<RequestId> request_id{};  ///< repeated, it changes nothing
};

/// One update as it was made; the value and confidence it led to.
struct TraitChange {
  FixedPoint value;
  FixedPoint confidence;
  std::optional<std::string> context{};
  std::optional<RequestId> request_id{};
  Timestamp updated_at{};

  friend bool operator==(const TraitChange&, const TraitChange&) = default;
};

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

  /// Changes one dimension, which starts at value 0.5 and confidence 0. A repeated request_id, of this user
  /// and dimension, changes nothing. The dimension as it is afterwards.
  /// Errors: kInvalidArgument naming `value` or `delta` when the value would leave [0, 1].
  virtual Trait update_trait(const TraitUpdate& update, const CallOptions& options = {}) = 0;

  /// The last updates of a dimension, newest first, at most `limit`. kTraitHistory are kept.
  virtual std::vector<TraitChange> trait_history(const UserId& user, const Dimension& dimension,
                                                 std::size_t limit, const CallOptions& options = {}) = 0;
};

/// How many updates of a dimension are remembered, and so how far back a repeated request_id is recognised.
inline constexpr std::int64_t kTraitHistory = 1000;

}  // namespace weir::history
