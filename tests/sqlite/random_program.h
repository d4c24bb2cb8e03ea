#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "weir/history/repository.h"

namespace weir::testing {

/// A random sequence of calls, the same for the same seed, that writes down every answer and every error.
///
/// Ids and timestamps are given, or left out of what is written down where the store assigns them, so that
/// two repositories that keep the same promises write down the same.
class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed) {}

  std::string run(history::Repository& repo, int steps);

 private:
  void step(history::Repository& repo);
  void add_one(history::Repository& repo);
  void add_batch(history::Repository& repo);
  void import_some(history::Repository& repo);
  void read_range(history::Repository& repo);
  void list(history::Repository& repo);
  void look_up(history::Repository& repo);
  void put(history::Repository& repo);
  void compact(history::Repository& repo);
  void remember(history::Repository& repo);

  history::NewEvent random_event();
  history::ConversationId random_conversation();
  history::EventId random_id();
  history::RequestId random_request();
  std::int64_t below(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_);
  }
  bool one_in(std::int64_t chance) { return below(chance) == 0; }

  void note(const std::string& text) { journal_ += text + "\n"; }
  void note(const history::Event& event);
  void note(const history::Conversation& conversation);

  std::mt19937_64 random_;
  std::string journal_;
};

}  // namespace weir::testing
