#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/event_view.h"
#include "weir/history/imported_event.h"

namespace weir::history {

/// One event as JSON says it, with the fields it gave.
///
/// `conversation` is the one the caller speaks of: then the JSON may leave conversation_id out, or must give
/// the same. Errors: kInvalidArgument naming the field and what is allowed; never quoting a value (invariant
/// I12).
ImportedEvent parse_event(std::string_view json, const std::optional<ConversationId>& conversation = {});

struct ParsedEvents {
  std::vector<NewEvent> events;
  bool is_list = false;  ///< given as a JSON list, not as a lone object
};

/// One event, or a JSON list of at most `max_events`.
/// Errors: as parse_event; in a list the field reads `events[3].type`.
ParsedEvents parse_events(std::string_view json, const ConversationId& conversation, std::size_t max_events);

/// Appends the event as one JSON object, every field present, in the order of Field.
void append_json(std::string& out, const EventView& event);
void append_json(std::string& out, const Event& event);

std::string to_json(const Event& event);

}  // namespace weir::history
