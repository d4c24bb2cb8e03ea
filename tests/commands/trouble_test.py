"""The program in trouble that others make: two of it, other programs on its file, a full disk, no descriptors left.

trouble_test.py PATH-TO-WEIR. Longer, for scripts/soak: WEIR_STARTS (pairs of programs), WEIR_LOCK_SECONDS (for which
another program holds the file's lock). Times are printed and not judged: how long they are is the machine's business.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "checker"))

from clients import Fleet, Recorder  # noqa: E402
from judgement import Judge  # noqa: E402
from served import Served, weir_path  # noqa: E402

WEIR = weir_path()
REPOSITORY = "chat.service.repository."
BOTH = ("true", "false")  # enable_pooling
DEADLINE = 0.5            # seconds, where something holds calls up


def settings(**values):
    """Arguments for keys, dots in their names written as two underscores."""
    return [word for key, value in values.items()
            for word in ("--set", f"{REPOSITORY}{key.replace('__', '.')}={value}")]


def fingerprint(folder):
    """What is in a folder, and when it was last changed; without the memory in which the service that runs notes its own
    reads, those of its background too."""
    return {path.name: (path.stat().st_ino, path.stat().st_size, path.stat().st_mtime_ns,
                        hashlib.sha256(path.read_bytes()).hexdigest())
            for path in sorted(folder.iterdir()) if not path.name.endswith("-shm")}


class TroubleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weir-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.database = self.folder / "a.db"
        self.log = open(self.folder / "log", "w+", encoding="utf-8")
        self.addCleanup(self.log.close)

    def serve(self, *arguments, **how):
        database = () if "--db" in arguments else ("--db", "a.db")
        return Served(*database, *arguments, cwd=self.folder, **{"log": self.log, **how})

    def logged(self):
        self.log.seek(0)
        return self.log.read()

    # Two programs.

    def test_of_two_started_at_once_one_serves(self):
        slowest = 0
        for _ in range(int(os.environ.get("WEIR_STARTS", "20"))):
            began = time.monotonic()
            both = [subprocess.Popen([WEIR, "serve", "--listen", "127.0.0.1:0", "--db", "a.db"], cwd=self.folder,
                                     text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
            served = [one.stdout.readline().startswith("listening on ") for one in both]
            slowest = max(slowest, time.monotonic() - began)
            self.assertEqual(sorted(served), [False, True])
            loser, winner = (both[served.index(one)] for one in (False, True))
            self.assertIn("another weir", loser.communicate()[1])
            self.assertEqual(loser.returncode, 1)
            winner.kill()
            winner.communicate()
        print(f"two at once: the slowest pair was told apart after {slowest:.2f} s", file=sys.stderr)

    def test_the_second_program_touches_nothing(self):
        with self.serve() as served:
            served.say("x")
            before = fingerprint(self.folder)
            began = time.monotonic()
            done = subprocess.run([WEIR, "serve", "--listen", "127.0.0.1:0", "--db", "a.db"], cwd=self.folder,
                                  capture_output=True, text=True, timeout=60)
            print(f"the second program gave up after {time.monotonic() - began:.2f} s", file=sys.stderr)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(fingerprint(self.folder), before)
            self.assertEqual(served.say("y")[0], 201)

    # Other programs on the file.

    def test_exclusive_keeps_other_programs_out_and_shared_lets_them_in(self):
        for pooling in BOTH:
            with self.subTest(pooling=pooling):
                database = self.folder / f"{pooling}.db"
                of_both = ("--db", str(database), *settings(connection_pool__enable_pooling=pooling))
                with self.serve(*of_both, *settings(sqlite__locking="exclusive")) as served:
                    self.assertEqual(served.say("x")[0], 201)
                    for sql in ("SELECT count(*) FROM events", "BEGIN IMMEDIATE", "PRAGMA wal_checkpoint"):
                        with self.assertRaisesRegex(sqlite3.OperationalError, "locked"):
                            sqlite3.connect(database, timeout=0).execute(sql).fetchall()
                    self.assertFalse(pathlib.Path(f"{database}-shm").exists())
                    stats = json.loads(served.call("GET", "/health")[1])["repository_stats"]
                    self.assertEqual(stats["locking"], "exclusive")
                    self.assertEqual(served.say("y")[0], 201)
                with self.serve(*of_both) as served:  # what was killed leaves no lock behind
                    stranger = sqlite3.connect(database, timeout=0, isolation_level=None)
                    self.assertEqual(stranger.execute("SELECT count(*) FROM events").fetchone()[0], 2)
                    stranger.close()
                    self.assertEqual(served.count(), 2)

    def test_exclusive_does_not_start_beside_another_program(self):
        with self.serve() as served:
            served.say("x")
            served.process.terminate()
            served.process.wait()
        stranger = sqlite3.connect(self.database, isolation_level=None)
        stranger.execute("BEGIN")
        stranger.execute("SELECT count(*) FROM events").fetchone()
        done = subprocess.run([WEIR, "serve", "--listen", "127.0.0.1:0", "--db", "a.db",
                               *settings(sqlite__locking="exclusive", connection_pool__connection_timeout="0.5")],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("locked", done.stderr)
        stranger.close()
        with self.serve(*settings(sqlite__locking="exclusive")) as served:
            self.assertEqual(served.count(), 1)

    def test_a_stranger_that_holds_the_lock_makes_writes_wait_to_their_deadline_and_pooled_reads_not(self):
        for pooling in BOTH:
            with self.subTest(pooling=pooling), self.serve(*settings(
                    connection_pool__enable_pooling=pooling, connection_pool__connection_timeout=DEADLINE)) as served:
                self.assertEqual(served.say("before", pooling)[0], 201)
                stranger = sqlite3.connect(self.database, timeout=20, isolation_level=None, check_same_thread=False)
                stranger.execute("BEGIN IMMEDIATE")
                self.call_while_locked(served, pooling)
                stranger.execute("ROLLBACK")
                stranger.close()
                self.assertEqual(served.say("after", pooling)[0], 201)
                self.assertEqual(served.count(pooling), 2)

    def call_while_locked(self, served, pooling):
        seconds = float(os.environ.get("WEIR_LOCK_SECONDS", "3"))
        end = time.monotonic() + seconds

        def call_often(call):
            answers = []
            while (began := time.monotonic()) < end:
                answers.append((call()[0], time.monotonic() - began))
            return answers

        with concurrent.futures.ThreadPoolExecutor(9) as threads:
            read = threads.submit(call_often, lambda: served.call("GET", f"/v1/conversations/{pooling}/events"))
            written = [threads.submit(call_often, lambda: served.say("x", pooling)) for _ in range(8)]
            reads, writes = read.result(), [answer for one in written for answer in one.result()]
        self.assertEqual({status for status, _ in writes}, {503})
        # The legacy repository has one connection, on which reads stand behind the writes that wait.
        self.assertLessEqual({status for status, _ in reads}, {200} if pooling == "true" else {200, 503})
        print(f"locked for {seconds:.0f} s, pooling {pooling}: {len(writes)} writes refused, the slowest after "
              f"{max(took for _, took in writes):.3f} s of {DEADLINE} s; {len(reads)} reads, the slowest "
              f"{max(took for _, took in reads):.3f} s", file=sys.stderr)

    # A full disk.

    def test_a_full_disk_refuses_writes_serves_reads_and_heals(self):
        place = self.folder / "small"
        place.mkdir()
        small = 'mount -t tmpfs -o size=1m tmpfs "$0" && head -c 300000 /dev/zero > "$0/ballast" && exec "$@"'
        as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        within = ["unshare", "--mount", *as_root, "bash", "-c", small, str(place)]
        if subprocess.run([*within, "true"], capture_output=True).returncode != 0:
            self.skipTest("no file system can be mounted here")
        for pooling in BOTH:
            short_log = settings(connection_pool__enable_pooling=pooling, sqlite__checkpoint_pages=50,
                                 sqlite__wal_autocheckpoint=20)
            with self.subTest(pooling=pooling), self.serve("--db", str(place / "a.db"), *short_log,
                                                           within=within) as served:
                self.fill_and_heal(served, pathlib.Path(f"/proc/{served.process.pid}/root{place}"))

    def fill_and_heal(self, served, place):
        judge = Judge()
        fleet = Fleet(Recorder(judge), "full", 4, 1)
        self.assertTrue(fleet.connect("127.0.0.1", int(served.url.rsplit(":", 1)[1])))
        self.assertTrue(fleet.run(lambda: judge.answered["append fail"] >= 100))
        self.assertTrue(fleet.verify_all())
        status, body = served.say("no room for this" * 5_000, "other")
        self.assertEqual(status, 507, body)
        reads = judge.answered["read ok"]
        self.assertTrue(fleet.run(lambda: judge.answered["read ok"] >= reads + 20))
        self.assertEqual(judge.answered["read fail"], 0)
        stored = judge.answered["append ok"]
        (place / "ballast").unlink()
        began = time.monotonic()
        self.assertTrue(fleet.run(lambda: judge.answered["append ok"] >= stored + 10))
        print(f"10 calls were stored {time.monotonic() - began:.2f} s after there was room again", file=sys.stderr)
        self.assertTrue(fleet.verify_all())
        fleet.disconnect()
        self.assertIs(judge.verdict()["valid"], True, [str(one) for one in judge.kept])
        self.assertEqual(json.loads(served.call("GET", "/health")[1])["status"], "ok")
        served.process.terminate()
        self.assertEqual(served.process.wait(timeout=60), 0)

    # No descriptors left.

    def test_without_descriptors_what_is_open_works_on_health_says_so_and_it_heals(self):
        with self.serve(*settings(connection_pool__max_writers=1)) as served:
            self.exhaust_descriptors(served, served.process.pid)

    def exhaust_descriptors(self, served, pid):
        judge = Judge()
        fleet = Fleet(Recorder(judge), "fds", 6, 1)
        port = int(served.url.rsplit(":", 1)[1])
        self.assertTrue(fleet.connect("127.0.0.1", port))
        self.assertTrue(fleet.run(lambda: judge.answered["append ok"] >= 1))
        limit = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{pid}/fd")), limit[1]))
        stored = judge.answered["append ok"]
        health = self.health_over(fleet.lanes[0].wire)
        while health["status"] == "ok":  # until two read at once, and a second reader cannot be opened
            self.assertTrue(fleet.run(lambda: judge.answered["append ok"] >= stored + 50))
            stored = judge.answered["append ok"]
            health = self.health_over(fleet.lanes[0].wire)
        self.assertEqual(health["status"], "degraded")
        self.assertIn("readers", health["reason"])
        self.assertTrue(fleet.run(lambda: judge.answered["append ok"] >= stored + 200))
        self.assertEqual(judge.answered["append fail"] + judge.answered["read fail"], 0)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limit)
        while self.health_over(fleet.lanes[0].wire)["status"] != "ok":
            pass
        self.assertEqual(served.say("a new connection", "other")[0], 201)
        self.assertTrue(fleet.verify_all())
        fleet.disconnect()
        self.assertIs(judge.verdict()["valid"], True, [str(one) for one in judge.kept])

    def health_over(self, wire):
        wire.send(wire.request("GET", "/health"))
        while not (answers := list(wire.answers())):
            self.assertTrue(wire.receive())
        return json.loads(answers[0][1])

    # What it stands on.

    def test_the_wal_reset_bug_is_told_once(self):
        with self.serve() as served:
            stats = json.loads(served.call("GET", "/health")[1])["repository_stats"]
            metrics = served.call("GET", "/metrics")[1]
            served.process.send_signal(signal.SIGTERM)
            served.process.wait()
        fixed = "true" if stats["wal_reset_fixed"] else "false"
        self.assertIn(f'weir_sqlite_info{{version="{stats["sqlite_version"]}",wal_reset_fixed="{fixed}"}} 1', metrics)
        self.assertEqual(self.logged().count("WAL-reset"), 0 if stats["wal_reset_fixed"] else 1)


if __name__ == "__main__":
    unittest.main()
