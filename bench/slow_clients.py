#!/usr/bin/env python3
"""How long a good client waits while hundreds of others are slow: slow_clients.py PATH-TO-WEIR [--slow N] [--seconds S]

A third of the N send their head a byte at a time, a third their body, and a third ask for a large answer and do not
read it; one that is ended comes again. Beside them one client appends and reads. Prints its times without and with
the others. Nothing is asserted but that every call of the good client is answered.
"""

import argparse
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time

EVENTS = "/v1/conversations/good/events"
HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: "
BODY = (b"POST /v1/conversations/slow/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000000\r\n\r\n ")
LARGE = b"GET /v1/conversations/large/events?limit=500 HTTP/1.1\r\nHost: localhost\r\n\r\n"
DRIP_SECONDS = 0.5


class Slow:
    """One slow client; it begins anew when the service has ended it."""

    def __init__(self, address, beginning):
        self.address, self.beginning = address, beginning
        self.ended = 0
        self.begin()

    def begin(self):
        self.connection = socket.socket()
        # So that an answer of a megabyte stays with the service, which has to wait for room.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.connection.connect(self.address)
        self.connection.setblocking(False)
        self.connection.sendall(self.beginning)

    def drip(self):
        """A byte more, or a new connection in place of one that was ended. Readers never read."""
        try:
            self.connection.send(b" ")
            if self.beginning is not LARGE and self.connection.recv(4096) == b"":
                raise ConnectionError
        except BlockingIOError:
            pass
        except OSError:
            self.connection.close()
            self.ended += 1
            self.begin()


class Good:
    """One client that appends and reads in turn, and notes how long each took."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(*address, timeout=20)
        self.times = []

    def call(self, method, target, body=None):
        began = time.perf_counter()
        self.connection.request(method, target, body, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status in (200, 201), (method, target, answer.status)
        self.times.append(time.perf_counter() - began)

    def step(self):
        self.call("POST", EVENTS, json.dumps({"type": "user_message", "role": "user", "content": "x" * 200}))
        self.call("GET", f"{EVENTS}?limit=10")


def describe(times):
    times = sorted(times)
    at = lambda share: 1000 * times[min(len(times) - 1, int(share * len(times)))]
    return f"{len(times)} calls, p50 {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms, slowest {1000 * times[-1]:.1f} ms"


def work(good, seconds, crowd):
    good.times = []
    end = time.monotonic() + seconds
    next_drip = time.monotonic()
    while time.monotonic() < end:
        good.step()
        if time.monotonic() >= next_drip:
            for one in crowd:
                one.drip()
            next_drip = time.monotonic() + DRIP_SECONDS
    return describe(good.times)


def fill_large(good):
    event = {"type": "user_message", "role": "user", "content": "y" * 2000}
    for _ in range(10):
        good.call("POST", "/v1/conversations/large/events", json.dumps([event] * 50))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weir")
    parser.add_argument("--slow", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weir-slow-") as folder:
        service = subprocess.Popen(
            [options.weir, "serve", "--listen", "127.0.0.1:0", "--db", f"{folder}/history.db", "--set",
             "server.request_timeout=5"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            host, port = service.stdout.readline().split("//")[1].strip().split(":")
            good = Good((host, int(port)))
            fill_large(good)
            print("alone:   ", work(good, options.seconds / 2, []))
            crowd = [Slow((host, int(port)), (HEAD, BODY, LARGE)[i % 3]) for i in range(options.slow)]
            print(f"beside {options.slow} slow clients:", work(good, options.seconds, crowd))
            print("ended and come again:", sum(one.ended for one in crowd))
        finally:
            service.terminate()
            service.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
