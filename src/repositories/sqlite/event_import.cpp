#include "weir/history/error.h"
#include "weir/repositories/sqlite/event_reads.h"
#include "weir/repositories/sqlite/event_writes.h"

namespace weir::repositories::sqlite {

using namespace history;

std::vector<ImportResult> EventWriter::import_all(const std::vector<ImportedEvent>& events) {
  std::vector<ImportResult> results;
  results.reserve(events.size());
  for (const ImportedEvent& event : events) results.push_back(import(event));
  return results;
}

ImportResult EventWriter::import(const ImportedEvent& imported) {
  using enum ImportResult::Outcome;
  try {
    check(imported.event);
    const std::optional<Event> stored = find_named(imported.event);
    if (!stored) {
      append(imported.event, GivenSeq::kMayBeAnyAbove);
      return {kImported, {}};
    }
    const std::optional<Field> different = first_difference(imported, *stored);
    if (!different) return {kDuplicate, {}};
    return {kRejected,
            std::string(to_string(*different)) + ": differs from the stored event that this one names"};
  } catch (const Error& error) {
    // Judged alone: append() and check() refuse before they change anything.
    if (error.code() != ErrorCode::kConflict && error.code() != ErrorCode::kInvalidArgument) throw;
    return {kRejected, error.what()};
  }
}

std::optional<Event> EventWriter::find_named(const NewEvent& event) {
  if (event.id) {
    if (auto stored = find_event(connection_, *event.id)) return stored;
  }
  if (event.request_id) {
    if (auto stored = find_by_request(connection_, event.conversation_id, *event.request_id)) return stored;
  }
  if (event.seq) return find_at(event.conversation_id, *event.seq);
  return std::nullopt;
}

std::optional<Event> EventWriter::find_at(const ConversationId& conversation_id, Seq seq) {
  const auto head = find_head(connection_, conversation_id);
  if (!head || seq > head->last_seq) return std::nullopt;
  return event_at(place_of(head->number, seq), conversation_id);
}

std::optional<Event> EventWriter::event_at(Place place, const ConversationId& conversation_id) {
  auto run = connection_.statements().events.event_at.run();
  run.bind(place);
  if (!run.step()) return std::nullopt;
  return read_event(run, conversation_id);
}

}  // namespace weir::repositories::sqlite
