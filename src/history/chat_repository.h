#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/conversation.h"
#include "weir/history/event.h"
#include "weir/history/event_view.h"
#include "weir/history/imported_event.h"
#include "weir/history/repository_stats.h"

namespace weir::history {

/// Which events of a conversation, always answered in seq order.
struct EventRange {
  ConversationId conversation_id;
  std::optional<Seq> after_seq{};   ///< only events above it
  std::optional<Seq> before_seq{};  ///< only events below it
  std::optional<std::size_t>
      limit{};  ///< absent: all; else the most recent ones, or with after_seq the next ones
};

struct Appended {
  Event event;             ///< as stored
  bool duplicate = false;  ///< it was there already, under the same request_id
};

struct TokenWindow {
  std::vector<Event> events;     ///< in seq order
  std::int64_t token_count = 0;  ///< of all of them
};

/// What a reply that was streamed becomes in the end.
struct ReplyCompaction {
  ConversationId conversation_id;
  RequestId user_request;  ///< the `extra.user_request_id` of its deltas
  Content content;
  std::optional<Usage> usage{};
  std::optional<std::string> model{};
  std::optional<RequestId> request_id{};  ///< of the message itself
  std::optional<std::string> modality{};  ///< of the message, as `extra.modality`
  std::optional<Seq>
      after_seq{};  ///< deltas and message stand above it; absent: behind the request's own event
};

struct PutConversation {
  Conversation conversation;
  bool created = false;
};

struct ConversationQuery {
  std::size_t limit = 50;
  std::optional<std::string> after{};  ///< `next` of the page before
};

/// Chat history: conversations of numbered events, kept in one database.
///
/// Every call is one transaction; a write that returns is committed (invariant I3) and found by every read
/// after it (I10).
///
/// Thread-safety: every member may be called from any thread at any time.
/// Lifetime: may be built long before its first use; it opens nothing until then. Outlives the calls made on
/// it. Blocking: every member but stats(), health() and info() may block until its deadline. Errors:
/// history::Error, from every call: kTimeout at the deadline, kOverloaded when too many wait, kUnavailable,
///   kStorageFull, kUnsupported, kDamaged. After kUnknownOutcome a write may or may not be stored; after any
///   other error of a write nothing of it is.
class ChatRepository {
 public:
  ChatRepository() = default;
  ChatRepository(const ChatRepository&) = delete;
  ChatRepository& operator=(const ChatRepository&) = delete;
  virtual ~ChatRepository() = default;

  /// Opens the database, creating and migrating it where needed. Every other call does so by itself; calling
  /// it at start-up finds trouble early.
  virtual void open(const CallOptions& options = {}) = 0;

  /// Appends one event; its conversation begins with its first event.
  /// When (conversation_id, request_id) is stored already: that event, whatever this one says, and nothing is
  /// added. Errors: kInvalidArgument naming the field; kConflict when the id is taken, or `seq` is given and
  /// not the next one.
  virtual Appended add_event(const NewEvent& event, const CallOptions& options = {}) = 0;

  /// Appends all of `events`, in order, or none. One answer for each, as add_event gives it.
  /// Errors: as add_event, the field as `events[3].seq`.
  virtual std::vector<Appended> add_events(const std::vector<NewEvent>& events,
                                           const CallOptions& options = {}) = 0;

  /// Brings events of another store in, each judged alone; what is accepted is stored in one transaction.
  /// An event that names a stored one by id, request_id or (conversation_id, seq) is a duplicate when every
  /// field it gives is equal, else rejected; a given seq may be any above the last. One answer for each, in
  /// order.
  virtual std::vector<ImportResult> import_events(const std::vector<ImportedEvent>& events,
                                                  const CallOptions& options = {}) = 0;

  /// Events of a conversation in seq order; none for an unknown one.
  virtual std::vector<Event> events(const EventRange& range, const CallOptions& options = {}) = 0;

  /// What events() answers, given to `sink` one by one, without an object made for each. After an error the
  /// sink may have taken some of them.
  virtual void read_events(const EventRange& range, EventSink& sink, const CallOptions& options = {}) = 0;

  /// The longest run of most recent events whose tokens together are at most `max_tokens`.
  virtual TokenWindow recent_within_tokens(const ConversationId& conversation_id, std::int64_t max_tokens,
                                           const CallOptions& options = {}) = 0;

  /// The event with this id, in whichever conversation; absent when there is none.
  virtual std::optional<Event> find_event(const EventId& id, const CallOptions& options = {}) = 0;

  /// The event appended under this request_id; absent when there is none.
  virtual std::optional<Event> find_by_request(const ConversationId& conversation_id,
                                               const RequestId& request_id,
                                               const CallOptions& options = {}) = 0;

  /// Whether an event with this id is stored.
  virtual bool exists(const EventId& id, const CallOptions& options = {}) = 0;

  /// Makes the conversation when there is none, and gives it `title` when one is given. However many ask at
  /// once, one of them makes it.
  /// Errors: kInvalidArgument naming `title` unless it is 1 to 256 bytes of UTF-8 without control characters.
  virtual PutConversation put_conversation(const ConversationId& conversation_id,
                                           const std::optional<std::string>& title,
                                           const CallOptions& options = {}) = 0;

  /// The conversation as a list shows it; absent when there is none.
  virtual std::optional<Conversation> find_conversation(const ConversationId& conversation_id,
                                                        const CallOptions& options = {}) = 0;

  /// The most recent user and assistant messages, at most `limit`, in seq order.
  virtual std::vector<Event> recent_messages(const ConversationId& conversation_id, std::size_t limit,
                                             const CallOptions& options = {}) = 0;

  /// Puts one assistant message in the place of the deltas of a streamed reply: it takes the number of the
  /// first, and they are gone. Without deltas it is appended. A message that names the request already is the
  /// answer, whatever this one says; deltas that came after it go.
  virtual Appended compact_reply(const ReplyCompaction& reply, const CallOptions& options = {}) = 0;

  /// A page of conversations, most recently active first. A conversation that becomes active while pages are
  /// read moves to the front: it is not seen twice. Errors: kInvalidArgument naming `after` when it is not a
  /// `next` of an earlier page.
  virtual ConversationPage list_conversations(const ConversationQuery& query,
                                              const CallOptions& options = {}) = 0;

  /// The ids that follow `after` in byte order, at most `limit`; from the first one when `after` is absent.
  virtual std::vector<ConversationId> conversation_ids(const std::optional<ConversationId>& after,
                                                       std::size_t limit,
                                                       const CallOptions& options = {}) = 0;

  /// The last assistant message that answers the user's request: one whose `extra.user_request_id` names it,
  /// or else the last between the request's own event and the next user message. Absent when there is
  /// neither.
  virtual std::optional<EventId> last_assistant_reply(const ConversationId& conversation_id,
                                                      const RequestId& user_request,
                                                      const CallOptions& options = {}) = 0;

  /// Removes the event with the highest seq and frees its number. False when the conversation has none.
  virtual bool remove_last_event(const ConversationId& conversation_id, const CallOptions& options = {}) = 0;

  /// Removes a conversation with all its events; a new one of that id begins at 1. False when there is none.
  virtual bool delete_conversation(const ConversationId& conversation_id,
                                   const CallOptions& options = {}) = 0;

  /// Removes every conversation with all that belongs to it. How many events there were.
  virtual std::int64_t clear_all(const CallOptions& options = {}) = 0;

  /// Blocking: never for a database; takes no connection.
  virtual RepositoryStats stats() const = 0;
  virtual RepositoryHealth health() const = 0;
  virtual RepositoryInfo info() const = 0;
};

}  // namespace weir::history
