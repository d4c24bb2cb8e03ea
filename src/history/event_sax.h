#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/imported_event.h"
#include "weir/history/json_sax.h"

namespace weir::history {

/// Reads one event, or a list of them, token by token.
///
/// Where a token stands decides what it is: above an event it opens the list or an event; in an event it is
/// the value of the field last named; below that it is part of content, tool_calls, usage or extra, which are
/// printed as they come and judged when they end.
///
/// Thread-safety: none. Errors: kInvalidArgument naming the field, thrown through the parser.
class EventSax final : public JsonSax {
 public:
  enum class Lists { kRefused, kAllowed };

  EventSax(const std::optional<ConversationId>& conversation, Lists lists, std::size_t max_events = 1);

  std::vector<ImportedEvent>& events() { return events_; }
  bool is_list() const { return is_list_; }

  bool null() override;
  bool boolean(bool value) override;
  bool number_integer(number_integer_t value) override;
  bool number_unsigned(number_unsigned_t value) override;
  bool number_float(number_float_t value, const string_t& spelled) override;
  bool string(string_t& value) override;
  bool key(string_t& name) override;
  bool start_object(std::size_t size) override;
  bool end_object() override;
  bool start_array(std::size_t size) override;
  bool end_array() override;

 private:
  int event_depth() const { return is_list_ ? 2 : 1; }
  enum class Place { kAboveEvents, kField, kStructure };

  Place place() const;
  /// Where a scalar stands; throws where none may.
  Place scalar_place() const;
  void end_event();
  void end_structure();
  void set_null();
  void set_string(std::string& value);
  void set_count(std::int64_t value);
  void set_structure(JsonText value);

  std::string path(std::string_view field) const;
  Error wrong(std::string_view what) const;
  Error wrong_value() const;

  std::optional<ConversationId> conversation_;  // a copy: callers pass a temporary
  Lists lists_;
  std::size_t max_events_;
  bool is_list_ = false;
  std::vector<ImportedEvent> events_;  // the last one is being read
  Field field_ = Field::kId;           // the field last named
};

}  // namespace weir::history
