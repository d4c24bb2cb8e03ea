#include <memory>

#include "weir/history/event_json.h"
#include "weir/history/memory_service.h"
#include "weir/service/compact_body.h"
#include "weir/service/message_json.h"
#include "weir/service/parameters.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::Context;
using history::ConversationId;
using history::JsonWriter;
using history::MemoryService;
using history::Repository;
using history::Role;

constexpr std::int64_t kDefaultLimit = 1000;
constexpr std::int64_t kMostMessages = 10'000;
constexpr NumberParameter kLimit{"limit", 1, kMostMessages};
constexpr NumberParameter kRecent{"recent", 0, kMostMessages};
constexpr NumberParameter kMaxTokens{"max_tokens", 0, std::numeric_limits<std::int64_t>::max()};
constexpr std::string_view kSystemPrompt = "system_prompt";
constexpr std::string_view kSummaryHead = "Summary of earlier messages:\n";

Response get_messages(MemoryService& memory, const Request& request, const ConversationId& conversation) {
  const auto limit = number(request.query, kLimit).value_or(kDefaultLimit);
  const auto prompt = text(request.query, kSystemPrompt);
  const auto messages = memory.messages(conversation, static_cast<std::size_t>(limit));
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("messages").begin_array();
  if (prompt) write_message(json, Role::kSystem, *prompt);
  for (const history::Event& message : messages) write_message(json, message);
  json.end_array().end_object();
  return response;
}

history::Verbatim verbatim_of(const Query& query, std::size_t recent_messages) {
  const auto recent = number(query, kRecent);
  const auto max_tokens = number(query, kMaxTokens);
  if (recent && max_tokens) throw bad_request(kMaxTokens.name, "stands alone, without recent");
  if (max_tokens) return history::VerbatimTokens{*max_tokens};
  return history::VerbatimCount{recent ? static_cast<std::size_t>(*recent) : recent_messages};
}

void write_metadata(JsonWriter& json, const Context& context) {
  json.begin_object();
  json.key("total_messages").integer(context.total_messages());
  json.key("summarized_count").integer(context.summarized_count);
  json.key("verbatim_count").integer(context.verbatim_count());
  json.key("summaries_used").integer(static_cast<std::int64_t>(context.summaries.size()));
  json.end_object();
}

Response get_context(MemoryService& memory, const ConversationId& conversation,
                     const history::Verbatim& verbatim) {
  const Context context = memory.context(conversation, verbatim);
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("messages").begin_array();
  for (const history::Summary& summary : context.summaries) {
    write_message(json, Role::kSystem, std::string(kSummaryHead) + summary.text);
  }
  for (const history::Event& message : context.messages) write_message(json, message);
  json.end_array();
  write_metadata(json.key("metadata"), context);
  json.end_object();
  return response;
}

Response get_summaries(Repository& repository, const ConversationId& conversation) {
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("summaries").begin_array();
  for (const history::Summary& summary : repository.summaries(conversation)) {
    json.begin_object();
    json.key("first_seq").integer(summary.first_seq);
    json.key("last_seq").integer(summary.last_seq);
    json.key("message_count").integer(summary.message_count);
    json.key("summary").string(summary.text);
    json.key("created_at").string(history::format_timestamp(summary.created_at));
    json.end_object();
  }
  json.end_array().end_object();
  return response;
}

Response delete_summaries(Repository& repository, const ConversationId& conversation) {
  if (!repository.clear_summaries(conversation)) throw no_conversation();
  return no_content();
}

Response compact(Repository& repository, const Request& request, const ConversationId& conversation) {
  const auto compacted = repository.compact_reply(parse_compact(request.body, conversation));
  return Response{.body = history::to_json(compacted.event)};
}

std::vector<Route> context_routes(const std::shared_ptr<MemoryService>& memory, std::size_t recent_messages) {
  return {
      {.method = "GET",
       .path = "/v1/conversations/{cid}/messages",
       .lane = Lane::kRead,
       .handler =
           [memory](const Request& request, const PathArguments& path) {
             return get_messages(*memory, request, ConversationId(path[0]));
           },
       .parameters = {kLimit.name, kSystemPrompt}},
      // What has no summary yet is given one.
      {.method = "GET",
       .path = "/v1/conversations/{cid}/context",
       .lane = Lane::kWrite,
       .handler =
           [memory, recent_messages](const Request& request, const PathArguments& path) {
             return get_context(*memory, ConversationId(path[0]),
                                verbatim_of(request.query, recent_messages));
           },
       .parameters = {kRecent.name, kMaxTokens.name}},
  };
}

}  // namespace

std::vector<Route> memory_routes(const Backend& backend, const ServerOptions& options) {
  Repository& repository = backend.repository;
  const auto memory = std::make_shared<MemoryService>(
      repository, repository, backend.summariser,
      history::MemoryOptions{options.default_conversation, options.summary_batch});
  std::vector<Route> routes = context_routes(memory, options.context_messages);
  routes.push_back({.method = "GET",
                    .path = "/v1/conversations/{cid}/summaries",
                    .lane = Lane::kRead,
                    .handler = [&repository](const Request&, const PathArguments& path) {
                      return get_summaries(repository, ConversationId(path[0]));
                    }});
  routes.push_back({.method = "DELETE",
                    .path = "/v1/conversations/{cid}/summaries",
                    .lane = Lane::kWrite,
                    .handler = [&repository](const Request&, const PathArguments& path) {
                      return delete_summaries(repository, ConversationId(path[0]));
                    }});
  routes.push_back({.method = "POST",
                    .path = "/v1/conversations/{cid}/compact",
                    .lane = Lane::kWrite,
                    .handler =
                        [&repository](const Request& request, const PathArguments& path) {
                          return compact(repository, request, ConversationId(path[0]));
                        },
                    .accepts = Accepts::kJson});
  return routes;
}

}  // namespace weir::service
