"""HTTP/1.1 over a kept connection, with more than one request on its way: what a checker needs, and quick."""

import re
import socket

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Wire:
    """One connection. Answers come in the order of the requests."""

    def __init__(self, host, port, token=None):
        self.socket = socket.create_connection((host, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fixed = f"Host: {host}:{port}\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")
        self.received = bytearray()

    def fileno(self):
        return self.socket.fileno()

    def close(self):
        self.socket.close()

    def request(self, method, target, body=b""):
        """The bytes of a request."""
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{method} {target} HTTP/1.1\r\n{self.fixed}{kind}Content-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    def send(self, requests):
        self.socket.sendall(requests)

    def receive(self):
        """Waits for bytes; False when the other side has gone."""
        try:
            chunk = self.socket.recv(1 << 18)
        except OSError:
            return False
        self.received += chunk
        return bool(chunk)

    def answers(self):
        """The (status, body) of every answer that is complete."""
        start = 0
        while (end := self.received.find(b"\r\n\r\n", start)) >= 0:
            length = LENGTH.search(self.received, start, end + 2)
            stop = end + 4 + (int(length.group(1)) if length else 0)
            if stop > len(self.received):
                break
            status = int(self.received[start + 9:start + 12])
            yield status, bytes(self.received[end + 4:stop])
            start = stop
        del self.received[:start]
