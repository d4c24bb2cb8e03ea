#include "weir/service/trait_body.h"

#include <cstdlib>

#include "weir/history/error.h"
#include "weir/service/json_body.h"

namespace weir::service {
namespace {

using history::FixedPoint;

constexpr std::string_view kValue = "value";
constexpr std::string_view kDelta = "delta";

/// A member that must be a number; absent when it was not given, or as null.
std::optional<FixedPoint> fraction(const JsonBody& body, std::string_view field) {
  const auto given = body.value(field);
  if (!given || given->text() == "null") return std::nullopt;
  const auto number = FixedPoint::parse(given->text());
  if (!number) throw history::invalid(field, "must be a number, -1000 to 1000");
  return number;
}

/// Before it is rounded to the digits that are kept.
void require_in_bounds(const std::string& number) {
  const double value = std::strtod(number.c_str(), nullptr);
  if (value < 0 || value > 1) throw history::invalid(kValue, "must be 0 to 1");
}

std::variant<history::SetValue, history::AddDelta> change_of(const JsonBody& body) {
  const auto value = fraction(body, kValue);
  const auto delta = fraction(body, kDelta);
  if (value && delta) throw history::invalid(kDelta, "stands alone, without value");
  if (value) {
    require_in_bounds(body.value(kValue)->text());
    return history::SetValue{*value};
  }
  if (delta) return history::AddDelta{*delta};
  throw history::invalid(kValue, "must be given, or delta");
}

}  // namespace

history::TraitUpdate parse_trait_update(std::string_view json, const history::UserId& user,
                                        const history::Dimension& dimension) {
  const JsonBody body(json, {kValue, kDelta, "confidence_change", "context", "request_id"});
  history::TraitUpdate update{.user = user, .dimension = dimension, .change = change_of(body)};
  update.confidence_change = fraction(body, "confidence_change").value_or(FixedPoint());
  update.context = body.string("context");
  if (auto id = body.string("request_id")) update.request_id.emplace(std::move(*id));
  return update;
}

}  // namespace weir::service
