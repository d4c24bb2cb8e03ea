#include "layouts.h"

#include <array>

namespace weir::bench {

std::span<const Layout> all_layouts() {
  static constexpr std::array<Layout, 12> kLayouts = {{
      {"one_key",
       "the shipped one until now: place, id, request and activity",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, created_at INTEGER NOT "
       "NULL, updated_at INTEGER NOT NULL, activity INTEGER NOT NULL UNIQUE) STRICT;",
       "INSERT INTO conversations(id, event_count, last_seq, created_at, updated_at, activity) VALUES "
       "(?1, 0, 0, ?3, ?3, (SELECT ifnull(max(activity), 0) + 1 FROM conversations))",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (number << 32) + last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations WHERE id = ?1",
        "UPDATE conversations SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = "
        "?3, activity = (SELECT max(activity) + 1 FROM conversations) WHERE id = ?1"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT id, event_count, updated_at FROM conversations WHERE activity < 9223372036854775807 ORDER"
       " BY activity DESC LIMIT 50"},
      {"row_ids",
       "rows in the order of appends, an index on (conversation, seq)",
       "",
       "CREATE TABLE events(row INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT "
       "NULL, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT NULL, type INTEGER NOT NULL, role INTEGER, "
       "content_form INTEGER NOT NULL, content TEXT, tool_calls TEXT, tool_call_id TEXT, model TEXT, "
       "prompt_tokens INTEGER, completion_tokens INTEGER, total_tokens INTEGER, extra TEXT, token_count "
       "INTEGER NOT NULL, request_id TEXT, UNIQUE(conversation, seq)) STRICT;CREATE UNIQUE INDEX "
       "events_by_request ON events(conversation, request_id) WHERE request_id IS NOT NULL;CREATE TABLE "
       "conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, event_count "
       "INTEGER NOT NULL, last_seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT"
       " NULL, activity INTEGER NOT NULL UNIQUE) STRICT;",
       "INSERT INTO conversations(id, event_count, last_seq, created_at, updated_at, activity) VALUES "
       "(?1, 0, 0, ?3, ?3, (SELECT ifnull(max(activity), 0) + 1 FROM conversations))",
       {"INSERT INTO events(conversation, seq, id, timestamp, type, content_form, content, token_count, "
        "request_id) SELECT number, last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations WHERE id ="
        " ?1",
        "UPDATE conversations SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = "
        "?3, activity = (SELECT max(activity) + 1 FROM conversations) WHERE id = ?1"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.conversation = c.number WHERE "
       "c.id = ?1 ORDER BY e.seq DESC LIMIT 50",
       "SELECT id, event_count, updated_at FROM conversations WHERE activity < 9223372036854775807 ORDER"
       " BY activity DESC LIMIT 50"},
      {"heads",
       "one_key, and what an append changes of a conversation in a narrow table of its own",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"no_activity",
       "heads without an index on activity: the list sorts all of them",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT INTO "
       "heads VALUES (new.number, 0, 0, new.created_at, 0); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = ?3 WHERE number = (SELECT number FROM conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"no_head",
       "one_key, seq from the last event: an append changes nothing of its conversation",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, created_at INTEGER NOT "
       "NULL, updated_at INTEGER NOT NULL, activity INTEGER NOT NULL UNIQUE) STRICT;",
       "INSERT INTO conversations(id, event_count, last_seq, created_at, updated_at, activity) VALUES "
       "(?1, 0, 0, ?3, ?3, (SELECT ifnull(max(activity), 0) + 1 FROM conversations))",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT ifnull((SELECT max(place) FROM events WHERE place > (number << 32) AND place < ((number +"
        " 1) << 32)), number << 32) + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations WHERE id = ?1"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT id, event_count, updated_at FROM conversations WHERE activity < 9223372036854775807 ORDER"
       " BY activity DESC LIMIT 50"},
      {"no_request",
       "heads without the index on request ids",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title "
       "TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"blob_ids",
       "heads with ids as 16 bytes",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, unhex16(?2), ?3, ?4, 0, ?5, 50, ?6 FROM conversations "
        "AS c CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = unhex16(?2)",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"page_1024",
       "heads in pages of 1024 bytes",
       "PRAGMA page_size = 1024;",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"page_2048",
       "heads in pages of 2048 bytes",
       "PRAGMA page_size = 2048;",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"page_8192",
       "heads in pages of 8192 bytes",
       "PRAGMA page_size = 8192;",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"page_16384",
       "heads in pages of 16384 bytes",
       "PRAGMA page_size = 16384;",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, ?2, ?3, ?4, 0, ?5, 50, ?6 FROM conversations AS c "
        "CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = ?2",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
      {"random_ids",
       "heads with ids of UUID version 4",
       "",
       "CREATE TABLE events(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT "
       "NULL, type INTEGER NOT NULL, role INTEGER, content_form INTEGER NOT NULL, content TEXT, "
       "tool_calls TEXT, tool_call_id TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens "
       "INTEGER, total_tokens INTEGER, extra TEXT, token_count INTEGER NOT NULL, request_id TEXT) "
       "STRICT;CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id"
       " IS NOT NULL;CREATE TABLE conversations(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
       "title TEXT, created_at INTEGER NOT NULL) STRICT;CREATE TABLE heads(number INTEGER PRIMARY KEY, "
       "event_count INTEGER NOT NULL, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, activity "
       "INTEGER NOT NULL UNIQUE) STRICT;CREATE TRIGGER head AFTER INSERT ON conversations BEGIN INSERT "
       "INTO heads VALUES (new.number, 0, 0, new.created_at, (SELECT ifnull(max(activity), 0) + 1 FROM "
       "heads)); END;",
       "INSERT INTO conversations(id, created_at) VALUES (?1, ?3)",
       {"INSERT INTO events(place, id, timestamp, type, content_form, content, token_count, request_id) "
        "SELECT (h.number << 32) + h.last_seq + 1, random_id(?2), ?3, ?4, 0, ?5, 50, ?6 FROM "
        "conversations AS c CROSS JOIN heads AS h ON h.number = c.number WHERE c.id = ?1",
        "UPDATE heads SET last_seq = last_seq + 1, event_count = event_count + 1, updated_at = ?3, "
        "activity = (SELECT max(activity) + 1 FROM heads) WHERE number = (SELECT number FROM "
        "conversations WHERE id = ?1)"},
       "SELECT * FROM events WHERE id = random_id(?2)",
       "SELECT e.* FROM conversations AS c CROSS JOIN events AS e ON e.place > (c.number << 32) AND "
       "e.place < ((c.number + 1) << 32) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 50",
       "SELECT c.id, h.event_count, h.updated_at FROM heads AS h CROSS JOIN conversations AS c ON "
       "c.number = h.number WHERE h.activity < 9223372036854775807 ORDER BY h.activity DESC LIMIT 50"},
  }};
  return kLayouts;
}

}  // namespace weir::bench
