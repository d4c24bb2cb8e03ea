#include "weir/repositories/sqlite/reference_import.h"

#include <random>
#include <utility>

#include "weir/history/error.h"
#include "weir/history/title.h"
#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/event_reads.h"
#include "weir/repositories/sqlite/event_writes.h"
#include "weir/repositories/sqlite/reference_order.h"
#include "weir/repositories/sqlite/reference_spelling.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

std::int64_t number_from(Statement& statement) {
  auto run = statement.run();
  return run.step() ? run.integer(0) : 0;
}

/// A title as weir allows it; absent when nothing is left of it.
std::optional<std::string> allowed_title(const std::string& title) {
  try {
    check_title(title);
    return title;
  } catch (const Error&) {
    return title_from(readable(title));
  }
}

}  // namespace

ReferenceImport::ReferenceImport(ReferenceSource& source, Connection& target, ReferenceChanges& changes,
                                 Progress progress)
    : source_(source),
      target_(target),
      changes_(changes),
      progress_(std::move(progress)),
      statements_(target.handle()),
      mapper_(target, changes, [this](const std::string& name) { return source_.has_event(name); }),
      ids_(std::random_device{}()) {}

ReferenceCounts ReferenceImport::run() {
  transaction_.emplace(target_);
  source_.each_conversation([this](auto& conversation) { import_conversation(conversation); });
  source_.each_conversation_row([this](const auto& row) { import_conversation_row(row); });
  source_.each_summary([this](const auto& row) { import_summary(row); });
  statements_.rank_below_zero.run().execute();
  statements_.rank.run().execute();
  transaction_->commit();
  transaction_.reset();
  check_result();
  return counts_;
}

void ReferenceImport::count_row() {
  constexpr std::int64_t kRowsPerCommit = 5'000;
  if (++counts_.events % kRowsPerCommit != 0) return;
  transaction_->commit();
  transaction_.reset();
  transaction_.emplace(target_);
  progress_(counts_.events);
}

void ReferenceImport::import_conversation(ReferenceSource::Conversation& conversation) {
  order_rows(conversation.rows);
  const ReferenceKey& first = conversation.rows.front();
  const ConversationId id = name_for(conversation.name, {to_string(first.table), first.rowid});
  std::optional<std::int64_t> seq_before;
  Seq seq = 0;
  time_before_ = Timestamp{};
  for (const ReferenceKey& key : conversation.rows) {
    note_order(key, ++seq, seq_before);
    import_event(key, {id, seq, time_before_});
    if (key.seq) seq_before = key.seq;
  }
}

void ReferenceImport::note_order(const ReferenceKey& key, Seq seq, std::optional<std::int64_t> seq_before) {
  if (key.table == ReferenceTable::kMessages) return;
  const ReferencePlace from{to_string(key.table), key.rowid};
  if (!key.seq) {
    changes_.note("seq_missing", from);
  } else if (*key.seq != seq) {
    changes_.note("seq_renumbered", from);
  }
  if (key.seq && key.seq == seq_before) changes_.note("seq_duplicate", from);
}

void ReferenceImport::import_event(const ReferenceKey& key, const ReferenceTarget& target) {
  const ReferencePlace from{to_string(key.table), key.rowid};
  const ReferenceRow row = source_.row(key);
  const NewEvent event = mapper_.map(row, from, target);
  if (key.table == ReferenceTable::kMessages && row[Field::kId] != ReferenceValue(event.id->value())) {
    assigned_ids_.emplace(key.rowid, event.id->value());
  }
  // Conversations begin and end when their events say so, not when they were brought over.
  EventWriter(WriteScope{target_, ids_, *event.timestamp}).add(event);
  time_before_ = *event.timestamp;
  count_row();
}

ConversationId ReferenceImport::name_for(const ReferenceValue& name, const ReferencePlace& from) {
  if (auto id = allowed_id<ConversationId>(std::get_if<std::string>(&name))) return *id;
  auto known = assigned_names_.find(name);
  if (known == assigned_names_.end()) {
    std::string assigned = assigned_name(from);
    while (source_.has_conversation(assigned)) assigned += '\'';
    known = assigned_names_.emplace(name, std::move(assigned)).first;
  }
  return ConversationId(known->second);
}

Timestamp ReferenceImport::time_in(const ReferenceValue& value, std::string_view kind,
                                   const ReferencePlace& from) {
  const auto* text = std::get_if<std::string>(&value);
  if (const auto time = text != nullptr ? parse_reference_time(*text) : std::nullopt) return time->at;
  changes_.note(kind, from);
  return time_before_;
}

