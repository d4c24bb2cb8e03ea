#include "weir/repositories/sqlite/retention_plan.h"

#include <algorithm>
#include <map>

#include "weir/history/tool_pairs.h"
#include "weir/repositories/sqlite/deletion.h"
#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

constexpr std::int64_t kConversationsOfPortion = 500;
/// A read of this length takes some milliseconds.
constexpr std::size_t kEventsOfPlan = 4000;
constexpr Seq kNothingStays = kMaxSeq + 1;

Seq first_of_last_messages(Connection& connection, std::int64_t conversation, std::int64_t messages) {
  auto run = connection.statements().retention.messages_down.run();
  run.bind(conversation).bind(messages - 1);
  if (!run.step()) return 0;
  const Seq first = seq_at(run.integer(0));
  // While there are no more than allowed, none goes, and what stands before the first one goes with none.
  return run.step() ? first : 0;
}

Seq first_that_fits(Connection& connection, std::int64_t conversation, std::int64_t tokens) {
  auto run = connection.statements().retention.tokens_down.run();
  run.bind(conversation);
  Seq first = kNothingStays;
  while (run.step()) {
    const std::int64_t count = run.integer(1);
    if (count > tokens) return first;
    tokens -= count;
    first = seq_at(run.integer(0));
  }
  return 0;
}

/// The first event that stays, as far as it can be told from the end of the conversation.
Seq first_kept(Connection& connection, const RetentionRule& rule, std::int64_t conversation) {
  switch (rule.options.policy) {
    case RetentionPolicy::kMessageCount:
      return first_of_last_messages(connection, conversation, rule.options.max_messages_per_conversation);
    case RetentionPolicy::kTokenLimit:
      return first_that_fits(connection, conversation, rule.options.max_tokens_per_conversation);
    case RetentionPolicy::kTimeBased:
      return kNothingStays;
    case RetentionPolicy::kUnlimited:
      break;
  }
  return 0;
}

/// Goes up a conversation as far as events may go; further only to see whether their tool calls have results
/// there.
class Scan {
 public:
  Scan(const RetentionRule& rule, Seq first_kept) : rule_(rule), first_kept_(first_kept) {}

  /// Whether the next one is wanted too.
  bool take(const Statement::Run& row) {
    const Seq seq = seq_at(row.integer(0));
    const auto type = static_cast<EventType>(row.integer(1));
    if (seq < first_kept_ && is_young(row)) first_kept_ = seq;
    if (!cut_ && (seq >= first_kept_ || seqs_.size() == kEventsOfPlan)) cut_ = last_taken();
    if (cut_ && !looks_on(type)) return false;
    pairs_.take({seq, type, row.value(3).optional_text(), row.value(4).optional_text()});
    seqs_.push_back(seq);
    return true;
  }

  /// The last event that goes. A cut that would tear a tool call from its result moves forward behind the
  /// result, for limits are maxima; back before the call where the result is too young to go.
  Seq cut() const {
    const Seq wanted = cut_.value_or(last_taken());
    const auto torn = pairs_.torn_behind(wanted);
    if (!torn) return wanted;
    return is_by_age() && torn->last >= first_kept_ ? torn->first - 1 : torn->last;
  }

  const std::vector<Seq>& seqs() const { return seqs_; }
  const ToolPairs& pairs() const { return pairs_; }

 private:
  bool is_by_age() const { return rule_.options.policy == RetentionPolicy::kTimeBased; }
  bool is_young(const Statement::Run& row) const {
    return is_by_age() && row.integer(2) >= rule_.keep_from.time_since_epoch().count();
  }
  Seq last_taken() const { return seqs_.empty() ? 0 : seqs_.back(); }

  bool looks_on(EventType type) {
    // A call may have several results, one behind the other.
    if (last_taken() <= reach()) is_among_results_ = true;
    is_among_results_ = is_among_results_ && type == EventType::kToolResult;
    return is_among_results_ || pairs_.has_open_call(reach());
  }

  /// How far the cut may have to move forward.
  Seq reach() const {
    const auto torn = pairs_.torn_behind(*cut_);
    return torn ? torn->last : *cut_;
  }

  const RetentionRule& rule_;
  Seq first_kept_;
  std::optional<Seq> cut_;  // before tool calls are looked at
  bool is_among_results_ = false;
  std::vector<Seq> seqs_;
  ToolPairs pairs_;
};

/// Divides what goes into what must go together.
class UnitBuilder {
 public:
  UnitBuilder(const ToolPairs& pairs, std::vector<RetentionPlan::Unit>& units)
      : pairs_(pairs), units_(units) {}

