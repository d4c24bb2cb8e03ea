#pragma once

#include <string_view>

#include "weir/history/event.h"
#include "weir/history/json_writer.h"

namespace weir::service {

/// Writes a user or assistant message in the shape of chat completions, `{"role","content"}`.
void write_message(history::JsonWriter& json, const history::Event& message);

/// The same of a text.
void write_message(history::JsonWriter& json, history::Role role, std::string_view text);

}  // namespace weir::service
