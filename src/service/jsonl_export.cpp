#include "weir/service/jsonl_export.h"

#include <string>
#include <vector>

#include "weir/history/error.h"
#include "weir/history/event_json.h"

namespace weir::service {
namespace {

using history::ConversationId;

constexpr std::size_t kPage = 1'000;

void check_output(const std::ostream& out) {
  if (!out) throw history::Error(history::ErrorCode::kUnavailable, "the output cannot be written");
}

/// The lines of one page of events.
class Page final : public history::EventSink {
 public:
  void restart() override {
    lines_.clear();
    events_ = 0;
  }
  void take(const history::EventView& event) override {
    append_json(lines_, event);
    lines_ += '\n';
    ++events_;
    last_seq_ = event.seq;
  }

  bool is_full() const { return events_ == kPage; }
  history::Seq last_seq() const { return last_seq_; }  ///< of a page that is not empty
  const std::string& lines() const { return lines_; }

 private:
  std::string lines_;
  std::size_t events_ = 0;
  history::Seq last_seq_ = 0;
};

void export_conversation(history::ChatRepository& repository, std::ostream& out, const ConversationId& id) {
  history::EventRange range{.conversation_id = id, .after_seq = 0, .limit = kPage};
  Page page;
  do {
    repository.read_events(range, page);
    out.write(page.lines().data(), static_cast<std::streamsize>(page.lines().size()));
    check_output(out);
    range.after_seq = page.last_seq();
  } while (page.is_full());
}

void export_conversations(history::ChatRepository& repository, std::ostream& out) {
  std::optional<ConversationId> after;
  for (;;) {
    const std::vector<ConversationId> ids = repository.conversation_ids(after, kPage);
    for (const ConversationId& id : ids) export_conversation(repository, out, id);
    if (ids.size() < kPage) return;
    after = ids.back();
  }
}

}  // namespace

void export_jsonl(history::ChatRepository& repository, std::ostream& out,
                  const std::optional<ConversationId>& only) {
  if (only) {
    export_conversation(repository, out, *only);
  } else {
    export_conversations(repository, out);
  }
  out.flush();
  check_output(out);
}

}  // namespace weir::service
