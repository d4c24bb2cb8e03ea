#include "weir/service/request_id.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace weir::service {
namespace {

constexpr std::size_t kLongest = 128;

std::string hex(std::uint64_t number) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

std::uint64_t random_number() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == ':';
}

bool is_well_formed(std::string_view id) {
  return !id.empty() && id.size() <= kLongest && std::ranges::all_of(id, is_plain);
}

}  // namespace

RequestIds::RequestIds() : prefix_(hex(random_number()) + '-') {}

std::string RequestIds::of(const RequestHead& head) {
  const auto given = header_values(head, kRequestIdHeader);
  return given.size() == 1 && is_well_formed(given.front()) ? std::string(given.front()) : make();
}

std::string RequestIds::make() {
  return prefix_ + hex(made_.fetch_add(1, std::memory_order_relaxed) + 1);
}

}  // namespace weir::service
