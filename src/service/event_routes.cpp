#include <algorithm>
#include <nlohmann/json.hpp>

#include "weir/history/event_json.h"
#include "weir/history/json_writer.h"
#include "weir/service/parameters.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::Appended;
using history::ChatRepository;
using history::ConversationId;
using history::Event;

constexpr std::string_view kEvents = "/v1/conversations/{cid}/events";
constexpr std::string_view kEvent = "/v1/conversations/{cid}/events/{id}";
constexpr std::string_view kLastEvent = "/v1/conversations/{cid}/events/last";

constexpr std::size_t kMaxBatch = 1000;
constexpr std::int64_t kDefaultLimit = 1000;
constexpr NumberParameter kLimit{"limit", 1, 10'000};
constexpr NumberParameter kBeforeSeq{"before_seq", 0, history::kMaxSeq};
constexpr NumberParameter kAfterSeq{"after_seq", 0, history::kMaxSeq};
constexpr NumberParameter kMaxTokens{"max_tokens", 0, std::numeric_limits<std::int64_t>::max()};

/// Writes the events of a read into an answer as they come.
class EventsMember final : public history::EventSink {
 public:
  /// Appends the member `"events"` and its list to `body`, which outlives it.
  EventsMember(std::string& body, std::size_t most_events) : body_(body), begin_(body.size()) {
    body_.reserve(begin_ + std::min(most_events * kUsualBytes, kMostReserved));
  }

  void restart() override {
    body_.resize(begin_);
    body_ += kHead;
  }
  void take(const history::EventView& event) override {
    if (body_.size() > begin_ + kHead.size()) body_ += ',';
    history::append_json(body_, event);
  }
  void finish() { body_ += ']'; }

 private:
  static constexpr std::string_view kHead = "\"events\":[";
  static constexpr std::size_t kUsualBytes = 512;
  static constexpr std::size_t kMostReserved = 64 * 1024;  // the largest answers may grow beyond

  std::string& body_;
  const std::size_t begin_;
};

const Event& event_of(const Event& event) {
  return event;
}
const Event& event_of(const Appended& appended) {
  return appended.event;
}

/// Appends the member `"events"` and its list; the object around it is the caller's.
template <class Events>
void append_events(std::string& body, const Events& events) {
  body += "\"events\":[";
  bool is_first = true;
  for (const auto& event : events) {
    if (!is_first) body += ',';
    is_first = false;
    history::append_json(body, event_of(event));
  }
  body += ']';
}

Response stored(bool all_duplicates) {
  Response response{.status = 201};
  if (all_duplicates) {
    response.status = 200;
    response.headers.push_back({"Weir-Duplicate", "true"});
  }
  return response;
}

Response append_one(ChatRepository& repository, const history::NewEvent& event) {
  const Appended appended = repository.add_event(event);
  Response response = stored(appended.duplicate);
  history::append_json(response.body, appended.event);
  return response;
}

Response append_all(ChatRepository& repository, const std::vector<history::NewEvent>& events) {
  const std::vector<Appended> appended = repository.add_events(events);
  const bool all_duplicates =
      std::all_of(appended.begin(), appended.end(), [](const Appended& one) { return one.duplicate; });
  Response response = stored(all_duplicates);
  response.body += '{';
  append_events(response.body, appended);
  response.body += '}';
  return response;
}

/// The event that was stored under the request_id of a body which is wrong otherwise; absent when there is
/// none.
std::optional<Event> find_stored(ChatRepository& repository, const Request& request,
                                 const ConversationId& conversation) {
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  const auto found = body.is_object() ? body.find("request_id") : body.end();
  if (found == body.end() || !found->is_string()) return std::nullopt;
  return repository.find_by_request(conversation, history::RequestId(found->get<std::string>()));
}

Response append(ChatRepository& repository, const Request& request, const ConversationId& conversation) {
  const auto parsed = history::parse_events(request.body, conversation, kMaxBatch);
  if (parsed.is_list) return append_all(repository, parsed.events);
  return append_one(repository, parsed.events.front());
}

/// A request_id that is stored answers for its event, whatever else the body says.
Response post_events(ChatRepository& repository, const Request& request, const ConversationId& conversation) {
  try {
    return append(repository, request, conversation);
  } catch (const history::Error& error) {
    if (error.code() != history::ErrorCode::kInvalidArgument) throw;
    const auto event = find_stored(repository, request, conversation);
    if (!event) throw;
    Response response = stored(true);
    history::append_json(response.body, *event);
    return response;
  }
}

Response get_window(ChatRepository& repository, const Request& request, const ConversationId& conversation) {
  if (request.query.size() > 1) throw bad_request(kMaxTokens.name, "stands alone, without other parameters");
  const auto window = repository.recent_within_tokens(conversation, *number(request.query, kMaxTokens));
  Response response;
  response.body += '{';
  append_events(response.body, window.events);
  response.body += ",\"token_count\":" + std::to_string(window.token_count) + '}';
  return response;
}

Response get_events(ChatRepository& repository, const Request& request, const ConversationId& conversation) {
  if (request.query.contains(kMaxTokens.name)) return get_window(repository, request, conversation);
  const auto limit = number(request.query, kLimit).value_or(kDefaultLimit);
  const history::EventRange range{.conversation_id = conversation,
                                  .after_seq = number(request.query, kAfterSeq),
                                  .before_seq = number(request.query, kBeforeSeq),
                                  .limit = static_cast<std::size_t>(limit)};
  Response response;
  response.body += '{';
  EventsMember events(response.body, *range.limit);
  repository.read_events(range, events);
  events.finish();
  response.body += '}';
  return response;
}

Response get_event(ChatRepository& repository, const ConversationId& conversation,
                   const history::EventId& id) {
  const auto event = repository.find_event(id);
  if (!event || event->conversation_id != conversation) {
    throw Refusal({.status = 404, .detail = "the conversation has no event of this id"});
  }
  return Response{.body = history::to_json(*event)};
}

Response delete_last(ChatRepository& repository, const ConversationId& conversation) {
  if (!repository.remove_last_event(conversation)) {
    throw Refusal({.status = 404, .detail = "the conversation has no event"});
  }
  return no_content();
}

}  // namespace

std::vector<Route> event_routes(ChatRepository& repository) {
  return {
      {.method = "POST",
       .path = kEvents,
       .lane = Lane::kWrite,
       .handler =
           [&repository](const Request& request, const PathArguments& path) {
             return post_events(repository, request, ConversationId(path[0]));
           },
       .accepts = Accepts::kJson},
      {.method = "GET",
       .path = kEvents,
       .lane = Lane::kRead,
       .handler =
           [&repository](const Request& request, const PathArguments& path) {
             return get_events(repository, request, ConversationId(path[0]));
           },
       .parameters = {kLimit.name, kBeforeSeq.name, kAfterSeq.name, kMaxTokens.name}},
      {.method = "GET",
       .path = kEvent,
       .lane = Lane::kRead,
       .handler =
           [&repository](const Request&, const PathArguments& path) {
             return get_event(repository, ConversationId(path[0]), history::EventId(path[1]));
           }},
      {.method = "DELETE",
       .path = kLastEvent,
       .lane = Lane::kWrite,
       .handler =
           [&repository](const Request&, const PathArguments& path) {
             return delete_last(repository, ConversationId(path[0]));
           }},
  };
}

}  // namespace weir::service
