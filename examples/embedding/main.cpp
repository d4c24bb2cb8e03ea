#include <weir/repositories/sqlite/initialize.h>
#include <weir/repositories/sqlite/pooled_sql_repo.h>

#include <iostream>
#include <random>

using namespace weir;

int main() {
  if (!initialize()) std::cerr << "SQLite was in use before: it keeps statistics, and reads are slower\n";
  repositories::SystemClock clock;
  repositories::Observer observer;  // override its members to see what the pools do
  repositories::sqlite::PooledSqlRepo pooled({.path = "embedded.db"},
                                             {clock, observer, std::random_device{}()});
  history::ChatRepository& chats = pooled;

  const history::ConversationId tea("tea");
  chats.add_event({.conversation_id = tea,
                   .type = history::EventType::kUserMessage,
                   .content = history::Content::text("Which tea keeps me awake?")});
  for (const history::Event& event : chats.events({.conversation_id = tea}))
    std::cout << event.seq << ' ' << event.content->plain_text() << '\n';
}
