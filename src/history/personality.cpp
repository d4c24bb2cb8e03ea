#include "weir/history/personality.h"

#include <algorithm>

#include "weir/history/error.h"
#include "weir/history/utf8.h"

namespace weir::history {
namespace {

constexpr FixedPoint kZero = FixedPoint::from_ratio(0, 1);
constexpr FixedPoint kOne = FixedPoint::from_ratio(1, 1);
constexpr FixedPoint kMinusOne = FixedPoint::from_ratio(-1, 1);

bool is_share(FixedPoint number) {
  return number >= kZero && number <= kOne;
}

FixedPoint changed(FixedPoint, const SetValue& set) {
  if (!is_share(set.value)) throw invalid("value", "must be in 0 to 1");
  return set.value;
}

FixedPoint changed(FixedPoint value, const AddDelta& add) {
  // Looked at alone first: a sum of any two could overflow.
  const bool is_possible = add.delta >= kMinusOne && add.delta <= kOne;
  if (!is_possible || !is_share(value + add.delta)) {
    throw invalid("delta", "must leave the value in 0 to 1");
  }
  return value + add.delta;
}

void check_context(const std::optional<std::string>& context) {
  if (!context) return;
  if (context->size() > kMaxTraitContextBytes) {
    throw invalid("context", "must have at most " + std::to_string(kMaxTraitContextBytes) + " bytes, has " +
                                 std::to_string(context->size()));
  }
  if (!is_utf8(*context)) throw invalid("context", "must be UTF-8");
}

}  // namespace

Trait updated(const Trait& trait, const TraitUpdate& update) {
  check_context(update.context);
  Trait after = trait;
  after.value = std::visit([&](const auto& change) { return changed(trait.value, change); }, update.change);
  const FixedPoint confidence_change = std::clamp(update.confidence_change, kMinusOne, kOne);
  after.confidence = std::clamp(trait.confidence + confidence_change, kZero, kOne);
  ++after.updates;
  after.context = update.context;
  return after;
}

}  // namespace weir::history
