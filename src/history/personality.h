#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "weir/history/fixed_point.h"
#include "weir/history/id.h"
#include "weir/history/timestamp.h"

namespace weir::history {

/// How many updates of a dimension can be read again; of older ones only their request_ids are remembered.
inline constexpr std::int64_t kTraitHistory = 1000;

/// How many dimensions a user may have: all of them are read at once.
inline constexpr std::int64_t kMaxDimensions = 1000;

inline constexpr std::size_t kMaxTraitContextBytes = 4096;

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
  FixedPoint confidence_change{};         ///< the sum is clamped to [0, 1]
  std::optional<std::string> context{};   ///< UTF-8, at most kMaxTraitContextBytes
  std::optional<RequestId> request_id{};  ///< repeated, it changes nothing
};

struct UpdatedTrait {
  Trait trait;             ///< as it now is
  bool duplicate = false;  ///< the update was made before, under the same request_id
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

/// `trait` after `update`, but for its time. Errors: as PersonalityRepository::update_trait, of the update.
Trait updated(const Trait& trait, const TraitUpdate& update);

}  // namespace weir::history
