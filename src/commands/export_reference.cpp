#include <unistd.h>

#include <iostream>
#include <vector>

#include "weir/commands/commands.h"
#include "weir/commands/logging.h"
#include "weir/commands/store.h"
#include "weir/history/json_writer.h"
#include "weir/repositories/sqlite/reference_export.h"

namespace weir::commands {
namespace {

using history::ConversationId;
using history::Event;

constexpr std::size_t kPage = 1'000;

/// Copies one page at a time: a read holds a connection and must not wait for the disk.
class ReferenceCopy {
 public:
  ReferenceCopy(history::ChatRepository& repository, repositories::sqlite::ReferenceExport& out)
      : repository_(repository), out_(out) {}

  void copy_all() {
    std::optional<ConversationId> after;
    for (;;) {
      const std::vector<ConversationId> ids = repository_.conversation_ids(after, kPage);
      for (const ConversationId& id : ids) copy(id);
      if (ids.size() < kPage) return;
      after = ids.back();
    }
  }
  std::int64_t events() const { return events_; }

 private:
  void copy(const ConversationId& id) {
    history::EventRange range{.conversation_id = id, .after_seq = 0, .limit = kPage};
    std::size_t found = kPage;
    while (found == kPage) {
      const std::vector<Event> page = repository_.events(range);
      for (const Event& event : page) out_.add(view_of(event));
      found = page.size();
      events_ += static_cast<std::int64_t>(found);
      if (found > 0) range.after_seq = page.back().seq;
      show_progress();
    }
  }
  void show_progress() const {
    if (shows_progress_) std::cerr << '\r' << events_ << " events" << std::flush;
  }

  history::ChatRepository& repository_;
  repositories::sqlite::ReferenceExport& out_;
  std::int64_t events_ = 0;
  const bool shows_progress_ = ::isatty(STDERR_FILENO) == 1;
};

}  // namespace

ExitStatus export_reference(const ConfigArguments& config, const std::string& file) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  require_database(settings->repository.path);
  repositories::Observer unobserved;
  Store store(config::without_upkeep(*settings), Sharing::kShared, unobserved);
  repositories::sqlite::ReferenceExport out(file);
  ReferenceCopy copy(store.repository(), out);
  copy.copy_all();
  out.finish();
  std::cerr << copy.events() << " events in " << file << '\n';
  return kFine;
}

}  // namespace weir::commands
