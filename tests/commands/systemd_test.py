"""What the service tells systemd, and the unit that starts it.

systemd_test.py PATH-TO-WEIR
"""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import unittest

from served import Served, weir_path

WEIR = weir_path()
UNIT = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "systemd" / "weir.service"
REPOSITORY = "chat.service.repository."


class Manager:
    """A socket that is told what systemd would be told."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0", 1))
        self.socket.settimeout(60)
        self.environment = {"NOTIFY_SOCKET": address}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def next(self):
        """The next message, as its assignments."""
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def next_with(self, key):
        message = self.next()
        while key not in message:
            message = self.next()
        return message

    def is_silent(self):
        self.socket.setblocking(False)
        try:
            return not self.socket.recv(4096)
        except BlockingIOError:
            return True
        finally:
            self.socket.settimeout(60)


class SystemdTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weir-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def served(self, manager, *arguments, **environment):
        return Served("--db", "a.db", *arguments, cwd=self.folder, log=subprocess.DEVNULL,
                      environment={**manager.environment, **environment})

    def test_it_is_told_of_start_reload_and_end_over_a_path_and_an_abstract_address(self):
        for address in (str(self.folder / "notify"), f"@weir-test-{os.getpid()}"):
            with self.subTest(address), Manager(address) as manager, self.served(manager) as served:
                first = manager.next()
                self.assertEqual(first["READY"], "1")
                self.assertIn("PooledSqlRepo", first["STATUS"])
                self.assertEqual(served.call("GET", "/health")[0], 200)
                for ask in (lambda: served.process.send_signal(signal.SIGHUP),
                            lambda: served.call("POST", "/v1/admin/reload")):
                    ask()
                    reloading = manager.next()
                    self.assertEqual(reloading["RELOADING"], "1")
                    self.assertTrue(reloading["MONOTONIC_USEC"].isdigit())
                    self.assertEqual(manager.next()["READY"], "1")
                served.process.terminate()
                self.assertEqual(manager.next()["STOPPING"], "1")
                self.assertEqual(served.process.wait(timeout=60), 0)

    def test_it_does_not_say_that_it_is_ready_when_it_cannot_serve(self):
        with Manager(str(self.folder / "notify")) as manager:
            with self.served(manager) as served:
                self.assertEqual(manager.next()["READY"], "1")
                done = subprocess.run([WEIR, "serve", "--db", "a.db", "--listen", "127.0.0.1:0"], cwd=self.folder,
                                      env={**os.environ, **manager.environment}, capture_output=True, timeout=60)
                self.assertEqual(done.returncode, 1)
                self.assertTrue(manager.is_silent())
                self.assertEqual(served.call("GET", "/health")[0], 200)

    def test_the_watchdog_is_fed_while_reads_are_answered(self):
        with Manager(str(self.folder / "notify")) as manager:
            with self.served(manager, WATCHDOG_USEC="100000") as served:
                for _ in range(5):
                    self.assertEqual(manager.next_with("WATCHDOG")["WATCHDOG"], "1")
                served.process.send_signal(signal.SIGSTOP)
                while not manager.is_silent():  # what it had said before
                    pass
                served.process.send_signal(signal.SIGCONT)
                manager.next_with("WATCHDOG")

    def test_the_watchdog_starves_when_reads_hang(self):
        # The legacy repository reads behind its writes, and a write waits for a lock of another program.
        with Manager(str(self.folder / "notify")) as manager:
            with self.served(manager, "--set", f"{REPOSITORY}connection_pool.enable_pooling=false",
                             "--set", f"{REPOSITORY}sqlite.busy_timeout=600",
                             "--set", f"{REPOSITORY}connection_pool.connection_timeout=600",
                             WATCHDOG_USEC="100000") as served:
                served.say("x")
                stranger = sqlite3.connect(self.folder / "a.db", isolation_level=None)
                stranger.execute("BEGIN IMMEDIATE")
                writer = threading.Thread(target=served.say, args=("y",))
                writer.start()
                while json.loads(served.call("GET", "/health")[1])["repository_stats"]["read_pool_waiters"] == 0:
                    pass  # until the read that would feed it stands behind the write
                while not manager.is_silent():
                    pass
                for _ in range(50):  # inline: it answers this, and still feeds nobody
                    self.assertEqual(served.call("GET", "/health")[0], 200)
                    self.assertTrue(manager.is_silent())
                stranger.execute("ROLLBACK")
                stranger.close()
                self.assertEqual(manager.next_with("WATCHDOG")["WATCHDOG"], "1")
                writer.join()

    def test_a_watchdog_of_another_process_is_not_fed(self):
        with Manager(str(self.folder / "notify")) as manager:
            with self.served(manager, WATCHDOG_USEC="1000", WATCHDOG_PID="1") as served:
                manager.next()
                for _ in range(50):
                    served.call("GET", "/health")
                self.assertTrue(manager.is_silent())

    def test_an_unusable_address_is_no_reason_not_to_serve(self):
        for address in ("", "relative", "/absent/socket", "/" + "x" * 200, "@"):
            with Served("--db", "a.db", cwd=self.folder, log=subprocess.DEVNULL,
                        environment={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "nonsense"}) as served:
                self.assertEqual(served.say("x")[0], 201)

    # The unit.

    def test_systemd_finds_nothing_wrong_with_the_unit(self):
        analyze = shutil.which("systemd-analyze")
        if analyze is None:
            self.skipTest("there is no systemd-analyze here")
        unit = self.folder / "weir.service"
        unit.write_text(UNIT.read_text().replace("/usr/local/bin/weir", WEIR))
        done = subprocess.run([analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60)
        self.assertEqual([line for line in done.stderr.splitlines() if "weir.service" in line], [])
        done = subprocess.run([analyze, "security", "--offline=true", "--no-pager", str(unit)], capture_output=True,
                              text=True, timeout=60)
        exposure = re.search(r"exposure level for weir.service: ([\d.]+)", done.stdout)
        self.assertIsNotNone(exposure, done.stdout + done.stderr)
        self.assertLess(float(exposure.group(1)), 2.0)


if __name__ == "__main__":
    unittest.main()
