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

void write_events(std::ostream& out, const std::vector<history::Event>& events) {
  std::string text;
  for (const history::Event& event : events) {
    append_json(text, event);
    text += '\n';
  }
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  check_output(out);
}

void export_conversation(history::ChatRepository& repository, std::ostream& out, const ConversationId& id) {
  history::EventRange range{.conversation_id = id, .after_seq = 0, .limit = kPage};
  for (;;) {
    const std::vector<history::Event> events = repository.events(range);
    write_events(out, events);
    if (events.size() < kPage) return;
    range.after_seq = events.back().seq;
  }
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
