#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/event.h"

namespace weir::history {

/// What an event says of tool calls.
struct ToolView {
  Seq seq;
  EventType type;
  std::optional<std::string_view> tool_calls{};
  std::optional<std::string_view> tool_call_id{};
};

/// An event that calls a tool, and one with a result of that call.
struct ToolPair {
  Seq call;
  Seq result;
};

/// Consecutive events, both ends included.
struct ToolStretch {
  Seq first;
  Seq last;
};

/// Finds the events of a conversation that belong together, because one has the result of another's tool
/// call.
///
/// What an event calls is named by the ids in its `tool_calls`, and by the `tool_call_id` of a `tool_call`.
/// The result is the next `tool_result` with that id, and any more with it that follow at once. A call
/// without an id is answered by the results right behind it.
///
/// Thread-safety: one thread at a time.
class ToolPairs {
 public:
  /// Takes the next event, upwards.
  void take(const ToolView& event);

  /// In the order of their results.
  const std::vector<ToolPair>& pairs() const { return pairs_; }

  /// From a call to a result, grown by those that overlap: in order, and cut nowhere without tearing a pair.
  const std::vector<ToolStretch>& stretches() const { return stretches_; }

  /// Absent when a cut behind `seq` tears no pair.
  std::optional<ToolStretch> torn_behind(Seq seq) const;

  /// Whether one called, at `seq` or before it, by an id that has no result yet.
  bool has_open_call(Seq seq) const { return !open_seqs_.empty() && *open_seqs_.begin() <= seq; }

 private:
  void take_result(const ToolView& event);
  void take_calls(const ToolView& event);
  void open(Seq call, std::string id);
  void pair(Seq call, Seq result);

  std::map<std::string, Seq, std::less<>> open_;
  std::multiset<Seq> open_seqs_;  // the values of open_
  // Of the results that follow each other now: which calls have one, and the call without an id before them.
  std::map<std::string, Seq, std::less<>> answered_;
  std::optional<Seq> unnamed_call_;

  std::vector<ToolPair> pairs_;
  std::vector<ToolStretch> stretches_;
};

}  // namespace weir::history
