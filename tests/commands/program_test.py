"""The program as its users start it: exit statuses, what it prints, signals, and what survives them.

program_test.py PATH-TO-WEIR
"""

import gzip
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import tempfile
import threading
import unittest

from served import Served, weir_path

WEIR = weir_path()
DATA = pathlib.Path(__file__).resolve().parents[1] / "data"


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weir-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def weir(self, *arguments, stdin=None):
        return subprocess.run([WEIR, *arguments], cwd=self.folder, text=True, input=stdin, capture_output=True,
                              timeout=60)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    # The call itself.

    def test_help_is_there_for_every_subcommand(self):
        for command in ([], ["serve"], ["check-config"], ["import"], ["export"], ["migrate"], ["doctor"],
                        ["backup"], ["restore"], ["version"]):
            done = self.weir(*command, "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn("--help", done.stdout)

    def test_a_wrong_call_exits_with_2(self):
        for call in ([], ["sever"], ["serve", "--prot", "1"], ["import"], ["serve", "--config", "absent.yaml"],
                     ["check-config", "--set", "server.prot=1"], ["serve", "--listen", "nonsense"],
                     ["export", "--conversation", ""]):
            self.assertEqual(self.weir(*call).returncode, 2, call)
        self.assertEqual(self.weir("import", "absent.jsonl").returncode, 1)
        self.assertEqual(sorted(os.listdir(self.folder)), [])

    def test_version_names_weir_sqlite_and_the_compiler(self):
        done = self.weir("version")
        self.assertEqual(done.returncode, 0)
        for word in ("weir 0", "SQLite 3", "+"):
            self.assertIn(word, done.stdout)

    # Configuration.

    def test_check_config_prints_a_configuration_that_gives_the_same(self):
        first = self.weir("check-config", "--set", "logging.format=json")
        self.assertEqual(first.returncode, 0)
        again = self.weir("check-config", "--config", self.write("effective.yaml", first.stdout))
        self.assertEqual(again.stdout, first.stdout)

    def test_every_error_of_a_configuration_is_reported_with_its_place(self):
        path = self.write("bad.yaml", "server:\n  listn: x\nlogging:\n  level: loud\n")
        done = self.weir("check-config", "--config", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("bad.yaml:2:3", done.stderr)
        self.assertIn("server.listen", done.stderr)
        self.assertIn("bad.yaml:4:10", done.stderr)
        self.assertEqual(done.stdout, "")

    # Import and export.

    def test_what_is_exported_and_imported_again_gives_the_same_bytes(self):
        sample = str(DATA / "sample.jsonl")
        done = self.weir("import", sample, "--db", "a.db")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"imported": 30, "duplicates": 0, "rejected": 0}))
        done = self.weir("import", sample, "--db", "a.db")
        self.assertEqual(json.loads(done.stdout), {"imported": 0, "duplicates": 30, "rejected": 0})
        exported = self.weir("export", "--db", "a.db").stdout
        self.weir("import", "-", "--db", "b.db", stdin=exported)
        self.assertEqual(self.weir("export", "--db", "b.db", "--set",
                                   "chat.service.repository.connection_pool.enable_pooling=false").stdout, exported)

    def test_a_gzipped_file_is_imported(self):
        with gzip.open(self.folder / "events.gz", "wt") as file:
            file.write('{"conversation_id":"c","type":"meta"}\n')
        self.assertEqual(json.loads(self.weir("import", "events.gz", "--db", "a.db").stdout)["imported"], 1)

    def test_a_rejected_line_is_named_and_the_rest_goes_in(self):
        path = self.write("events.jsonl", '{"conversation_id":"c","type":"meta"}\n{"type":"meta"}\nno\n')
        done = self.weir("import", path, "--db", "a.db")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout), {"imported": 1, "duplicates": 0, "rejected": 2})
        self.assertIn("line 2: conversation_id", done.stderr)
        self.assertIn("line 3: ", done.stderr)

    def test_a_line_too_long_is_rejected_and_the_rest_goes_in(self):
        event = '{"conversation_id":"c","type":"meta"}\n'
        path = self.write("events.jsonl", event + "x" * (16 * 1024 * 1024 + 1) + "\n" + event)
        done = self.weir("import", path, "--db", "a.db")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout), {"imported": 2, "duplicates": 0, "rejected": 1})
        self.assertEqual(done.stderr, "line 2: is longer than 16 MiB\n")

    def test_of_a_gzipped_file_cut_short_what_went_in_is_counted(self):
        packed = gzip.compress(b'{"conversation_id":"c","type":"meta"}\n' * 3)
        (self.folder / "cut.gz").write_bytes(packed[:-3])
        done = self.weir("import", "cut.gz", "--db", "a.db")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout), {"imported": 3, "duplicates": 0, "rejected": 0})
        self.assertEqual(done.stderr, "error: line 4: the gzip data ends too early\n")
        self.assertEqual(self.weir("export", "--db", "a.db").stdout.count("\n"), 3)

    def test_export_of_no_database_fails_and_makes_none(self):
        self.assertEqual(self.weir("export", "--db", "absent.db").returncode, 1)
        self.assertEqual(os.listdir(self.folder), [])

    # Serving.

    def test_what_is_acknowledged_survives_a_kill(self):
        for kind in ("true", "false"):
            pooling = ("--set", f"chat.service.repository.connection_pool.enable_pooling={kind}")
            with Served("--db", f"{kind}.db", *pooling, cwd=self.folder) as served:
                for i in range(20):
                    self.assertEqual(served.say(str(i))[0], 201)
                served.process.send_signal(signal.SIGKILL)
                served.process.wait()
            with Served("--db", f"{kind}.db", *pooling, cwd=self.folder) as served:
                self.assertEqual(served.count(), 20)

    def test_the_flag_rolls_back_and_forward(self):
        names = []
        for kind in ("true", "false", "true"):
            with Served("--set", f"chat.service.repository.connection_pool.enable_pooling={kind}",
                        cwd=self.folder) as served:
                served.say("x")
                health = json.loads(served.call("GET", "/health")[1])
                names.append((health["repository"], served.count()))
                self.assertIn(f'weir_repository_info{{repository="{health["repository"]}"}} 1',
                              served.call("GET", "/metrics")[1])
        self.assertEqual(names, [("PooledSqlRepo", 1), ("AsyncSqlRepo", 2), ("PooledSqlRepo", 3)])

    def test_sigterm_lets_requests_finish_and_exits_with_0(self):
        for ending in (signal.SIGTERM, signal.SIGINT):
            with Served("--db", "a.db", cwd=self.folder) as served:
                statuses = []

                def client(served=served, statuses=statuses):
                    try:
                        while True:
                            statuses.append(served.say("x", "drain")[0])
                    except OSError:  # no longer listening
                        pass

                clients = [threading.Thread(target=client) for _ in range(4)]
                for thread in clients:
                    thread.start()
                while len(statuses) < 20:
                    pass
                served.process.send_signal(ending)
                self.assertEqual(served.process.wait(timeout=10), 0)
                for thread in clients:
                    thread.join()
                self.assertLessEqual(set(statuses), {201, 503})
        self.assertFalse((self.folder / "a.db-wal").exists())

    def test_a_second_program_on_the_file_is_refused(self):
        with Served("--db", "a.db", cwd=self.folder) as served:
            served.say("x")
            os.symlink("a.db", self.folder / "link.db")
            for call in (["serve", "--listen", "127.0.0.1:0", "--db", "a.db"],
                         ["serve", "--listen", "127.0.0.1:0", "--db", "link.db"],
                         ["import", str(DATA / "sample.jsonl"), "--db", "a.db"]):
                done = self.weir(*call)
                self.assertEqual(done.returncode, 1, call)
                self.assertIn(str(served.process.pid), done.stderr)
            self.assertEqual(self.weir("export", "--db", "a.db").stdout.count("\n"), 1)
            self.assertEqual(served.count(), 1)

    def test_files_that_are_not_weirs_are_refused(self):
        with sqlite3.connect(self.folder / "reference.db") as database:
            database.execute("CREATE TABLE chat_events(id TEXT PRIMARY KEY)")
        done = self.weir("serve", "--listen", "127.0.0.1:0", "--db", "reference.db")
        self.assertEqual(done.returncode, 1)
        self.assertIn("weir migrate", done.stderr)
        self.write("garbage.db", "x" * 8192)
        self.assertEqual(self.weir("serve", "--listen", "127.0.0.1:0", "--db", "garbage.db").returncode, 1)
        self.assertEqual((self.folder / "garbage.db").read_text(), "x" * 8192)

    def test_an_address_others_can_reach_wants_a_token(self):
        done = self.weir("serve", "--listen", "0.0.0.0:0")
        self.assertEqual(done.returncode, 2)
        self.assertIn("server.listen", done.stderr)
        token = "a-token-of-some-length"
        with Served("--db", "a.db", cwd=self.folder, environment={"WEIR_TOKEN": token}) as served:
            self.assertEqual(served.say("x")[0], 401)
            self.assertEqual(served.call("GET", "/health")[0], 200)
            headers = {"Authorization": f"Bearer {token}"}
            self.assertEqual(served.call("GET", "/v1/conversations", headers=headers)[0], 200)
            served.process.terminate()
            self.assertNotIn(token, served.process.communicate()[1])

    def test_every_line_of_a_request_names_it_and_slow_ones_say_where_the_time_went(self):
        slow = ("--set", "chat.service.repository.slow_log.operation=0.000001", "--set",
                "chat.service.repository.slow_log.hold=0.000001", "--set", "logging.level=debug")
        for pooling in ("true", "false"):
            with Served("--db", "a.db", "--set", f"chat.service.repository.connection_pool.enable_pooling={pooling}",
                        *slow, cwd=self.folder) as served:
                served.call("GET", "/v1/conversations/c/events", headers={"X-Request-Id": f"mine-{pooling}"})
                served.call("PUT", "/v1/conversations/c", {"title": "t"}, {"X-Request-Id": f"mine-{pooling}"})
                body = served.call("GET", "/v1/search?q=", headers={"X-Request-Id": "wrong-1"})[1]
                self.assertEqual(json.loads(body)["request_id"], "wrong-1")
                served.process.terminate()
                log = served.process.communicate()[1].splitlines()
            lines = [line for line in log if line.endswith(f" request_id=mine-{pooling}")]
            self.assertTrue(any("slow operation: events ok took" in line for line in lines), log)
            # The legacy repository's one thread works for whoever's call it runs.
            self.assertTrue(any("put_conversation had the write ticket" in line for line in lines), log)
            self.assertTrue(any("GET /v1/conversations/{cid}/events 200" in line for line in lines), log)

    def test_the_log_holds_no_message_text_and_is_json_when_asked(self):
        with Served("--db", "a.db", "--set", "logging.format=json", "--set", "logging.level=trace",
                    cwd=self.folder) as served:
            served.say("a secret")
            served.call("POST", "/v1/conversations/c/events", {"type": "a secret"})
            served.process.terminate()
            log = served.process.communicate()[1]
        self.assertNotIn("secret", log)
        for line in log.splitlines():
            self.assertLessEqual({"time", "level", "message"}, json.loads(line).keys())
        self.assertTrue(any("request_id" in json.loads(line) for line in log.splitlines()))


if __name__ == "__main__":
    unittest.main()
