#include "weir/benchmark/workload.h"

#include <array>
#include <charconv>
#include <numeric>

#include "weir/history/uuid_text.h"

namespace weir::benchmark {
namespace {

constexpr std::string_view kFiller =
    "the quick reply to what was asked before mentions a train, a table for four at eight in the evening, "
    "the weather of tomorrow, a song somebody hummed, the price of two tickets in the balcony, and whether "
    "the museum near the river opens on a public holiday; then it asks politely what else there is to do ";
constexpr std::size_t kShortest = 150;
constexpr std::size_t kLengths = 101;  // 150 to 250 bytes: 200 on average

std::size_t length_of(std::size_t number) {
  return kShortest + mix(number) % kLengths;
}

/// What a content begins with, in `buffer`.
std::string_view stamp(std::size_t number, std::array<char, 24>& buffer) {
  buffer[0] = '#';
  char* end = std::to_chars(buffer.data() + 1, buffer.data() + buffer.size() - 1, number).ptr;
  *end++ = ' ';
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

std::uint64_t mix(std::uint64_t seed) {
  seed += 0x9E37'79B9'7F4A'7C15ULL;
  seed = (seed ^ (seed >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
  seed = (seed ^ (seed >> 27U)) * 0x94D0'49BB'1331'11EBULL;
  return seed ^ (seed >> 31U);
}

Workload::Workload(WorkloadSize size) : size_(size), stride_(size.conversations * 5 / 8 + 1) {
  while (std::gcd(stride_, size_.conversations) != 1) ++stride_;
}

std::size_t Workload::conversation_of(std::size_t number) const {
  const std::size_t round = number / size_.conversations;
  return (number % size_.conversations * stride_ + mix(round)) % size_.conversations;
}

std::string Workload::content_of(std::size_t number) const {
  std::array<char, 24> buffer{};
  std::string text(stamp(number, buffer));
  text.append(kFiller.substr(0, length_of(number) - text.size()));
  return text;
}

bool Workload::is_content_of(std::size_t number, std::string_view content) const {
  std::array<char, 24> buffer{};
  return content.size() == length_of(number) && content.starts_with(stamp(number, buffer));
}

Sample Workload::sample(std::size_t number) const {
  const bool is_user = mix(~number) % 2 == 0;
  return {number, conversation_of(number), is_user, is_user ? "request-" + std::to_string(number) : "",
          content_of(number)};
}

std::string Workload::conversation_id(std::size_t conversation) {
  return "conversation-" + std::to_string(conversation);
}

std::string Workload::random_id(std::size_t number) {
  return history::uuid_text((mix(2 * number) & ~0xF000ULL) | 0x4000U,
                            (mix(2 * number + 1) >> 2U) | (1ULL << 63U));
}

std::string Workload::rising_id(std::size_t number) {
  constexpr std::uint64_t kFirstMillisecond = 1'700'000'000'000;
  return history::uuid_text((kFirstMillisecond + number) << 16U | 0x7000U,
                            (mix(number) >> 2U) | (1ULL << 63U));
}

}  // namespace weir::benchmark
