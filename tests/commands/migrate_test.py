"""Coming from the reference service and going back: weir migrate and weir export --reference.

migrate_test.py PATH-TO-WEIR
"""

import collections
import contextlib
import fcntl
import json
import os
import pathlib
import random
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

WEIR = os.path.abspath(sys.argv.pop(1))

COLUMNS = ["id", "conversation_id", "seq", "timestamp", "type", "role", "content", "tool_calls", "tool_call_id",
           "model", "usage", "extra", "token_count", "request_id"]
EVENTS = """CREATE TABLE chat_events(id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, seq INTEGER,
    timestamp TEXT, type TEXT NOT NULL, role TEXT, content TEXT, tool_calls TEXT, tool_call_id TEXT, model TEXT,
    usage TEXT, extra TEXT, token_count INTEGER, request_id TEXT);
CREATE UNIQUE INDEX events_request ON chat_events(conversation_id, request_id);
CREATE INDEX events_seq ON chat_events(conversation_id, seq);"""
MESSAGES = """CREATE TABLE conversations(id TEXT PRIMARY KEY, title TEXT, created_at TEXT, updated_at TEXT);
CREATE TABLE messages(id INTEGER PRIMARY KEY, conversation_id TEXT, role TEXT, content TEXT, created_at TEXT);"""
SUMMARIES = """CREATE TABLE message_summaries(id INTEGER PRIMARY KEY, conversation_id TEXT, start_message_id INTEGER,
    end_message_id INTEGER, message_count INTEGER, summary TEXT, created_at TEXT);"""


def event(number, **fields):
    """A row as the reference service writes it, but for what `fields` say."""
    row = {"id": f"e{number}", "conversation_id": "c", "seq": number,
           "timestamp": f"2026-01-31T08:00:{number % 60:02}+00:00", "type": "user_message", "role": "user",
           "content": f"text {number}", "tool_calls": "null", "tool_call_id": None, "model": None, "usage": "null",
           "extra": "{}", "token_count": 2, "request_id": None, **fields}
    return [row[column] for column in COLUMNS]


