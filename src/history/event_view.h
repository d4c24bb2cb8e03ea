#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/history/event.h"

namespace weir::history {

/// A content whose text is somebody else's.
struct ContentView {
  Content::Form form;
  std::string_view raw;  ///< as Content::raw()

  friend bool operator==(const ContentView&, const ContentView&) = default;
};

/// An event whose texts are somebody else's: a row that is read, an Event, an answer under way.
///
/// Each field says what the one of Event says that has its name, and was checked when it was stored.
///
/// Lifetime: as whoever owns the texts says; keep what to_event() makes of it.
struct EventView {
  std::string_view id{};
  std::string_view conversation_id{};
  Seq seq = 0;
  Timestamp timestamp{};
  EventType type = EventType::kMeta;
  std::optional<Role> role{};
  std::optional<ContentView> content{};
  std::optional<std::string_view> tool_calls{};
  std::optional<std::string_view> tool_call_id{};
  std::optional<std::string_view> model{};
  std::optional<Usage> usage{};
  std::string_view extra = "{}";
  std::int64_t token_count = 0;
  std::optional<std::string_view> request_id{};

  friend bool operator==(const EventView&, const EventView&) = default;
};

/// Lifetime: of the view's texts, as `event`.
EventView view_of(const Event& event);

Event to_event(const EventView& view);

/// Takes the events of a read one by one, as they come from the store.
///
/// Thread-safety: used by one read at a time, on whichever thread runs it.
/// Lifetime: a view that is taken is valid during the call.
/// Blocking: never; a connection is held meanwhile. It copies what it needs, and neither waits nor calls the
/// repository.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  /// The read begins, or begins again after a lock or a lost connection: what came before does not count.
  virtual void restart() = 0;

  virtual void take(const EventView& event) = 0;
};

}  // namespace weir::history
