"""What an operator runs beside a service or in its place: doctor, backup, restore; and what refuses while one serves.

care_test.py PATH-TO-WEIR. Longer: WEIR_BACKUPS, how many are made beside constant writes.
"""

import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import unittest

from served import Served, weir_path

WEIR = weir_path()
DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
BACKUPS = int(os.environ.get("WEIR_BACKUPS", "5"))
LOCKING = "chat.service.repository.sqlite.locking="


def fingerprint(folder):
    """What is in a folder, and when it was last changed."""
    return {path.name: (path.stat().st_ino, path.stat().st_size, path.stat().st_mtime_ns,
                        hashlib.sha256(path.read_bytes()).hexdigest())
            for path in sorted(folder.iterdir())}


class Writer(threading.Thread):
    """Appends to a conversation of its own until it is told to end, and knows what was acknowledged."""

    def __init__(self, served, name, ended):
        super().__init__()
        self.served, self.name, self.ended = served, name, ended
        self.acknowledged = 0
        self.wrong = []

    def run(self):
        while not self.ended.is_set():
            status, body = self.served.say("x" * 2000, self.name)
            if status == 201:
                self.acknowledged += 1
            else:
                self.wrong.append((status, body))


class CareTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weir-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.database = self.folder / "a.db"

    def weir(self, *arguments):
        return subprocess.run([WEIR, *arguments], cwd=self.folder, text=True, capture_output=True, timeout=120)

    def served(self, *arguments):
        # A log that nobody has to read.
        return Served("--db", "a.db", *arguments, cwd=self.folder, log=subprocess.DEVNULL)

    def fill(self, database="a.db"):
        self.assertEqual(self.weir("import", str(DATA / "sample.jsonl"), "--db", database).returncode, 0)

    def doctor(self, *arguments):
        """Its exit status, and what it found, as (level, what was looked at, text)."""
        done = self.weir("doctor", "--db", "a.db", *arguments)
        lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
        return done.returncode, [(level, *text.strip().split(": ", 1)) for level, text in lines]

    def events(self, path):
        with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            return dict(database.execute("SELECT c.id, count(*) FROM events JOIN conversations AS c"
                                         " ON c.number = place >> 32 GROUP BY c.id"))

    def last_activity(self, path):
        with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as database:
            return database.execute("SELECT max(activity) FROM conversations").fetchone()[0]

    # Backup.

    def test_a_backup_beside_constant_writes_holds_all_that_was_acknowledged_before(self):
        ended = threading.Event()
        with self.served() as served:
            writers = [Writer(served, f"w{i}", ended) for i in range(4)]
            for writer in writers:
                writer.start()
            for round_ in range(BACKUPS):
                while min(writer.acknowledged for writer in writers) < 10 * (round_ + 1):
                    pass
                before = {writer.name: writer.acknowledged for writer in writers}
                done = self.weir("backup", "--db", "a.db", f"b{round_}.db")
                after = {writer.name: writer.acknowledged for writer in writers}
                self.assertEqual(done.returncode, 0, done.stderr)
                copied = self.events(self.folder / f"b{round_}.db")
                for name, count in copied.items():
                    self.assertGreaterEqual(count, before[name])
                    self.assertLessEqual(count, after[name] + 1)  # stored, and its answer not yet read
                # It is what was stored up to some commit: activity counts conversations made, and appends to all of them.
                self.assertEqual(self.last_activity(self.folder / f"b{round_}.db"),
                                 len(copied) + sum(copied.values()))
                self.assertEqual(json.loads(done.stdout),
                                 {"conversations": 4, "events": sum(copied.values()),
                                  "bytes": (self.folder / f"b{round_}.db").stat().st_size})
            ended.set()
            for writer in writers:
                writer.join()
                self.assertEqual(writer.wrong, [])
        left = {path.name for path in self.folder.iterdir()}
        self.assertEqual({name for name in left if name.startswith("b")}, {f"b{i}.db" for i in range(BACKUPS)})

    def test_a_backup_leaves_no_trace_at_the_database(self):
        self.fill()
        before = fingerprint(self.folder)
        self.assertEqual(self.weir("backup", "--db", "a.db", "b.db").returncode, 0)
        self.assertEqual((self.folder / "b.db").stat().st_mode & 0o777, 0o600)
        (self.folder / "b.db").unlink()
        self.assertEqual(fingerprint(self.folder), before)

    def test_a_backup_of_what_a_kill_left_holds_its_log(self):
        with self.served() as served:
            served.say("x")
        before = fingerprint(self.folder)
        self.assertIn("a.db-wal", before)
        self.assertEqual(self.weir("backup", "--db", "a.db", "b.db").returncode, 0)
        (self.folder / "a.db-shm").unlink()  # as where the files were copied without it
        self.assertEqual(self.weir("backup", "--db", "a.db", "c.db").returncode, 0)
        self.assertEqual((self.events(self.folder / "b.db"), self.events(self.folder / "c.db")), ({"c": 1}, {"c": 1}))
        self.assertEqual(fingerprint(self.folder)["a.db-wal"], before["a.db-wal"])

    def test_what_is_kept_exclusively_cannot_be_copied_and_that_is_said(self):
        with self.served("--set", LOCKING + "exclusive") as served:
            served.say("x")
            done = self.weir("backup", "--db", "a.db", "b.db")
            self.assertEqual(done.returncode, 1)
            self.assertIn("exclusive", done.stderr)
            status, findings = self.doctor()
            self.assertEqual(status, 0)
            self.assertIn(("NOTE", "content"), [finding[:2] for finding in findings])
            self.assertEqual(served.say("y")[0], 201)
        self.assertFalse((self.folder / "b.db").exists())

    def test_ctrl_c_leaves_nothing_half_written(self):
        self.fill()
        with sqlite3.connect(self.database) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE weight(bytes)")
            database.execute("INSERT INTO weight WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT"
                             " 64) SELECT randomblob(1000000) FROM n")
        database.close()
        before = set(os.listdir(self.folder))
        process = subprocess.Popen([WEIR, "backup", "--db", "a.db", "b.db"], cwd=self.folder, text=True,
                                   stderr=subprocess.PIPE)
        while not (self.folder / "b.db.weir-copy").exists() and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
        self.assertEqual((process.returncode, set(os.listdir(self.folder))), (1, before), said)
        self.assertIn("given up", said)

    # Restore.

    def test_the_drill_serve_fill_backup_lose_restore_serve_compare(self):
        with self.served() as served:
            for i in range(20):
                served.say(str(i), f"c{i % 3}")
            self.assertEqual(self.weir("backup", "--db", "a.db", "b.db").returncode, 0)
            self.assertEqual(served.say("after the backup")[0], 201)
        expected = self.weir("export", "--db", "b.db").stdout
        for path in self.folder.glob("a.db*"):
            path.unlink()
        done = self.weir("restore", "b.db", "--db", "a.db")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(set(path.name for path in self.folder.glob("a.db*")), {"a.db", "a.db.lock"})
        with self.served() as served:
            self.assertEqual(self.weir("export", "--db", "a.db").stdout, expected)
            self.assertEqual(served.say("goes on", "c0")[0], 201)
        self.assertEqual(expected.count("\n"), 20)

    def test_restore_overwrites_nothing_and_puts_no_database_beside_an_old_log(self):
        self.fill()
        self.assertEqual(self.weir("backup", "--db", "a.db", "b.db").returncode, 0)
        for name in ("a.db", "new.db-wal", "new.db-shm"):
            target = name.split("-")[0]
            (self.folder / name).touch()
            before = fingerprint(self.folder)
            done = self.weir("restore", "b.db", "--db", target)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{name} is there already", done.stderr)
            (self.folder / "new.db.lock").unlink(missing_ok=True)
            before["a.db.lock"] = fingerprint(self.folder)["a.db.lock"]
            self.assertEqual(fingerprint(self.folder), before)
            if name != "a.db":
                (self.folder / name).unlink()

    def test_what_has_the_name_of_a_draft_is_not_emptied(self):
        self.fill("lost.db.weir-copy")
        (self.folder / "lost.db.weir-copy.lock").unlink(missing_ok=True)
        was = (self.folder / "lost.db.weir-copy").read_bytes()
        for copy in (("restore", "lost.db.weir-copy", "--db", "lost.db"),
                     ("backup", "lost.db", "--db", "lost.db.weir-copy")):
            done = self.weir(*copy)
            self.assertEqual(done.returncode, 1)
            self.assertIn("move it first", done.stderr)
            self.assertEqual((self.folder / "lost.db.weir-copy").read_bytes(), was)

    def test_a_damaged_backup_is_not_put_in_place(self):
        self.fill()
        self.assertEqual(self.weir("backup", "--db", "a.db", "b.db").returncode, 0)
        damage(self.folder / "b.db")
        for source in ("b.db", "absent.db", str(DATA / "sample.jsonl")):
            done = self.weir("restore", source, "--db", "new/new.db")
            self.assertEqual((done.returncode, done.stdout), (1, ""), source)
        self.assertFalse((self.folder / "new" / "new.db").exists())

    # What writes, while a service runs.

    def test_what_writes_refuses_while_a_service_runs(self):
        self.fill("b.db")
        with self.served() as served:
            served.say("x")
            for call in (["import", str(DATA / "sample.jsonl"), "--db", "a.db"], ["migrate", "a.db"],
                         ["restore", "b.db", "--db", "a.db"]):
                done = self.weir(*call)
                self.assertEqual(done.returncode, 1, call)
                self.assertIn(f"another weir (process {served.process.pid})", done.stderr)
            # Also where its file is lost already, and it has yet to notice.
            for path in (self.database, pathlib.Path(f"{self.database}-wal"), pathlib.Path(f"{self.database}-shm")):
                path.unlink()
            self.assertIn("another weir", self.weir("restore", "b.db", "--db", "a.db").stderr)
            self.assertFalse(self.database.exists())

    # Doctor.

    def test_the_doctor_leaves_no_trace_and_finds_a_sound_database_sound(self):
        self.fill()
        self.check_sound("before it is served", "none works on it")
        with self.served() as served:
            served.say("x")
            self.check_sound("while it is served", f"process {served.process.pid} works on it")
        self.check_sound("after a kill", "none works on it")
        (self.folder / "a.db-shm").unlink()
        self.check_sound("after a kill, copied without the index of the log", "none works on it")

    def check_sound(self, when, service):
        with self.subTest(when):
            for arguments in ([], ["--full"]):
                before = fingerprint(self.folder)
                status, findings = self.doctor(*arguments)
                after = fingerprint(self.folder)
                self.assertEqual((status, [one for one in findings if one[0] == "FAIL"]), (0, []))
                by_what = {what: (level, text) for level, what, text in findings}
                self.assertEqual(by_what["integrity"][0], "OK")
                self.assertEqual(by_what["schema"][0], "OK")
                self.assertIn(service, by_what["service"][1])
                self.assertIn("journal_mode wal", by_what["pragmas of the file"][1])
                self.assertEqual(set(after), set(before))
                if "process" not in service:
                    self.assertEqual(after, before)

    def test_the_doctor_names_who_else_has_it_open(self):
        self.fill()
        stranger = sqlite3.connect(self.database)
        stranger.execute("SELECT count(*) FROM events").fetchone()
        self.assertIn(("NOTE", "other programs", f"processes that have it open: {os.getpid()}. To do: they are no weir "
                       "that serves"), self.doctor()[1])
        stranger.close()

    def test_the_doctor_fails_where_something_is_wrong(self):
        self.fill()
        shutil.copy(self.database, self.folder / "sound.db")
        for what, spoil in (("integrity", lambda: damage(self.database)),
                            ("integrity", lambda: self.change("UPDATE conversations SET event_count = 1")),
                            ("schema", lambda: self.change("DELETE FROM weir_database")),
                            ("schema", lambda: self.change("PRAGMA user_version = 1000")),
                            ("schema", lambda: self.change("PRAGMA application_id = 7")),
                            ("content", lambda: self.database.write_bytes(b"x" * 8192)),
                            ("content", lambda: self.database.write_bytes(b"")),
                            ("file", lambda: (self.folder / "a.db-journal").write_bytes(b"x"))):
            with self.subTest(what):
                shutil.copy(self.folder / "sound.db", self.database)
                spoil()
                before = fingerprint(self.folder)
                status, findings = self.doctor("--full")
                self.assertEqual(status, 1, findings)
                self.assertIn(what, [one[1] for one in findings if one[0] == "FAIL"])
                self.assertEqual(fingerprint(self.folder), before)

    def change(self, sql):
        database = sqlite3.connect(self.database, isolation_level=None)
        database.execute(sql)
        database.close()

    def test_the_doctor_notes_what_others_may_read(self):
        self.fill()
        self.database.chmod(0o644)
        status, findings = self.doctor()
        self.assertEqual(status, 0)
        self.assertIn("chmod 600", [text for level, what, text in findings if (level, what) == ("NOTE", "file")][0])

    def test_without_a_database_or_with_a_wrong_configuration_there_is_nothing_to_look_at(self):
        self.assertEqual(self.doctor(), (1, []))
        self.assertEqual(self.weir("backup", "--db", "a.db", "b.db").returncode, 1)
        self.assertEqual(self.weir("doctor", "--config", "absent.yaml").returncode, 2)
        self.assertEqual(os.listdir(self.folder), [])


def damage(path):
    """Overwrites what stands on a page in the middle of a database."""
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xa5" * 4096)


if __name__ == "__main__":
    unittest.main()