def insert_events(database, rows):
    database.executemany(f"INSERT INTO chat_events VALUES ({','.join('?' * len(COLUMNS))})", rows)


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weir-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def path(self, name):
        return str(self.folder / name)

    def weir(self, *arguments):
        return subprocess.run([WEIR, *arguments], cwd=self.folder, text=True, capture_output=True, timeout=60)

    def database(self, name):
        """A connection that is closed when the block ends, its work committed."""
        connection = sqlite3.connect(self.folder / name)
        self.addCleanup(connection.close)
        return connection

    def make(self, name, rows, *scripts):
        with contextlib.closing(sqlite3.connect(self.folder / name)) as database:
            for script in scripts or (EVENTS,):
                database.executescript(script)
            insert_events(database, rows)
            database.commit()
        return self.path(name)

    def rows(self, name, query=f"SELECT {', '.join(COLUMNS)} FROM chat_events ORDER BY conversation_id, seq"):
        with contextlib.closing(sqlite3.connect(self.folder / name)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            return database.execute(query).fetchall()

    def migrate(self, name, *options):
        done = self.weir("migrate", name, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def events(self, name):
        done = self.weir("export", "--db", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def way_back(self, name, back):
        done = self.weir("export", "--db", name, "--reference", back)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.rows(back)

    def backups(self, name):
        return sorted(found for found in os.listdir(self.folder) if found.startswith(name + ".before-weir-"))


class MigrateTest(Folder):
    def test_a_database_comes_over_with_a_backup_beside_it(self):
        self.make("a.db", [event(1), event(2, type="assistant_message", role="assistant")])
        os.chmod(self.folder / "a.db", 0o640)
        before = self.rows("a.db")
        self.assertEqual(self.migrate("a.db"), {"conversations": 1, "events": 2, "summaries": 0, "changed": {}})
        backup, = self.backups("a.db")
        self.assertRegex(backup, r"^a\.db\.before-weir-\d{8}T\d{6}Z$")
        self.assertEqual(self.rows(backup), before)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "a.db").st_mode), 0o640)
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.db", backup, "a.db.lock"])
        self.assertEqual([(line["id"], line["seq"], line["content"]) for line in self.events("a.db")],
                         [("e1", 1, "text 1"), ("e2", 2, "text 2")])

    def test_again_it_changes_nothing(self):
        self.make("a.db", [event(1)])
        self.migrate("a.db")
        bytes_before = (self.folder / "a.db").read_bytes()
        files = sorted(os.listdir(self.folder))
        for options in ([], ["--dry-run"]):
            done = self.weir("migrate", "a.db", *options)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("is weir's already", done.stderr)
            self.assertEqual(json.loads(done.stdout), {"conversations": 0, "events": 0, "summaries": 0, "changed": {}})
        self.assertEqual((self.folder / "a.db").read_bytes(), bytes_before)
        self.assertEqual(sorted(os.listdir(self.folder)), files)

    def test_what_is_not_a_database_of_the_reference_service_is_left_as_it_is(self):
        self.assertEqual(self.weir("migrate", "absent.db").returncode, 1)
        self.assertEqual(os.listdir(self.folder), [])
        (self.folder / "text.db").write_text("no database" * 1000)
        (self.folder / "empty.db").write_text("")
        with contextlib.closing(sqlite3.connect(self.folder / "other.db")) as database:
            database.execute("CREATE TABLE t(x)")
            database.commit()
        (self.folder / "folder.db").mkdir()
        for name in ("text.db", "empty.db", "other.db"):
            before = (self.folder / name).read_bytes()
            for options in ([], ["--dry-run"]):
                self.assertEqual(self.weir("migrate", name, *options).returncode, 1, name)
            self.assertEqual((self.folder / name).read_bytes(), before)
        self.assertEqual(self.weir("migrate", "folder.db").returncode, 1)
        self.assertEqual(self.weir("migrate").returncode, 2)

    def test_serve_names_the_command(self):
        (self.folder / "it's here").mkdir()
        path = self.make("it's here/a b.db", [event(1)])
        before = (self.folder / "it's here/a b.db").read_bytes()
        done = self.weir("serve", "--listen", "127.0.0.1:0", "--db", "it's here/a b.db")
        self.assertEqual(done.returncode, 1)
        command = done.stderr.split("bring it over with: weir ")[1].splitlines()[0]
        self.assertEqual((self.folder / "it's here/a b.db").read_bytes(), before)
        ran = subprocess.run(f"{WEIR} {command}", shell=True, text=True, capture_output=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(len(self.events(path)), 1)

    def test_the_order_is_that_of_seq_time_and_row_and_has_no_gaps(self):
        at = "2026-01-31T08:00:{:02}".format
        self.make("a.db", [
            event(1, id="late", seq=7), event(2, id="second of two", seq=3, timestamp=at(9)),
            event(3, id="first of two", seq=3, timestamp=at(8)), event(4, id="zone", seq=3, timestamp=at(9) + "+02:00"),
            event(5, id="none, early", seq=None, timestamp=at(8) + ".5"), event(6, id="none, end", seq=None, timestamp=at(59)),
            event(7, id="none, no time", seq=None, timestamp=None), event(8, id="same", seq=3, timestamp=at(9)),
            event(9, id="other", conversation_id="d", seq=4)])
        report = self.migrate("a.db")
        lines = [line for line in self.events("a.db") if line["conversation_id"] == "c"]
        self.assertEqual([line["id"] for line in lines],
                         ["zone", "first of two", "none, early", "second of two", "same", "late", "none, end",
                          "none, no time"])
        self.assertEqual([line["seq"] for line in lines], list(range(1, 9)))
        changed = report["changed"]
        self.assertEqual((changed["seq_missing"], changed["seq_duplicate"], changed["seq_renumbered"]), (3, 3, 6))

    def test_content_is_a_list_only_if_every_element_is_a_part(self):
        part = '[{"type": "text", "text": "gr\\u00fc\\u00df"}]'
        texts = [part, '[{"type": "text"}]', '[{"no": "type"}]', '[{"type": "text", "text": "a"}, 1]', "[]", "[{", "null",
                 '[{"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "a"}]', "", None]
        self.make("a.db", [event(number, content=text) for number, text in enumerate(texts, 1)])
        report = self.migrate("a.db")
        lines = self.events("a.db")
        self.assertEqual(lines[0]["content"], [{"type": "text", "text": "grüß"}])
        self.assertEqual([line["content"] for line in lines[1:]], texts[1:])
        self.assertEqual(report["changed"], {"content_list_as_text": 2})
        self.assertEqual([row[6] for row in self.way_back("a.db", "back.db")], texts)

    def test_messages_and_their_conversations_come_too(self):
        with contextlib.closing(sqlite3.connect(self.folder / "a.db")) as database:
            database.executescript(MESSAGES + SUMMARIES + "CREATE TABLE notes(x); ALTER TABLE messages ADD mood TEXT")
            database.executemany("INSERT INTO conversations VALUES (?,?,?,?)", [
                ("tea", "On tea", "2026-01-01 10:00:00", "2026-01-03 10:00:00"),
                ("empty", "Nothing yet", "2026-01-02 10:00:00", "2026-01-02 10:00:00"),
                ("long", "x" * 300, "2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z")])
            database.executemany("INSERT INTO messages(id, conversation_id, role, content, created_at) VALUES (?,?,?,?,?)", [
                (1, "tea", "system", "be kind", "2026-01-01 10:00:00"), (2, "tea", "user", "tea?", "2026-01-01 10:00:01"),
                (4, "tea", "user", "which?", "2026-01-01 10:00:03"),
                (3, "tea", "assistant", "yes", "2026-01-01 10:00:02"), (5, "tea", "tool", "42", "2026-01-01 10:00:04"),
                (6, "tea", "function", "43", "2026-01-01 10:00:05"), (7, "untold", "user", "hello", "2026-01-01 10:00:06")])
            database.executemany("INSERT INTO message_summaries VALUES (?,?,?,?,?,?,?)", [
                (1, "tea", 1, 3, 99, "About tea.", "2026-01-02 10:00:00"), (2, "tea", 3, 4, 2, "Overlaps.", "x"),
                (3, "tea", 4, 99, 2, "Of nothing.", "2026-01-02 10:00:00")])
            database.commit()
        done = self.weir("migrate", "a.db")
        report = json.loads(done.stdout)
        self.assertEqual((report["conversations"], report["events"], report["summaries"]), (4, 7, 1))
        self.assertEqual((report["changed"]["summary_overlaps"], report["changed"]["summary_without_messages"]), (1, 1))
        self.assertIn("table notes", done.stderr)
        self.assertIn("column messages.mood", done.stderr)
        lines = [line for line in self.events("a.db") if line["conversation_id"] == "tea"]
        self.assertEqual([(line["id"], line["type"], line["role"], line["seq"]) for line in lines],
                         [("1", "system_update", "system", 1), ("2", "user_message", "user", 2),
                          ("3", "assistant_message", "assistant", 3), ("4", "user_message", "user", 4),
                          ("5", "tool_result", "tool", 5), ("6", "meta", None, 6)])
        self.assertEqual(lines[5]["extra"], {"reference_row": {"role": "function"}})
        self.assertEqual(self.rows("a.db", "SELECT id, title, created_at / 1000000, updated_at / 1000000 FROM conversations"
                                           " ORDER BY activity DESC"),
                         [("tea", "On tea", 1767261600, 1767434400), ("empty", "Nothing yet", 1767348000, 1767348000),
                          ("untold", "hello", 1767261606, 1767261606), ("long", "x" * 50, 1767261600, 1767261600)])
        self.assertEqual(self.rows("a.db", "SELECT first_seq, last_seq, message_count, text FROM summaries"),
                         [(2, 3, 2, "About tea.")])

    def test_both_kinds_in_one_file_come_both(self):
        self.make("a.db", [event(1, id="1"), event(2, timestamp="2026-01-31T09:00:00")], EVENTS, MESSAGES)
        with contextlib.closing(sqlite3.connect(self.folder / "a.db")) as database:
            database.execute("INSERT INTO messages VALUES (1, 'c', 'user', 'between', '2026-01-31 08:30:00')")
            database.commit()
        report = self.migrate("a.db")
        self.assertEqual((report["events"], report["changed"]["id_duplicate"]), (3, 1))
        self.assertEqual([line["id"] for line in self.events("a.db")], ["1", "messages:1", "e2"])

    def test_a_dry_run_says_the_same_and_changes_nothing(self):
        database = self.database("a.db")
        database.executescript("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + EVENTS)
        insert_events(database, [event(1, seq=None), event(2, timestamp="2026-01-31 08:00")])
        database.commit()
        for name in ("a.db", "a.db-wal"):  # as a kill leaves them
            (self.folder / ("b" + name[1:])).write_bytes((self.folder / name).read_bytes())
        state = lambda: {name: (os.stat(self.folder / name).st_mtime_ns, (self.folder / name).read_bytes())
                         for name in os.listdir(self.folder)}
        before = state()
        rehearsed = self.weir("migrate", "b.db", "--dry-run")
        self.assertEqual(rehearsed.returncode, 0, rehearsed.stderr)
        self.assertEqual(state(), before)
        performed = self.weir("migrate", "b.db")
        self.assertEqual(rehearsed.stdout, performed.stdout)
        self.assertEqual(json.loads(performed.stdout)["events"], 2)
        backup, = self.backups("b.db")
        self.assertEqual(len(self.rows(backup)), 2, "what stood in the log is in the backup")
        self.assertFalse((self.folder / "b.db-wal").exists())

    def test_who_has_the_file_is_not_disturbed(self):
        self.make("a.db", [event(1)])
        with open(self.folder / "a.db.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for options in ([], ["--dry-run"]):
                done = self.weir("migrate", "a.db", *options)
                self.assertEqual(done.returncode, 1)
                self.assertIn("another weir", done.stderr)
        for mode in ("DELETE", "WAL"):
            database = self.database("a.db")
            database.execute(f"PRAGMA journal_mode = {mode}")
            database.execute("BEGIN")
            database.execute("SELECT count(*) FROM chat_events").fetchall()
            done = self.weir("migrate", "a.db")
            self.assertEqual(done.returncode, 1)
            self.assertIn("stop the service", done.stderr)
            database.close()
        self.assertEqual(len(self.rows("a.db")), 1)
        self.assertEqual(self.migrate("a.db")["events"], 1)

    def test_a_damaged_database_is_refused(self):
        path = self.folder / "a.db"
        self.make("a.db", [event(number, content="x" * 500) for number in range(1, 200)])
        damaged = bytearray(path.read_bytes())
        damaged[8 * 4096:9 * 4096] = b"\xff" * 4096
        path.write_bytes(damaged)
        for options in ([], ["--dry-run"]):
            done = self.weir("migrate", "a.db", *options)
            self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(path.read_bytes(), damaged)
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.db", "a.db.lock"])

    def test_a_link_stays_a_link(self):
        self.make("a.db", [event(1)])
        os.symlink("a.db", self.folder / "link.db")
        self.migrate("link.db")
        self.assertTrue((self.folder / "link.db").is_symlink())
        self.assertEqual(len(self.events("a.db")), 1)
        self.assertEqual(len(self.backups("a.db")), 1)


class WayBackTest(Folder):
    def test_nothing_is_overwritten_and_nothing_half_written(self):
        self.make("a.db", [event(1)])
        self.migrate("a.db")
        (self.folder / "back.db").write_text("mine")
        done = self.weir("export", "--db", "a.db", "--reference", "back.db")
        self.assertEqual(done.returncode, 1)
        self.assertEqual((self.folder / "back.db").read_text(), "mine")
        self.assertEqual(self.weir("export", "--db", "absent.db", "--reference", "b.db").returncode, 1)
        self.assertEqual(self.weir("export", "--db", "a.db", "--reference", "b.db", "--conversation", "c").returncode, 2)
        self.assertFalse([name for name in os.listdir(self.folder) if "weir-export" in name or name == "b.db"])

    def test_the_reference_service_finds_its_tables_and_indexes(self):
        self.make("a.db", [event(1), event(2, request_id="r")])
        self.migrate("a.db")
        self.way_back("a.db", "back.db")
        database = self.database("back.db")
        plan = lambda query: " ".join(row[3] for row in database.execute("EXPLAIN QUERY PLAN " + query))
        self.assertIn("USING INDEX", plan("SELECT * FROM chat_events WHERE conversation_id = 'c' ORDER BY seq"))
        self.assertIn("USING INDEX", plan("SELECT * FROM chat_events WHERE conversation_id = 'c' AND request_id = 'r'"))
        with self.assertRaises(sqlite3.IntegrityError):
            insert_events(database, [event(3, request_id="r")])
        insert_events(database, [event(3, request_id="q")])
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))

    def test_what_weir_holds_comes_back_the_same(self):
        lines = [
            {"content": '[{"type":"text","text":"a string that looks like parts"}]'},
            {"content": [{"type": "text", "text": "ä \" \\ \U0001f600"}]}, {"content": []}, {"content": "[]"},
            {"content": None, "tool_calls": [{"id": "1", "f": 1.50}]}, {"tool_calls": [], "role": "tool"},
            {"extra": {"reference_row": "somebody's own"}}, {"extra": {"weir_content": "text"}, "content": "x"},
            {"extra": {"reference_row": {"nonsense": 1}, "b": 2}}, {"usage": {"prompt_tokens": 1, "completion_tokens": 2,
                                                                                  "total_tokens": 3}},
            {"timestamp": "2026-01-31T08:00:00.000001Z"}, {"timestamp": "0001-01-01T00:00:00Z"}, {"model": ""},
            {"request_id": "r", "token_count": 2147483647, "tool_call_id": "t"}, {"content": "nul \u0000 inside"}]
        text = "".join(json.dumps({"conversation_id": "c", "type": "meta", **line}) + "\n" for line in lines)
        (self.folder / "in.jsonl").write_text(text)
        self.assertEqual(self.weir("import", "in.jsonl", "--db", "a.db").returncode, 0)
        exported = self.weir("export", "--db", "a.db").stdout
        self.way_back("a.db", "back.db")
        self.assertEqual(self.migrate("back.db")["changed"], {})
        self.assertEqual(self.weir("export", "--db", "back.db").stdout, exported)


class Oddities:
    """Rows as races, other versions and other programs left them."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, *values):
        return self.random.choice(values)

    def rows(self, count):
        rows, requests = [], set()
        for number in range(count):
            row = dict(zip(COLUMNS, self.row(number)))
            if (row["conversation_id"], row["request_id"]) in requests:
                row["request_id"] = None
            requests.add((row["conversation_id"], row["request_id"]))
            rows.append([row[column] for column in COLUMNS])
        return rows

    def row(self, number):
        json_column = lambda *more: self.one_of(None, "", "null", "[]", "{}", "{broken", '{"a": 1.50, "b": [1, "\\u00e9"]}',
                                                '{"a":1}', "[" * 70 + "]" * 70, b"\x00\xff", '"text"', *more)
        odd = lambda usual, *more: usual if self.random.random() < 0.6 else self.one_of(usual, *more)
        return event(number,
                     id=odd(f"id {number}", None, f"tab\t{number}", f"{number}" * 300, f"{number}".encode()),
                     conversation_id=odd(self.one_of("c", "d"), "", "x" * 257, "line\nend", b"bytes", "chat_events:1"),
                     seq=odd(self.random.randrange(20), None, -5, "no number", 1.5),
                     timestamp=odd("2026-01-31T08:00:00+00:00", None, "", "soon", "2026-01-31", "2026-01-31 08:00:00",
                                   "2026-01-31T08:00:00.123456789", "2026-01-31T08:00:00+05:30", "2026-01-31T08:00:60Z",
                                   "2026-01-31T08:00:00.5Z", "2026-02-31T08:00:00"),
                     type=odd("assistant_message", "tool_call", "note", "", 7),
                     role=odd("assistant", None, "function", "", "user"),
                     content=odd("text", None, "", "[]", '[{"type": "text", "text": "a"}]', '[{"type":"image"}]', b"\xc3(", 5,
                                 "nul\x00inside", '[{"type": "text", "text": "\\ud800"}]'),
                     tool_calls=json_column('[{"id": "1"}]', "[1]"), tool_call_id=odd(None, "t", "", "\x7f"),
                     model=odd(None, "m", "", b"\xff"),
                     usage=json_column('{"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}',
                                       '{"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "cached": 1}',
                                       '{"prompt_tokens": -1, "completion_tokens": 2, "total_tokens": 3}'),
                     extra=json_column('{"reference_row":{"type":"x"}}', '{"weir_content":"parts"}'),
                     token_count=odd(3, None, -1, 2**40, "many", 1.5), request_id=odd(None, f"r{number}", "", "same", b"\x01"))


def parsed(value):
    """What a JSON column says to who parses it; `value` itself where it is no JSON."""
    if value in (None, "", "null"):
        return None
    if isinstance(value, str):
        with contextlib.suppress(ValueError, RecursionError):
            return ("json", json.dumps(json.loads(value), sort_keys=True))
    return value


def meaning(row, without="seq"):
    """A row without what a report may name: seq, and how a time and JSON are spelled."""
    values = dict(zip(COLUMNS, row))
    values["seq"] = values[without] = None
    time = values["timestamp"]
    if isinstance(time, str) and time in ("2026-01-31", "2026-01-31 08:00:00", "2026-01-31T08:00:00.5Z"):
        values["timestamp"] = {"2026-01-31": "2026-01-31T00:00:00+00:00",
                               "2026-01-31 08:00:00": "2026-01-31T08:00:00+00:00"}.get(
                                   time, "2026-01-31T08:00:00.500000+00:00")
    for column in ("tool_calls", "usage", "extra"):
        values[column] = parsed(values[column])
    if values["extra"] == ("json", "{}"):
        values["extra"] = None
    return values


class PropertyTest(Folder):
    def compare(self, rows, back):
        """Every row is there, and its token_count too if it had one; a count that was made is a number now."""
        uncounted = lambda all_rows: sorted(repr(meaning(row, without="token_count")) for row in all_rows)
        self.assertEqual(uncounted(rows), uncounted(back))
        given = collections.Counter(repr(meaning(row)) for row in rows if row[COLUMNS.index("token_count")] is not None)
        self.assertFalse(given - collections.Counter(repr(meaning(row)) for row in back))

    def test_every_row_of_a_random_database_comes_back(self):
        for seed in range(int(os.environ.get("WEIR_MIGRATE_SEEDS", "30"))):
            with self.subTest(seed=seed):
                name, back = f"{seed}.db", f"{seed}.back.db"
                self.make(name, Oddities(seed).rows(60))
                rows = self.rows(name)
                report = self.migrate(name)
                self.assertEqual(report["events"], 60)
                lines = self.events(name)
                numbers = {}
                for line in lines:
                    numbers.setdefault(line["conversation_id"], []).append(line["seq"])
                for seqs in numbers.values():
                    self.assertEqual(seqs, list(range(1, len(seqs) + 1)))
                self.compare(rows, self.way_back(name, back))
                again = self.migrate(back)
                self.assertEqual(again["events"], 60)

    def test_bad_utf8_is_kept_and_given_back(self):
        self.make("a.db", [event(1)])
        with contextlib.closing(sqlite3.connect(self.folder / "a.db")) as database:
            database.execute("UPDATE chat_events SET content = CAST(x'61ff62' AS TEXT), model = CAST(x'c3' AS TEXT)")
            database.commit()
        before = self.rows("a.db", "SELECT typeof(content), hex(content), typeof(model), hex(model) FROM chat_events")
        report = self.migrate("a.db")
        self.assertEqual((report["changed"]["content_kept"], report["changed"]["model_kept"]), (1, 1))
        self.assertEqual(self.events("a.db")[0]["content"], "a\ufffdb")
        self.way_back("a.db", "back.db")
        self.assertEqual(self.rows("back.db", "SELECT typeof(content), hex(content), typeof(model), hex(model)"
                                              " FROM chat_events"), before)


if __name__ == "__main__":
    unittest.main()
