"""What people write, and the token, never stand in a log, a metric or a refusal (invariant I12).

Every text that is sent holds MARK, in both repositories, at the log level that tells most; what goes wrong does
too. discretion_test.py PATH-TO-WEIR
"""

import base64
import http.client
import json
import os
import pathlib
import socket
import tempfile
import unittest
import urllib.parse

from served import Served, weir_path

weir_path()
MARK = "Xq7secretZv"
# The name of a field or a parameter that there is none of, which a refusal does tell.
NAME = "Xq7nameZv"
TOKEN = f"{MARK}-token-of-some-length"
WRONG_TOKEN = f"{MARK}-another-of-some-length"
JSON = {"Content-Type": "application/json"}


class Talk:
    """One client's calls; what was refused is kept, for a refusal must not quote either."""

    def __init__(self, url):
        self.address = urllib.parse.urlsplit(url)
        self.refusals = []
        self.statuses = set()

    def call(self, method, target, body=None, token=TOKEN, headers=None):
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=20)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, target, data, {"Authorization": f"Bearer {token}", **JSON, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        self.statuses.add(answer.status)
        if answer.status >= 400:
            self.refusals.append(f"{method} {target}: {answer.status} {dict(answer.getheaders())} {text}")
        return answer.status, text

    def send(self, data):
        """What comes back for bytes that need not be HTTP."""
        with socket.create_connection((self.address.hostname, self.address.port), timeout=20) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        self.refusals.append(f"raw: {answer.decode(errors='replace')}")

    def chat(self, *payloads):
        """Says each over a WebSocket, and reads until the other side has closed it."""
        with socket.create_connection((self.address.hostname, self.address.port), timeout=20) as connection:
            key = base64.b64encode(os.urandom(16)).decode()
            connection.sendall((f"GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
                                f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                f"Sec-WebSocket-Key: {key}\r\n\r\n").encode())
            answer = connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 101"), answer
            for payload in payloads:
                connection.sendall(frame(0x81, payload))
            connection.sendall(frame(0x88, b"\x03\xe8" + MARK.encode()))
            return b"".join(iter(lambda: connection.recv(65536), b""))


def frame(first, payload):
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return bytes([first]) + length + bytes(4) + payload


def use_everything(talk):
    """Every call there is, with a mark in all that a caller chooses, right and wrong."""
    event = {"type": "user_message", "role": "user", "content": f"hello {MARK}", "request_id": f"{MARK}-1",
             "extra": {MARK: MARK}, "model": MARK}
    events = f"/v1/conversations/{MARK}/events"
    personality = f"/v1/users/{MARK}/personality/{MARK}"
    setting = f"/v1/settings/{MARK}/{MARK}"
    for method, target, body in [
            ("POST", events, event), ("POST", events, event), ("POST", events, [event, {**event, "request_id": "r2"}]),
            ("POST", events, {**event, "type": MARK}), ("POST", events, {**event, "timestamp": MARK}),
            ("POST", events, {**event, NAME: 1}), ("POST", events, {**event, "id": MARK, "request_id": "r3"}),
            ("POST", events, {**event, "id": MARK, "request_id": "r4"}),
            ("POST", events, {**event, "seq": 99, "request_id": "r5"}), ("POST", events, MARK.encode()),
            ("POST", events, b'{"type":"' + MARK.encode() + b"\xff"), ("POST", events, {**event, "content": {NAME: MARK}}),
            ("GET", events, None), ("GET", f"{events}/{MARK}", None), ("GET", f"{events}/{MARK}-none", None),
            ("GET", f"{events}?limit={MARK}", None), ("GET", f"{events}?{NAME}=1", None),
            ("GET", f"/v1/conversations?after={MARK}", None), ("GET", "/v1/conversations", None),
            ("PUT", f"/v1/conversations/{MARK}", {"title": MARK}), ("PUT", f"/v1/conversations/{MARK}", {NAME: 1}),
            ("GET", f"/v1/conversations/{MARK}", None), ("GET", f"/v1/conversations/{MARK}-none", None),
            ("GET", f"/v1/conversations/{MARK}/messages?system_prompt={MARK}", None),
            ("GET", f"/v1/conversations/{MARK}/context?recent=1", None),
            ("GET", f"/v1/conversations/{MARK}/summaries", None),
            ("POST", f"/v1/conversations/{MARK}/compact", {"user_request_id": f"{MARK}-1", "content": MARK}),
            ("POST", f"/v1/conversations/{MARK}/compact", {"user_request_id": f"{MARK}-none", "content": MARK}),
            ("PUT", setting, {"value": {MARK: MARK}}), ("PUT", setting, MARK.encode()), ("GET", setting, None),
            ("GET", f"/v1/settings/{MARK}", None),
            ("POST", personality, {"value": 0.7, "context": MARK, "request_id": MARK}),
            ("POST", personality, {"delta": 7, "context": MARK}), ("POST", personality, {"value": MARK}),
            ("GET", f"/v1/users/{MARK}/personality", None),
            ("GET", f"/v1/search?q={MARK}", None), ("GET", f"/v1/search?q=%22{MARK}&limit={MARK}", None),
            ("GET", f"/v1/search?q=a&conversation_id={MARK}", None),
            ("POST", "/api/chat", {"message": MARK, "conversation_id": MARK, "request_id": f"{MARK}-c"}),
            ("POST", "/api/chat", {"message": MARK, "conversation_id": MARK, "request_id": f"{MARK}-c"}),
            ("POST", "/api/chat", {NAME: MARK}), ("POST", "/v1/retention", None), ("POST", "/v1/admin/reload", None),
            ("GET", f"/{MARK}", None), ("PATCH", events, event), ("GET", f"{events}?limit=%{MARK}", None),
            ("DELETE", setting, None), ("DELETE", f"/v1/conversations/{MARK}/summaries", None),
            ("DELETE", f"{events}/last", None), ("DELETE", f"/v1/conversations/{MARK}", None)]:
        talk.call(method, target, body)
    talk.call("GET", "/v1/conversations", token=WRONG_TOKEN)
    talk.call("POST", events, event, headers={"Origin": f"https://{MARK}.example"})
    talk.call("POST", events, event, headers={"Content-Type": f"text/{MARK}"})
    talk.send(f"{MARK}\r\n\r\n".encode())
    talk.send(f"GET /health HTTP/1.1\r\nHost: {MARK}.example\r\n\r\n".encode())
    talk.send(f"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: {MARK}\r\n\r\n".encode())
    message = json.dumps({"message": MARK, "conversation_id": MARK, "request_id": f"{MARK}-w"}).encode()
    talk.chat(message, message)
    talk.chat(MARK.encode())
    talk.chat(json.dumps({"message": MARK, NAME: MARK}).encode())


class DiscretionTest(unittest.TestCase):
    def session(self, *arguments):
        """What a service says of a whole session: its log, its figures, its refusals, and the statuses there were."""
        with tempfile.TemporaryDirectory(prefix="weir-test-") as folder, open(f"{folder}/log", "w+") as log:
            path = pathlib.Path(folder)
            (path / "token").write_text(TOKEN + "\n")
            (path / "token").chmod(0o600)
            with Served("--set", "logging.level=trace", "--set", f"server.token_file={path}/token", "--db",
                        f"{folder}/history.db", *arguments, cwd=folder, log=log) as served:
                talk = Talk(served.url)
                use_everything(talk)
                figures = [talk.call("GET", "/metrics")[1], talk.call("GET", "/health")[1]]
                served.process.terminate()
                self.assertEqual(served.process.wait(20), 0)
            log.seek(0)
            return log.read(), figures, talk

    def check_silent(self, *arguments):
        log, figures, talk = self.session(*arguments)
        self.assertGreaterEqual(talk.statuses, {200, 201, 204, 400, 401, 403, 404, 405, 409, 415})
        self.assertIn("POST /v1/conversations/{cid}/events 201", log)
        self.assertIn("weir_", figures[0])
        for text in [*log.splitlines(), *figures]:
            self.assertNotIn(MARK, text)
            self.assertNotIn(NAME, text)
        for refusal in talk.refusals:
            self.assertNotIn(MARK, refusal.split(": ", 1)[1], refusal)

    def test_pooled(self):
        self.check_silent()

    def test_legacy_as_json(self):
        self.check_silent("--set", "chat.service.repository.connection_pool.enable_pooling=false", "--set",
                          "logging.format=json")


if __name__ == "__main__":
    unittest.main()
