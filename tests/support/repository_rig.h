#pragma once

#include <memory>
#include <string>

#include "support/scratch_directory.h"
#include "weir/repositories/clock.h"
#include "weir/repositories/observer.h"
#include "weir/repositories/sqlite/async_sql_repo.h"
#include "weir/repositories/sqlite/pooled_sql_repo.h"

namespace weir::testing {

/// A database in a folder of its own, and repositories on it. Search is off unless it is asked for, and so is
/// all upkeep: it takes connections, which many a test counts.
class RepositoryRig {
 public:
  explicit RepositoryRig(const repositories::sqlite::SearchOptions& search = {.enabled = false}) {
    options.search = search;
    if (!search.enabled) options.upkeep = repositories::sqlite::Upkeep::kNone;
  }

  template <class Repo>
  std::unique_ptr<Repo> make() {
    return std::make_unique<Repo>(options, environment());
  }

  repositories::sqlite::Environment environment() { return {clock, observer, ++seed_}; }

  ScratchDirectory folder;
  repositories::SystemClock clock;
  repositories::Observer observer;
  repositories::sqlite::RepositoryOptions options{.path = folder / "history.db"};

 private:
  std::uint64_t seed_ = 0;  // its own for each repository: those of one seed give out the same ids
};

inline history::NewEvent user_says(const std::string& conversation, const std::string& text) {
  history::NewEvent event{history::ConversationId(conversation), history::EventType::kUserMessage};
  event.role = history::Role::kUser;
  event.content = history::Content::text(text);
  return event;
}

inline history::NewEvent assistant_says(const std::string& conversation, const std::string& text) {
  history::NewEvent event{history::ConversationId(conversation), history::EventType::kAssistantMessage};
  event.role = history::Role::kAssistant;
  event.content = history::Content::text(text);
  return event;
}

inline history::NewEvent with_request(history::NewEvent event, const std::string& request) {
  event.request_id = history::RequestId(request);
  return event;
}

}  // namespace weir::testing
