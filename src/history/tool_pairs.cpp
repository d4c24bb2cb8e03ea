#include "weir/history/tool_pairs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace weir::history {
namespace {

struct Calls {
  bool has_any = false;
  std::vector<std::string> ids;
};

Calls calls_of(const ToolView& event) {
  Calls calls;
  if (event.type == EventType::kToolCall) {
    calls.has_any = true;
    if (event.tool_call_id) calls.ids.emplace_back(*event.tool_call_id);
  }
  if (!event.tool_calls) return calls;
  for (const auto& call : nlohmann::json::parse(*event.tool_calls, nullptr, false)) {
    calls.has_any = true;
    const auto id = call.find("id");
    if (id != call.end() && id->is_string()) calls.ids.push_back(id->get<std::string>());
  }
  return calls;
}

}  // namespace

void ToolPairs::take(const ToolView& event) {
  if (event.type == EventType::kToolResult) {
    take_result(event);
  } else {
    answered_.clear();
    unnamed_call_.reset();
  }
  take_calls(event);
}

void ToolPairs::take_result(const ToolView& event) {
  if (event.tool_call_id) {
    if (const auto found = open_.find(*event.tool_call_id); found != open_.end()) {
      pair(found->second, event.seq);
      open_seqs_.erase(open_seqs_.find(found->second));
      answered_.insert(open_.extract(found));
      return;
    }
    if (const auto found = answered_.find(*event.tool_call_id); found != answered_.end()) {
      return pair(found->second, event.seq);
    }
  }
  if (unnamed_call_) pair(*unnamed_call_, event.seq);
}

void ToolPairs::take_calls(const ToolView& event) {
  Calls calls = calls_of(event);
  if (calls.has_any && calls.ids.empty()) unnamed_call_ = event.seq;
  for (std::string& id : calls.ids) open(event.seq, std::move(id));
}

void ToolPairs::open(Seq call, std::string id) {
  answered_.erase(id);
  const auto [place, is_new] = open_.try_emplace(std::move(id), call);
  // The same id again: what follows is the result of the later call.
  if (!is_new) open_seqs_.erase(open_seqs_.find(place->second));
  place->second = call;
  open_seqs_.insert(call);
}

void ToolPairs::pair(Seq call, Seq result) {
  pairs_.push_back({call, result});
  ToolStretch stretch{call, result};
  while (!stretches_.empty() && stretches_.back().last >= stretch.first) {
    stretch.first = std::min(stretch.first, stretches_.back().first);
    stretches_.pop_back();
  }
  stretches_.push_back(stretch);
}

std::optional<ToolStretch> ToolPairs::torn_behind(Seq seq) const {
  const auto found = std::ranges::partition_point(
      stretches_, [seq](const ToolStretch& stretch) { return stretch.last <= seq; });
  if (found == stretches_.end() || found->first > seq) return std::nullopt;
  return *found;
}

}  // namespace weir::history
