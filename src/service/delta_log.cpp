#include "weir/service/delta_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "weir/history/error.h"
#include "weir/history/json_writer.h"

namespace weir::service {
namespace {

using history::NewEvent;

constexpr std::size_t kMostBytes = 512;
constexpr std::chrono::milliseconds kMostAge{100};

history::JsonText extra_of(const history::RequestId& user_request) {
  std::string json;
  history::JsonWriter writer(json);
  writer.begin_object().key("kind").string("assistant_delta");
  writer.key("user_request_id").string(user_request.value()).end_object();
  return history::JsonText::stored(std::move(json));
}

NewEvent delta_of(const DeltaLog::Reply& reply) {
  NewEvent delta{.conversation_id = reply.conversation_id, .type = history::EventType::kMeta};
  delta.role = history::Role::kAssistant;
  delta.extra = extra_of(reply.user_request);
  return delta;
}

}  // namespace

DeltaLog::DeltaLog(history::ChatRepository& repository, const repositories::Clock& clock, Reply reply)
    : repository_(repository), clock_(clock), delta_(delta_of(reply)) {}

void DeltaLog::add(std::string_view piece) {
  gathered_ += piece;
  if (is_due()) store();
}

history::Seq DeltaLog::start_before(history::Seq seq) const {
  return std::min(seq, lowest_ - 1);
}

bool DeltaLog::is_due() const {
  if (gathered_.empty()) return false;
  return !last_ || gathered_.size() >= kMostBytes || clock_.now() - *last_ >= kMostAge;
}

void DeltaLog::store() {
  NewEvent delta = delta_;
  delta.content = history::Content::text(std::move(gathered_));
  gathered_.clear();
  last_ = clock_.now();
  try {
    lowest_ = std::min(lowest_, repository_.add_event(delta).event.seq);
  } catch (const history::Error& error) {
    // A delta only tells how far the reply is: the reply itself is worth more, and is stored at its end.
    spdlog::warn("a piece of a reply was not stored: {}", error.what());
  }
}

}  // namespace weir::service
