"""A `weir serve` for a test, and how to call it. The path of weir is the first argument of the test program."""

import functools
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request


@functools.cache
def weir_path():
    """Takes the argument out, so that unittest does not see it."""
    return os.path.abspath(sys.argv.pop(1))


class Served:
    """`weir serve` on a free port; killed when the block ends, unless it has ended.

    `within` are the words before the program. `log` is an open file: a pipe that nobody reads holds 64 KiB.
    """

    def __init__(self, *arguments, cwd, environment=None, within=(), log=subprocess.PIPE):
        self.process = subprocess.Popen(
            [*within, weir_path(), "serve", "--listen", "127.0.0.1:0", *arguments], cwd=cwd, text=True,
            stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(environment or {})})

    def __enter__(self):
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://"), (line, self.process.stderr and self.process.stderr.read())
        self.url = line.split()[-1]
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def call(self, method, target, body=None, headers=None):
        """The status and the body of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + target, data=data, method=method,
                                         headers={"Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def say(self, text, conversation="c"):
        event = {"type": "user_message", "role": "user", "content": text}
        return self.call("POST", f"/v1/conversations/{conversation}/events", event)

    def count(self, conversation="c"):
        return len(json.loads(self.call("GET", f"/v1/conversations/{conversation}/events")[1])["events"])
