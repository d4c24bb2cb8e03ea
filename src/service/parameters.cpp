#include "weir/service/parameters.h"

#include <charconv>

#include "weir/history/utf8.h"
#include "weir/service/problem.h"

namespace weir::service {
namespace {

std::optional<std::int64_t> read_whole_number(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> number(const Query& query, const NumberParameter& parameter) {
  const auto found = query.find(parameter.name);
  if (found == query.end()) return std::nullopt;
  const auto value = read_whole_number(found->second);
  if (!value || *value < parameter.min || *value > parameter.max) {
    throw bad_request(parameter.name, "must be a whole number, " + std::to_string(parameter.min) + " to " +
                                          std::to_string(parameter.max));
  }
  return value;
}

std::optional<std::string> text(const Query& query, std::string_view name) {
  const auto found = query.find(name);
  if (found == query.end()) return std::nullopt;
  if (!history::is_utf8(found->second)) throw bad_request(name, "must be UTF-8");
  return found->second;
}

}  // namespace weir::service
