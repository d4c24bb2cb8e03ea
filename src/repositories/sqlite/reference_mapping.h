#pragma once

#include <functional>
#include <string>
#include <utility>

#include "weir/history/event.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/reference_changes.h"
#include "weir/repositories/sqlite/reference_row.h"

namespace weir::repositories::sqlite {

/// Where a row goes.
struct ReferenceTarget {
  history::ConversationId conversation;
  history::Seq seq;
  history::Timestamp time_before;  ///< for a row without a time: that of the row before it
};

/// Makes events of the reference service's rows.
///
/// Nothing is lost: an event takes of its row what weir allows, then the row is made of the event again, and
/// each column that comes out otherwise is kept in the event's extra. What only is spelled otherwise, and the
/// same to who parses it, is noted and not kept.
///
/// Thread-safety: one thread at a time. Lifetime: `connection` and `changes` outlive it.
/// Errors: SqliteError.
class ReferenceMapper {
 public:
  /// `connection` has the events that were made before, whose names are taken; `is_to_come` says whether a
  /// row has a name for its own, which is not given to another.
  ReferenceMapper(Connection& connection, ReferenceChanges& changes,
                  std::function<bool(const std::string& name)> is_to_come)
      : connection_(connection), changes_(changes), is_to_come_(std::move(is_to_come)) {}

  history::NewEvent map(const ReferenceRow& row, const ReferencePlace& from, const ReferenceTarget& target);

 private:
  history::EventId id_for(const ReferenceRow& row, const ReferencePlace& from);
  std::optional<history::RequestId> request_for(const ReferenceRow& row, const ReferencePlace& from,
                                                const history::ConversationId& conversation);

  Connection& connection_;
  ReferenceChanges& changes_;
  const std::function<bool(const std::string& name)> is_to_come_;
};

/// Whether a migration made `event` of `row`: what an extra keeps may be anybody's invention. A row whose id
/// or request id another had is not recognized: nobody knows any more who had it.
bool is_made_of(const history::Event& event, const ReferenceRow& row);

/// `value` if it is text that may be an id.
template <class Id>
std::optional<Id> allowed_id(const std::string* value);

/// The id that a row is given whose own is not allowed: it says where it came from.
std::string assigned_name(const ReferencePlace& from);

/// `bytes` with U+FFFD for each that belongs to no character.
std::string readable(std::string_view bytes);

}  // namespace weir::repositories::sqlite
