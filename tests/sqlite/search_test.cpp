// What SearchRepository promises, on both repositories (invariant I9).

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "sqlite/search_rig.h"
#include "support/error_of.h"
#include "weir/history/json_text.h"
#include "weir/history/utf8.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using Texts = std::vector<std::string>;

namespace {

NewEvent says_parts(const std::string& conversation, const std::string& list) {
  NewEvent event = user_says(conversation, "");
  event.content = Content::parts(JsonText::parse(list, "content"));
  return event;
}

NewEvent delta(const std::string& request, const std::string& text) {
  NewEvent event{ConversationId("c"), EventType::kMeta};
  event.content = Content::text(text);
  event.extra =
      JsonText::parse(R"({"kind":"assistant_delta","user_request_id":")" + request + "\"}", "extra");
  return event;
}

std::string highlighted(const std::string& word) {
  return std::string(kHighlightBegin) + word + std::string(kHighlightEnd);
}

}  // namespace

TEST_CASE_TEMPLATE("search: finds messages by their words, and says where and how well", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_event(user_says("c", "nothing of it"));
  const Event stored = rig.repo->add_event(assistant_says("c", "a kettle of green tea")).event;
  const auto hits = rig.search("tea");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].event == stored);
  CHECK(hits[0].snippet == "a kettle of green " + highlighted("tea"));
  CHECK(hits[0].rank < 0);
  CHECK(rig.search("coffee").empty());
}

TEST_CASE_TEMPLATE("search: only what user and assistant say is found", Repo, PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  for (const EventType type : {EventType::kToolCall, EventType::kToolResult, EventType::kSystemUpdate,
                               EventType::kMeta, EventType::kUserMessage, EventType::kAssistantMessage}) {
    NewEvent event = user_says("c", "word " + std::string(to_string(type)));
    event.type = type;
    rig.repo->add_event(event);
  }
  NewEvent silent = user_says("c", "");
  silent.content.reset();
  rig.repo->add_event(silent);
  CHECK(rig.texts("word") == Texts{"word user_message", "word assistant_message"});
}

TEST_CASE_TEMPLATE("search: case and diacritics are folded, in words and in texts", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events({user_says("c", "großer Ärger im CAFÉ"), user_says("c", "kein arger im cafe")});
  for (const std::string words : {"Ärger", "arger", "ÄRGER", "CAFE", "café", "A\u0308rger"}) {
    CAPTURE(words);
    CHECK(rig.search(words).size() == 2);
  }
  CHECK(rig.search("ГРОМ").empty());
}

TEST_CASE_TEMPLATE("search: every word must occur, in any order, parts of a word side by side", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events({user_says("c", "green tea"), user_says("c", "black tea, don't"),
                        user_says("c", "t don green"), user_says("c", "teapot")});
  CHECK(rig.texts("tea green") == Texts{"green tea"});
  CHECK(rig.texts("tea\u3000black\n\tdon't") == Texts{"black tea, don't"});
  CHECK(rig.texts("don't") == Texts{"black tea, don't"});
  CHECK(rig.texts("te").empty());
  CHECK(rig.search("tea*").size() == 3);
  CHECK(rig.texts("teap** ") == Texts{"teapot"});
  CHECK(rig.texts("gre* te*") == Texts{"green tea"});
}

TEST_CASE_TEMPLATE("search: nothing but the star is syntax", Repo, PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events(
      {user_says("c", "cats AND dogs"), user_says("c", "cats"), user_says("c", "text: dogs")});
  CHECK(rig.texts("cats AND") == Texts{"cats AND dogs"});
  CHECK(rig.texts("cats OR dogs").empty());
  CHECK(rig.texts("NOT dogs").empty());
  CHECK(rig.texts("text:dogs") == Texts{"text: dogs"});
  CHECK(rig.texts("^cats").size() == 2);
  CHECK(rig.texts("\"cats") == rig.texts("cats"));
  CHECK(rig.texts("(cats) -  \" ' * … 😀") == rig.texts("cats"));
  CHECK(rig.texts("NEAR(cats dogs, 5)").empty());
  CHECK(rig.texts("{text} : cats").empty());
}

