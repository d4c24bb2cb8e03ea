#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/history/chat_repository.h"
#include "weir/repositories/clock.h"

namespace weir::service {

/// Keeps what has been said so far of a streamed reply, as events that its compaction replaces.
///
/// The first piece is stored at once, so that a reply that has begun can be seen; then pieces are gathered
/// until they are 512 bytes or the last event is 100 ms old. Words that come fast are not a commit each, and
/// a reply that breaks off loses little. What is gathered in the end is not stored: the message itself comes.
///
/// Thread-safety: none. Lifetime: repository and clock outlive it. Blocking, Errors: as
/// ChatRepository::add_event().
class DeltaLog {
 public:
  struct Reply {
    history::ConversationId conversation_id;
    history::RequestId user_request;  ///< as the compaction names it
  };

  DeltaLog(history::ChatRepository& repository, const repositories::Clock& clock, Reply reply);

  void add(std::string_view piece);

  /// The lower of `seq` and the number before the first event stored: all of them stand above it, even when
  /// others removed events meanwhile and numbers began anew.
  history::Seq start_before(history::Seq seq) const;

 private:
  bool is_due() const;
  void store();

  history::ChatRepository& repository_;
  const repositories::Clock& clock_;
  const history::NewEvent delta_;  // without content
  std::string gathered_;
  std::optional<repositories::TimePoint> last_;  // when an event was stored
  history::Seq lowest_ = history::kMaxSeq;       // of the events stored
};

}  // namespace weir::service
