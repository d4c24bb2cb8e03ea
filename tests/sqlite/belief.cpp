#include "sqlite/belief.h"

#include <algorithm>
#include <utility>

namespace weir::testing {

namespace {

struct Wording {
  std::string text;  ///< without "again"
  int again = 0;     ///< how often it was there
};

Wording wording_of(std::string answer) {
  static const std::string again = " again";
  Wording wording;
  for (auto at = answer.find(again); at != std::string::npos; at = answer.find(again)) {
    answer.erase(at, again.size());
    ++wording.again;
  }
  wording.text = std::move(answer);
  return wording;
}

/// A call whose COMMIT failed and which the repository repeated by itself says "again", too.
bool agrees(const std::string& answer, const std::string& expected) {
  const Wording found = wording_of(answer);
  const Wording wanted = wording_of(expected);
  return found.text == wanted.text && found.again >= wanted.again;
}

}  // namespace

Belief::Complaint Belief::stored(const ChatStep& step, const std::string& answer) {
  std::set<ChatModel> explaining;
  for (ChatModel candidate : candidates_) {
    if (agrees(answer, step.expect(candidate))) explaining.insert(std::move(candidate));
  }
  if (explaining.empty())
    return "stored, and nothing explains the answer \"" + answer + "\"; " + alternatives();
  candidates_ = std::move(explaining);
  return std::nullopt;
}

void Belief::unknown(const ChatStep& step) {
  ++unknown_outcomes_;
  std::set<ChatModel> more = candidates_;
  for (ChatModel candidate : candidates_) {
    step.expect(candidate);
    more.insert(std::move(candidate));
  }
  candidates_ = std::move(more);
}

Belief::Complaint Belief::read(const ChatStep& step, const std::string& answer) const {
  const bool is_explained =
      std::ranges::any_of(candidates_, [&](ChatModel candidate) { return step.expect(candidate) == answer; });
  if (is_explained) return std::nullopt;
  return "read \"" + answer + "\"; " + alternatives();
}

Belief::Complaint Belief::holds(const std::string& text) const {
  const bool is_explained =
      std::ranges::any_of(candidates_, [&](const ChatModel& candidate) { return candidate.text() == text; });
  if (is_explained) return std::nullopt;
  return "it holds\n" + text + alternatives();
}

std::string Belief::alternatives() const {
  std::string all = "and may hold";
  for (const ChatModel& candidate : candidates_) all += "\n" + candidate.text() + "or";
  return all + " nothing else";
}

}  // namespace weir::testing