TEST_CASE_TEMPLATE("search: what holds no word, or too much, is refused, naming q", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  std::string many;
  for (int i = 0; i < 33; ++i) many += "w ";
  for (const std::string& words : {std::string(), std::string(" \t\n"), std::string("* \"\" - … 😀"),
                                   std::string(1025, 'w'), many, std::string("caf\xE9")}) {
    CAPTURE(words);
    const Error error = error_of([&] { rig.search(words); });
    CHECK(error.code() == ErrorCode::kInvalidArgument);
    CHECK(error.field() == "q");
  }
  CHECK(rig.search(many.substr(2)).empty());
  CHECK(rig.search(std::string(1024, 'w')).empty());
  CHECK(error_of([&] { rig.repo->search({.words = "w", .limit = 0}); }).field() == "limit");
  CHECK(error_of([&] { rig.repo->search({.words = "w", .limit = 101}); }).field() == "limit");
  CHECK(error_of([&] { rig.repo->search({.words = "w", .offset = 10'001}); }).field() == "offset");
}

TEST_CASE_TEMPLATE("search: no text makes an error of any other kind", Repo, PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_event(user_says("c", "a b c"));
  const std::vector<std::string> pieces = {"AND",
                                           "OR",
                                           "NOT",
                                           "NEAR",
                                           "NEAR(",
                                           "(",
                                           ")",
                                           "\"",
                                           "'",
                                           "*",
                                           "^",
                                           "-",
                                           "+",
                                           ":",
                                           ",",
                                           "{",
                                           "}",
                                           "text :",
                                           "a",
                                           "b",
                                           " ",
                                           "\\",
                                           "\xC3\xA4",
                                           ";",
                                           "--",
                                           "\xF0",
                                           "rank",
                                           "?1",
                                           "\u0301",
                                           "\uE000",
                                           std::string(1, '\0')};
  std::mt19937_64 random(1);
  for (int round = 0; round < 3'000; ++round) {
    std::string words;
    for (auto n = random() % 9; n > 0; --n) words += pieces[random() % pieces.size()];
    if (round % 3 == 0) words += static_cast<char>(random());
    try {
      rig.search(words);
    } catch (const Error& error) {
      CAPTURE(words);
      REQUIRE(error.code() == ErrorCode::kInvalidArgument);
      REQUIRE(error.field() == "q");
    }
  }
}

TEST_CASE_TEMPLATE("search: a list of parts is one text, and no word goes from one part to the next", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_event(
      says_parts("c", R"([{"type":"text","text":"green"},{"text":"te\u0061","type":"text"}])"));
  rig.repo->add_event(says_parts("c", "[]"));
  const auto hits = rig.search("green tea");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].snippet == highlighted("green") + " " + highlighted("tea"));
  CHECK(rig.search("text").empty());
  CHECK(rig.search("greentea").empty());
  CHECK(rig.repo->remove_last_event(ConversationId("c")));
  CHECK(rig.repo->remove_last_event(ConversationId("c")));
  CHECK(rig.search("green").empty());
}

TEST_CASE_TEMPLATE("search: a snippet has the marks of a highlight nowhere else, and is a part of the text",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  const std::string text = "see " + highlighted("tea") + " and tea";
  rig.repo->add_event(user_says("c", text));
  const auto hits = rig.search("and");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].snippet == "see [tea] " + highlighted("and") + " tea");
  CHECK(hits[0].event.content->raw() == text);
  rig.repo->add_event(user_says("c", std::string(30'000, 'x') + " needle " + std::string(20'000, 'y')));
  std::string long_text;
  for (int i = 0; i < 500; ++i) long_text += "word" + std::to_string(i) + " ";
  rig.repo->add_event(user_says("c", long_text));
  const auto found = rig.search("word400");
  REQUIRE(found.size() == 1);
  CHECK(found[0].snippet.find(highlighted("word400")) != std::string::npos);
  CHECK(found[0].snippet.size() < 400);
}

TEST_CASE_TEMPLATE("search: a snippet stays short however long a word is, and ends what it highlights", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  std::string giant;
  for (int i = 0; i < 100'000; ++i) giant += "\u00F6";
  rig.repo->add_events({user_says("c", "first " + giant), user_says("c", giant + " needle " + giant)});
  const auto count = [](const std::string& text, std::string_view part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  for (const std::string words : {"ooo*", "first", "needle", "first ooo*", "needle ooo*"}) {
    CAPTURE(words);
    const auto hits = rig.search(words);
    REQUIRE_FALSE(hits.empty());
    for (const SearchHit& hit : hits) {
      CHECK(hit.snippet.size() < 1100);
      CHECK(is_utf8(hit.snippet));
      CHECK(count(hit.snippet, kHighlightBegin) > 0);
      CHECK(count(hit.snippet, kHighlightBegin) == count(hit.snippet, kHighlightEnd));
      CHECK(hit.snippet.find("\u2026") != std::string::npos);
    }
  }
  CHECK(rig.search("needle")[0].snippet.find(highlighted("needle")) != std::string::npos);
}

TEST_CASE_TEMPLATE("search: which letters are folded, and which are not", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events({user_says("c", "großes Łódź, καλημέρα ΣΊΣΥΦΟΣ, ёлка")});
  for (const std::string words : {"łodz", "ŁÓDŹ", "ΚΑΛΗΜΈΡΑ", "σίσυφος", "σίσυφοσ", "ЁЛКА"}) {
    CAPTURE(words);
    CHECK(rig.search(words).size() == 1);
  }
  for (const std::string words : {"lodz", "grosses", "καλημερα", "καλημε\u0301ρα", "елка"}) {
    CAPTURE(words);
    CHECK(rig.search(words).empty());
  }
}

TEST_CASE_TEMPLATE("search: the better fit comes first, and equals in order", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  for (int i = 0; i < 8; ++i) rig.repo->add_event(user_says("c", "something else"));
  rig.repo->add_events({user_says("c", "tea and a great many other things besides, as one has them at five"),
                        user_says("c", "tea tea"), user_says("c", "one tea"), user_says("c", "two tea")});
  const auto hits = rig.search("tea");
  REQUIRE(hits.size() == 4);
  CHECK(hits[0].event.content->raw() == "tea tea");
  CHECK(hits[1].event.content->raw() == "one tea");
  CHECK(hits[2].event.content->raw() == "two tea");
  CHECK(hits[0].rank < hits[1].rank);
  CHECK(hits[1].rank == hits[2].rank);
}

TEST_CASE_TEMPLATE("search: pages follow one another and hold everything once", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  std::vector<NewEvent> events;
  for (int i = 0; i < 250; ++i)
    events.push_back(user_says("c" + std::to_string(i % 3), "tea " + std::to_string(i)));
  rig.repo->add_events(events);
  Texts all;
  for (std::size_t offset = 0; offset < 250; offset += 100) {
    const Texts page = rig.page({.words = "tea", .limit = 100, .offset = offset});
    all.insert(all.end(), page.begin(), page.end());
  }
  CHECK(all.size() == 250);
  std::ranges::sort(all);
  CHECK(std::ranges::adjacent_find(all) == all.end());
  CHECK(rig.texts("tea").size() == 20);
  CHECK(rig.page({.words = "tea", .offset = 250}).empty());
}

TEST_CASE_TEMPLATE("search: in one conversation only, or in all", Repo, PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events({user_says("a", "tea a"), user_says("b", "tea b"), user_says("c", "tea c")});
  CHECK(rig.search("tea").size() == 3);
  CHECK(rig.page({.words = "tea", .conversation_id = ConversationId("b")}) == Texts{"tea b"});
  CHECK(rig.page({.words = "tea", .conversation_id = ConversationId("unknown")}).empty());
}

TEST_CASE_TEMPLATE("search: what was removed is not found, and its number serves the next message", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  const ConversationId c("c");
  rig.repo->add_events({user_says("c", "tea one"), user_says("c", "tea two")});
  CHECK(rig.search("tea").size() == 2);
  CHECK(rig.repo->remove_last_event(c));
  CHECK(rig.texts("tea") == Texts{"tea one"});
  CHECK(rig.repo->add_event(user_says("c", "tea again")).event.seq == 2);
  CHECK(rig.texts("tea") == Texts{"tea one", "tea again"});
  CHECK(rig.search("two").empty());
}

TEST_CASE_TEMPLATE(
    "search: of a conversation that was deleted nothing is found, even when its number is reused", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events({user_says("a", "tea a"), user_says("b", "tea b"), user_says("b", "tea b")});
  CHECK(rig.search("tea").size() == 3);
  CHECK(rig.repo->delete_conversation(ConversationId("b")));
  CHECK(rig.texts("tea") == Texts{"tea a"});
  // As many appends as the one that has gone had: only the order of appends tells that there is something
  // new.
  rig.repo->add_events({user_says("a", "tea more"), user_says("new", "tea new")});
  CHECK(rig.search("tea").size() == 3);
  CHECK(rig.page({.words = "tea", .conversation_id = ConversationId("new")}) == Texts{"tea new"});
  CHECK(rig.repo->clear_all() == 3);
  CHECK(rig.search("tea").empty());
  rig.repo->add_event(user_says("b", "tea after all"));
  CHECK(rig.texts("tea") == Texts{"tea after all"});
}

TEST_CASE_TEMPLATE("search: conversations without a message come and go unharmed", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  for (int i = 0; i < 5; ++i) rig.repo->put_conversation(ConversationId(std::to_string(i)), std::nullopt);
  CHECK(rig.search("tea").empty());
  CHECK(rig.repo->clear_all() == 0);
  rig.repo->add_event(user_says("c", "tea"));
  CHECK(rig.search("tea").size() == 1);
}

TEST_CASE_TEMPLATE("search: a compacted reply is found, its deltas never", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  const RequestId request("r");
  const auto compact = [&](const std::string& text) {
    return rig.repo->compact_reply(
        {.conversation_id = ConversationId("c"), .user_request = request, .content = Content::text(text)});
  };
  rig.repo->add_events({with_request(user_says("c", "question"), "r"), delta("r", "green "),
                        delta("r", "tea"), user_says("c", "tea meanwhile")});
  CHECK(rig.texts("tea") == Texts{"tea meanwhile"});
  CHECK(compact("green tea").event.seq == 2);
  CHECK(rig.texts("tea green") == Texts{"green tea"});
  compact("green tea");
  CHECK(rig.search("tea").size() == 2);
  CHECK(rig.repo->remove_last_event(ConversationId("c")));
  CHECK(rig.repo->remove_last_event(ConversationId("c")));
  CHECK(rig.search("tea").empty());
}

TEST_CASE_TEMPLATE("search: turned off it says so, and turned on again it has what came meanwhile", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events({user_says("c", "tea one"), user_says("c", "tea two"), user_says("d", "tea three")});
  CHECK(rig.search("tea").size() == 3);
  rig.repo.reset();
  rig.options.search.enabled = false;
  rig.repo = rig.template make<Repo>();
  const Error error = error_of([&] { rig.search("tea"); });
  CHECK(error.code() == ErrorCode::kUnsupported);
  CHECK(rig.repo->remove_last_event(ConversationId("c")));
  CHECK(rig.repo->delete_conversation(ConversationId("d")));
  rig.repo->add_events({user_says("c", "tea four"), user_says("e", "tea five")});
  rig.repo.reset();
  rig.options.search.enabled = true;
  rig.repo = rig.template make<Repo>();
  CHECK(rig.texts("tea") == Texts{"tea one", "tea four", "tea five"});
}