  void add_all(const std::vector<Seq>& seqs, Seq cut) {
    auto stretch = pairs_.stretches().begin();
    RetentionPlan::Unit inside;
    for (auto seq = seqs.begin(); seq != seqs.end() && *seq <= cut; ++seq) {
      if (stretch == pairs_.stretches().end() || *seq < stretch->first) {
        units_.push_back({*seq});
        continue;
      }
      inside.push_back(*seq);
      if (*seq < stretch->last) continue;
      add_stretch(*stretch++, std::move(inside));
      inside.clear();
    }
  }

 private:
  void add_stretch(const ToolStretch& stretch, RetentionPlan::Unit events) {
    if (events.size() <= kMostDeletedAtOnce) {
      units_.push_back(std::move(events));
    } else {
      add_long_stretch(stretch, events);
    }
  }

  /// Too much for one transaction: what is neither call nor result goes first, one by one, then each call
  /// with its own results.
  void add_long_stretch(const ToolStretch& stretch, const RetentionPlan::Unit& events) {
    const auto calls = outermost_calls(stretch);
    std::map<Seq, RetentionPlan::Unit> together;
    for (const Seq seq : events) {
      if (const auto found = calls.find(seq); found != calls.end()) {
        together[found->second].push_back(seq);
      } else {
        units_.push_back({seq});
      }
    }
    for (auto& [call, unit] : together) units_.push_back(std::move(unit));
  }

  /// Of every call and result the call it hangs on: its own, or the one whose result that call is.
  std::map<Seq, Seq> outermost_calls(const ToolStretch& stretch) const {
    std::map<Seq, Seq> calls;
    for (const ToolPair& pair : pairs_.pairs()) {
      if (pair.call < stretch.first || pair.result > stretch.last) continue;
      const Seq outermost = calls.try_emplace(pair.call, pair.call).first->second;
      calls[pair.result] = outermost;
    }
    return calls;
  }

  const ToolPairs& pairs_;
  std::vector<RetentionPlan::Unit>& units_;
};

std::optional<RetentionPlan> begin_plan(Connection& connection, const ConversationKey& conversation) {
  auto run = connection.statements().retention.last_event.run();
  run.bind(conversation.number).bind(conversation.created_at);
  if (!run.step()) return std::nullopt;
  return RetentionPlan{.conversation = conversation,
                       .last_seq = run.integer(0),
                       .last_place = run.integer(1),
                       .last_id = std::string(run.text(2))};
}

bool is_passed_by(const Statement::Run& row, const RetentionRule& rule, std::int64_t active_since) {
  const std::int64_t event_count = row.integer(2);
  if (rule.options.policy == RetentionPolicy::kTimeBased) {
    return event_count == 0 || row.integer(4) >= rule.keep_from.time_since_epoch().count();
  }
  const bool fits = rule.options.policy == RetentionPolicy::kMessageCount &&
                    event_count <= rule.options.max_messages_per_conversation;
  return event_count == 0 || fits || row.integer(3) <= active_since;
}

std::optional<ActivityMark> newest_activity(Connection& connection) {
  auto run = connection.statements().retention.newest.run();
  if (!run.step()) return std::nullopt;
  return ActivityMark{{run.integer(0), run.integer(1)}, run.integer(2)};
}

bool still_holds(Connection& connection, const ActivityMark& mark) {
  auto run = connection.statements().retention.is_there.run();
  run.bind(mark.conversation.number).bind(mark.conversation.created_at);
  return run.step();
}

}  // namespace

ActivityRange read_activity(Connection& connection, const std::optional<ActivityMark>& since) {
  const ReadTransaction snapshot(connection);
  const bool is_known = since && still_holds(connection, *since);
  return {is_known ? since->activity : 0, newest_activity(connection)};
}

Portion find_portion(Connection& connection, const RetentionRule& rule, const PortionStart& start) {
  auto run = connection.statements().retention.portion.run();
  run.bind(start.after_number)
      .bind(std::int64_t{rule.options.policy == RetentionPolicy::kTimeBased})
      .bind(kConversationsOfPortion);
  Portion portion;
  while (run.step()) {
    portion.last_number = run.integer(0);
    if (!is_passed_by(run, rule, start.active_since)) {
      portion.found.push_back({run.integer(0), run.integer(1)});
    }
  }
  return portion;
}

std::optional<RetentionPlan> plan_retention(Connection& connection, const RetentionRule& rule,
                                            const ConversationKey& conversation) {
  const ReadTransaction snapshot(connection);
  auto plan = begin_plan(connection, conversation);
  if (!plan) return std::nullopt;
  Scan scan(rule, first_kept(connection, rule, conversation.number));
  auto run = connection.statements().retention.up.run();
  run.bind(conversation.number);
  while (run.step() && scan.take(run)) {
  }
  UnitBuilder(scan.pairs(), plan->units).add_all(scan.seqs(), scan.cut());
  if (plan->units.empty()) return std::nullopt;
  plan->has_open_calls = scan.pairs().has_open_call(scan.cut());
  return plan;
}

}  // namespace weir::repositories::sqlite
