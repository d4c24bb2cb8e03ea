#include "weir/history/event_json.h"
#include "weir/history/json_writer.h"
#include "weir/service/parameters.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::Error;
using history::ErrorCode;
using history::JsonWriter;
using history::Repository;
using history::SearchHit;
using history::SearchQuery;

constexpr std::string_view kWords = "q";
constexpr std::string_view kConversation = "conversation_id";
constexpr NumberParameter kLimit{"limit", 1, history::kMaxSearchLimit};
constexpr NumberParameter kOffset{"offset", 0, history::kMaxSearchOffset};

SearchQuery read_query(const Query& query) {
  const auto words = text(query, kWords);
  if (!words) throw bad_request(kWords, "is missing: the words to search for");
  SearchQuery search{.words = *words};
  if (const auto conversation = text(query, kConversation)) {
    search.conversation_id = history::ConversationId(*conversation);
  }
  if (const auto limit = number(query, kLimit)) search.limit = static_cast<std::size_t>(*limit);
  if (const auto offset = number(query, kOffset)) search.offset = static_cast<std::size_t>(*offset);
  return search;
}

std::vector<SearchHit> search(Repository& repository, const SearchQuery& query) {
  try {
    return repository.search(query);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnsupported) throw;
    throw Refusal(
        {.status = 404, .detail = "search is off: chat.service.repository.search.enabled is false"});
  }
}

Response get_search(Repository& repository, const Request& request) {
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("results").begin_array();
  for (const SearchHit& hit : search(repository, read_query(request.query))) {
    json.begin_object();
    json.key("event").raw(history::to_json(hit.event));
    json.key("snippet").string(hit.snippet);
    json.key("rank").real(hit.rank);
    json.end_object();
  }
  json.end_array().end_object();
  return response;
}

}  // namespace

std::vector<Route> search_routes(const Backend& backend) {
  Repository& repository = backend.repository;
  // What is pending is indexed first.
  return {{.method = "GET",
           .path = "/v1/search",
           .lane = Lane::kWrite,
           .handler = [&repository](const Request& request,
                                    const PathArguments&) { return get_search(repository, request); },
           .parameters = {kWords, kConversation, kLimit.name, kOffset.name}}};
}

}  // namespace weir::service
