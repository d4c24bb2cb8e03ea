
#include "fuzz/patched_file.h"
#include "fuzz/targets.h"
#include "support/repository_rig.h"

namespace weir::fuzz {
namespace {

using history::ConversationId;
using history::ErrorCode;
using repositories::sqlite::PooledSqlRepo;

/// A damaged database, and all that is asked of it.
class Patient {
 public:
  explicit Patient(std::string_view bytes) {
    static const std::string base = base_file("history.db");
    options_.path = folder_.write("history.db", patched(base, bytes));
    options_.upkeep = repositories::sqlite::Upkeep::kNone;
    options_.pool = {.max_connections = 2, .max_readers = 1, .max_writers = 1};
    options_.pool.connection_timeout = repositories::Seconds(5);
    repository_ =
        std::make_unique<PooledSqlRepo>(options_, repositories::sqlite::Environment{clock_, observer_, 1});
  }

  void examine() {
    const ConversationId conversation("greenhouse");
    attempt([&] { repository_->open(); });
    attempt([&] { check_order(repository_->events({conversation})); });
    attempt([&] { repository_->list_conversations({}); });
    attempt([&] { repository_->recent_within_tokens(conversation, 100); });
    attempt([&] { repository_->recent_messages(conversation, 10); });
    attempt([&] { repository_->find_event(history::EventId("sample-greenhouse-2")); });
    attempt([&] { repository_->search({.words = "tomatoes"}); });
    attempt([&] { repository_->personality(history::UserId("ada")); });
    attempt([&] { append(conversation); });
    attempt([&] { append(ConversationId("new")); });
    attempt([&] { repository_->remove_last_event(conversation); });
    attempt([&] { repository_->delete_conversation(ConversationId("new")); });
  }

 private:
  template <class Call>
  void attempt(Call call) {
    try {
      call();
    } catch (const history::Error& error) {
      is_damaged_ = is_damaged_ || error.code() == ErrorCode::kDamaged;
      require(error.code() != ErrorCode::kTimeout, "no damage makes a call hang");
    }
  }

  static void check_order(const std::vector<history::Event>& events) {
    for (const history::Event& event : events) {
      require(event.conversation_id == ConversationId("greenhouse"), "a read tells of its own conversation");
    }
  }

  /// What is acknowledged was not written after damage was seen, and is found.
  void append(const ConversationId& conversation) {
    const auto stored = repository_->add_event(testing::user_says(conversation.value(), "are you well?"));
    require(!is_damaged_, "nothing is stored once damage was seen");
    const auto found = repository_->find_event(stored.event.id);
    require(found == stored.event, "what is acknowledged is found as it was written");
  }

  testing::ScratchDirectory folder_{testing::ScratchDirectory::Medium::kMemory};
  repositories::SystemClock clock_;
  repositories::Observer observer_;
  repositories::sqlite::RepositoryOptions options_;
  std::unique_ptr<PooledSqlRepo> repository_;
  bool is_damaged_ = false;
};

}  // namespace

void try_database(std::string_view bytes) {
  Patient(bytes).examine();
}

}  // namespace weir::fuzz
