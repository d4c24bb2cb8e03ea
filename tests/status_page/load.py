"""A little load on a served weir: some callers, each appending to a conversation of its own and reading it."""

import http.client
import json
import threading
import urllib.parse

EVENT = json.dumps({"type": "user_message", "role": "user", "content": "Which tea keeps me awake?"})
PAUSE = 0.02  # seconds between two rounds of a caller


class Load:
    """Runs while the block does. What fails is the service's business: pages are looked at, not answers."""

    def __init__(self, url, callers=4):
        self.netloc = urllib.parse.urlsplit(url).netloc
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.call, args=(f"load-{n}",)) for n in range(callers)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def call(self, conversation):
        path = f"/v1/conversations/{conversation}/events"
        while not self.ended.wait(PAUSE):
            connection = http.client.HTTPConnection(self.netloc, timeout=20)
            try:
                for method, target, body in (("POST", path, EVENT), ("GET", f"{path}?limit=20", None),
                                             ("GET", "/v1/conversations?limit=5", None)):
                    connection.request(method, target, body, {"Content-Type": "application/json"})
                    connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                return  # it was stopped
            finally:
                connection.close()