void ReferenceImport::import_conversation_row(const ReferenceSource::ConversationRow& row) {
  const ConversationId id = name_for(row.id, row.from);
  const auto before = find_conversation(target_, id);
  time_before_ = before ? before->created_at : Timestamp{};
  const ConversationHead head = find_or_insert_head(WriteScope{target_, ids_, time_before_}, id);
  set_title(head.number, row);
  const Timestamp created_at = time_in(row.created_at, "conversation_time_unreadable", row.from);
  time_before_ = before ? before->updated_at : created_at;
  const Timestamp updated_at = time_in(row.updated_at, "conversation_time_unreadable", row.from);
  statements_.set_times.run()
      .bind(head.number)
      .bind(created_at.time_since_epoch().count())
      .bind(updated_at.time_since_epoch().count())
      .execute();
}

void ReferenceImport::set_title(std::int64_t number, const ReferenceSource::ConversationRow& row) {
  if (std::holds_alternative<std::monostate>(row.title)) return;
  const auto* text = std::get_if<std::string>(&row.title);
  const auto title = text != nullptr ? allowed_title(*text) : std::nullopt;
  if (!title || *title != *text) changes_.note("title_changed", row.from);
  if (title) target_.statements().conversations.rename.run().bind(number).bind(*title).execute();
}

std::optional<Place> ReferenceImport::place_of_message(const ReferenceValue& id) {
  const auto rowid = source_.message_rowid(id);
  if (!rowid) return std::nullopt;
  const auto assigned = assigned_ids_.find(*rowid);
  std::string name;
  if (assigned != assigned_ids_.end()) {
    name = assigned->second;
  } else if (const auto* number = std::get_if<std::int64_t>(&id)) {
    name = std::to_string(*number);
  } else if (const auto* text = std::get_if<std::string>(&id)) {
    name = *text;
  }
  auto run = statements_.place.run();
  return run.bind(name).step() ? std::optional(run.integer(0)) : std::nullopt;
}

void ReferenceImport::import_summary(const ReferenceSource::SummaryRow& row) {
  const auto first = place_of_message(row.first_message);
  const auto last = place_of_message(row.last_message);
  if (!first || !last || *first > *last || (*first >> 32) != (*last >> 32)) {
    changes_.note("summary_without_messages", row.from);
  } else if (store_summary(row, *first, *last)) {
    ++counts_.summaries;
  }
}

bool ReferenceImport::store_summary(const ReferenceSource::SummaryRow& row, Place first, Place last) {
  const auto refuse = [&](std::string_view kind) {
    changes_.note(kind, row.from);
    return false;
  };
  auto messages = statements_.messages_between.run();
  messages.bind(first).bind(last).step();
  const auto* text = std::get_if<std::string>(&row.text);
  if (messages.integer(2) == 0) return refuse("summary_without_messages");
  if (text == nullptr) return refuse("summary_without_text");
  const std::int64_t conversation = first >> 32;
  const Seq first_seq = seq_at(messages.integer(0));
  const Seq last_seq = seq_at(messages.integer(1));
  auto other = statements_.overlapping_summary.run();
  if (other.bind(conversation).bind(first_seq).bind(last_seq).step()) return refuse("summary_overlaps");
  const std::string readable_text = readable(*text);
  if (readable_text != *text) changes_.note("summary_changed", row.from);
  time_before_ = Timestamp{};
  const Timestamp created_at = time_in(row.created_at, "summary_time_unreadable", row.from);
  // A shorter one would be replaced as soon as another is made; what a model wrote is kept.
  target_.statements()
      .summaries.put.run()
      .bind(conversation)
      .bind(first_seq)
      .bind(std::int64_t{1})
      .bind(last_seq)
      .bind(messages.integer(2))
      .bind(readable_text)
      .bind(created_at.time_since_epoch().count())
      .execute();
  return true;
}

void ReferenceImport::check_result() {
  counts_.conversations = number_from(statements_.count_conversations);
  const std::int64_t stored = number_from(statements_.count_events);
  const std::int64_t wanted = source_.row_count();
  if (stored != wanted || counts_.events != wanted) {
    throw Error(ErrorCode::kDamaged, "of " + std::to_string(wanted) + " rows " +
                                         std::to_string(counts_.events) + " were read and " +
                                         std::to_string(stored) + " stored; nothing was changed");
  }
  auto integrity = statements_.integrity.run();
  if (!integrity.step() || integrity.text(0) != "ok") {
    throw Error(ErrorCode::kDamaged, "the new database is damaged; nothing was changed");
  }
}

}  // namespace weir::repositories::sqlite
