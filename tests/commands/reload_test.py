"""A configuration that comes into force while the program serves: by SIGHUP, and by POST /v1/admin/reload.

reload_test.py PATH-TO-WEIR. More, for scripts/soak: WEIR_SWITCHES (from one repository to the other), WEIR_CLIENTS (who
read what they wrote meanwhile). Latencies are printed and not judged: they are the machine's business.
"""

import http.client
import json
import os
import pathlib
import re
import signal
import tempfile
import threading
import time
import unittest
import urllib.parse

from served import Served, weir_path

WEIR = weir_path()
SWITCHES = int(os.environ.get("WEIR_SWITCHES", "20"))
CLIENTS = int(os.environ.get("WEIR_CLIENTS", "16"))
POOLING = "chat: {service: {repository: {connection_pool: {enable_pooling: %s, max_readers: %s}}}}\n"


class Client(threading.Thread):
    """Appends to a conversation of its own and reads each event back, over one connection, until it is told to end."""

    def __init__(self, url, name, ended):
        super().__init__()
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
        self.path = f"/v1/conversations/{name}/events"
        self.ended = ended
        self.stored = 0
        self.has_enough = threading.Event()  # has stored some events
        self.wrong = []
        self.seconds = []

    def call(self, method, target, body=None):
        began = time.monotonic()
        self.connection.request(method, target, body, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        self.seconds.append(time.monotonic() - began)
        return answer.status, text

    def run(self):
        while not self.ended.is_set():
            status, text = self.call("POST", self.path, '{"type":"user_message","content":"x"}')
            if status != 201:
                self.wrong.append((status, text))
                continue
            self.stored += 1
            if self.stored == 20:
                self.has_enough.set()
            event = json.loads(text)
            status, found = self.call("GET", f"{self.path}/{event['id']}")
            if status != 200 or json.loads(found) != event or event["seq"] != self.stored:
                self.wrong.append((status, found))


def p99(clients):
    every = sorted(second for client in clients for second in client.seconds)
    return 1000 * every[int(len(every) * 0.99)]


def resources(pid):
    """Threads, and open files besides the sockets of clients, which linger."""
    folder = pathlib.Path(f"/proc/{pid}/fd")
    files = [target for target in map(read_link, folder.iterdir()) if not target.startswith("socket:")]
    return len(os.listdir(f"/proc/{pid}/task")), len(files)


def read_link(path):
    try:
        return os.readlink(path)
    except FileNotFoundError:  # closed meanwhile
        return "socket:"


class ReloadTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weir-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.configure("true")

    def configure(self, pooling, max_readers=8):
        new = self.folder / "new.yaml"
        new.write_text(POOLING % (pooling, max_readers))
        new.rename(self.folder / "config.yaml")

    def reload(self, served):
        status, text = served.call("POST", "/v1/admin/reload")
        return status, json.loads(text)

    def repository(self, served):
        return json.loads(served.call("GET", "/health")[1])["repository"]

    def reloads(self, served):
        text = served.call("GET", "/metrics")[1]
        return dict(re.findall(r'weir_config_reloads_total\{outcome="(\w+)"\} (\d+)', text))

    def test_sighup_puts_the_new_repository_in_force_and_what_was_stored_is_there(self):
        with Served(cwd=self.folder) as served:
            served.say("before")
            self.configure("false")
            served.process.send_signal(signal.SIGHUP)
            while self.repository(served) != "AsyncSqlRepo":
                pass
            served.say("after")
            self.assertEqual(served.count(), 2)
            self.assertEqual(self.reloads(served), {"ok": "1", "failed": "0"})

    def test_a_wrong_configuration_changes_nothing_and_every_error_is_told(self):
        with Served(cwd=self.folder) as served:
            self.configure("perhaps", "none")
            status, answer = self.reload(served)
            self.assertEqual(status, 422)
            self.assertEqual(len(answer["errors"]), 2)
            self.assertIn("config.yaml:1:", answer["errors"][0])
            self.assertEqual(self.repository(served), "PooledSqlRepo")
            self.assertEqual(self.reloads(served), {"ok": "0", "failed": "1"})
            served.say("still here")
            self.assertEqual(served.count(), 1)

    def test_what_the_command_line_says_stays_in_force(self):
        with Served("--set", "chat.service.repository.connection_pool.max_readers=3", cwd=self.folder) as served:
            self.configure("true", 5)
            self.assertEqual(self.reload(served), (200, {"repository": "PooledSqlRepo", "restart_needed": []}))
            self.assertIn('weir_pool_connections_max{pool="read"} 3', served.call("GET", "/metrics")[1])

    def test_what_waits_for_a_restart_is_named(self):
        with Served(cwd=self.folder) as served:
            (self.folder / "config.yaml").write_text("server: {read_threads: 3}\n")
            self.assertEqual(self.reload(served)[1]["restart_needed"], ["server.read_threads"])

    def test_clients_who_read_what_they_wrote_notice_nothing_of_many_switches(self):
        with Served("--set", "logging.level=warn", cwd=self.folder) as served:
            before_any = self.load(served, "quiet", switches=0)
            self.switch(served, 0)  # to one connection, where a pool has as many as it has needed
            baseline = resources(served.process.pid)
            clients = self.load(served, "switched", SWITCHES)
            print(f"\n{SWITCHES} switches under {CLIENTS} clients: {sum(c.stored for c in clients)} events, p99 of a call "
                  f"{p99(before_any):.1f} ms without, {p99(clients):.1f} ms with them")
            for number, client in enumerate(clients):
                self.assertEqual(client.wrong, [])
                events = served.call("GET", f"/v1/conversations/switched-{number}")[1]
                self.assertEqual(json.loads(events)["event_count"], client.stored)
            self.switch(served, 0)
            threads, files = resources(served.process.pid)
            self.assertEqual(threads, baseline[0])
            # SQLite keeps the descriptor of a closed connection for the next one as long as others hold locks on the
            # file: as many as were ever open at the same time, those of two pools, however many switches there were.
            self.assertLess(files - baseline[1], 20)

    def switch(self, served, number):
        self.configure("false" if number % 2 == 0 else "true")
        self.assertEqual(self.reload(served)[0], 200)

    def load(self, served, name, switches):
        """The clients, once they have ended: after so many switches, or when each has stored some events."""
        ended = threading.Event()
        clients = [Client(served.url, f"{name}-{number}", ended) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for number in range(1, switches + 1):
            self.switch(served, number)
        for client in clients:
            client.has_enough.wait()
        ended.set()
        for client in clients:
            client.join()
            client.connection.close()
        return clients


if __name__ == "__main__":
    unittest.main()
