"""Clients of a weir that write down what they sent and what came back.

A Lane is one client: a connection, and the calls on it that are not answered yet. Fleet runs many of them on one
thread. Every call is told to a Recorder before it is sent and when it is answered, so that a judge may follow.
"""

import collections
import hashlib
import itertools
import json
import random
import select
import time

from wire import Wire

PAGE = 10_000
MOST_BYTES_UNDERWAY = 32_768  # so that neither side waits for the other to read
RETIRED_AT = 4_000            # events in a conversation, after which another takes its place
PADDING = ("", "", "word " * 20, "\u0000\t\"\\/", "grüße 你好 \U0001f99c", "x" * 1_500)


def digest(text):
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


class Recorder:
    """Numbers the calls and passes them to a judge and, if wanted, to a log."""

    def __init__(self, judge, log=None):
        self.judge = judge
        self.log = log
        self.numbers = itertools.count(1)

    def note(self, record):
        if self.log is not None:
            record = {"time": time.monotonic_ns(), **record}
            self.log.write(json.dumps(record, separators=(",", ":")) + "\n")
        self.judge.take(record)

    def begin(self, process, op, conversation, what):
        call = next(self.numbers)
        self.note({"process": process, "call": call, "type": "invoke", "op": op, "conversation": conversation, **what})
        return call

    def end(self, process, call, kind, seen=()):
        self.note({"process": process, "call": call, "type": kind, "seen": seen})

    def kill(self):
        self.note({"process": "killer", "op": "kill", "type": "ok"})


class Append:
    """A call that may be sent again: the same events under the same request_ids."""

    op = "append"

    def __init__(self, conversation, texts):
        self.conversation = conversation
        self.what = {"events": [(key, digest(text)) for key, text in texts]}
        bodies = [{"type": "user_message", "role": "user", "content": text, "request_id": key} for key, text in texts]
        self.body = json.dumps(bodies[0] if len(bodies) == 1 else bodies).encode()
        self.method, self.target = "POST", f"/v1/conversations/{conversation}/events"


class Read:
    op, method, body = "read", "GET", b""

    def __init__(self, conversation, limit, after=None):
        self.conversation = conversation
        self.what = {"limit": limit} if after is None else {"limit": limit, "after": after}
        behind = "" if after is None else f"&after_seq={after}"
        self.target = f"/v1/conversations/{conversation}/events?limit={limit}{behind}"


class Delete:
    op, method, body, what = "delete", "DELETE", b"", {}

    def __init__(self, conversation):
        self.conversation = conversation
        self.target = f"/v1/conversations/{conversation}"


class RemoveLast:
    op, method, body = "remove", "DELETE", b""

    def __init__(self, conversation, seq):
        self.conversation = conversation
        self.what = {"seqs": [seq], "frees": True}
        self.target = f"/v1/conversations/{conversation}/events/last"


def rows_of(body):
    document = json.loads(body)
    if isinstance(document, dict):
        document = document.get("events", [document])
    return [(event["seq"], event["request_id"], digest(event["content"])) for event in document]


def kind_of(status, body):
    """How a call ended, by its status: weir says when it does not know itself."""
    if status < 300:
        return "ok"
    return "unknown" if status == 500 or b"unknown_outcome" in body else "fail"


class Lane:
    def __init__(self, name, window):
        self.name = name
        self.window = window
        self.wire = None
        self.underway = collections.deque()  # (call, operation)
        self.bytes = 0
        self.todo = collections.deque()      # to be sent before anything else
        self.unknown = []                    # appends to be sent again


class Fleet:
    """Lanes on one service.

    The first lane removes as well as appends, one call at a time, in a conversation of its own; the others share theirs.
    """

    def __init__(self, recorder, prefix, lanes, window):
        self.recorder = recorder
        self.judge = recorder.judge
        self.prefix = prefix
        self.lanes = [Lane(f"{prefix}c{i}", window if i else 1) for i in range(lanes)]
        self.keys = itertools.count(1)
        self.made = itertools.count(1)
        self.names = [self._new_name() for _ in range(max(2, lanes // 2))]
        self.own = self._new_name()
        self.retired = []
        self.verified = collections.Counter()  # conversation -> the last number read
        self.acknowledged = 0                  # calls that append
        self.random = random.Random(prefix)

    def _new_name(self):
        return f"{self.prefix}k{next(self.made)}"

    # The connections.

    def connect(self, host, port, token=None):
        """False when the service has gone."""
        try:
            for lane in self.lanes:
                lane.wire = Wire(host, port, token)
        except OSError:
            self.disconnect()
            return False
        return True

    def disconnect(self):
        """What is not answered now never will be."""
        for lane in self.lanes:
            if lane.wire is not None:
                lane.wire.close()
                lane.wire = None
            for call, operation in lane.underway:
                self._end(lane, call, operation, "unknown")
            lane.underway.clear()
            lane.todo.clear()
            lane.bytes = 0

    def _end(self, lane, call, operation, kind, seen=()):
        self.recorder.end(lane.name, call, kind, seen)
        if kind == "ok":
            self.acknowledged += operation.op == "append"
        elif kind == "unknown" and operation.op == "append":
            lane.unknown.append(operation)
        elif operation.op in ("delete", "remove"):
            self._give_up_own()

    def _give_up_own(self):
        """Nobody knows what became of a removal, so nobody can say what has to be there."""
        self.retired.append(self.own)
        self.own = self._new_name()

    # Running.

    def run(self, is_over):
        """Sends calls until it is over, and waits for what is underway. False when a connection broke."""
        while not is_over():
            for lane in self.lanes:
                self._fill(lane)
            if not self._receive():
                return False
        return self.drain()

    def drain(self):
        while any(lane.underway or lane.todo for lane in self.lanes):
            for lane in self.lanes:
                self._send(lane, self._take_todo(lane))
            if not self._receive():
                return False
        return True

    def verify(self, names):
        """Reads what came to these conversations since they were last read. False when a connection broke."""
        open_names = list(names)
        while open_names:
            for lane, name in zip(itertools.cycle(self.lanes[1:] or self.lanes), open_names):
                lane.todo.append(Read(name, PAGE, self.verified[name]))
            before = {name: self.verified[name] for name in open_names}
            if not self.drain():
                return False
            open_names = [name for name in open_names if self.verified[name] - before[name] >= PAGE]
        return True

    def verify_new(self):
        """Of its own conversation everything: where events are removed, numbers come back."""
        del self.verified[self.own]
        return self.verify([*self.names, self.own])

    def verify_all(self):
        self.verified.clear()
        return self.verify([*self.retired, *self.names, self.own])

    def _receive(self):
        waiting = [lane for lane in self.lanes if lane.underway]
        if not waiting:
            return True
        ready, _, _ = select.select([lane.wire for lane in waiting], [], [], 60)
        for lane in waiting:
            if lane.wire not in ready:
                continue
            is_open = lane.wire.receive()
            for status, body in lane.wire.answers():
                self._answer(lane, status, body)
            if not is_open:
                return False
        return bool(ready)

    def _answer(self, lane, status, body):
        call, operation = lane.underway.popleft()
        lane.bytes -= len(operation.body)
        kind = kind_of(status, body)
        seen = rows_of(body) if kind == "ok" and operation.op in ("append", "read") else ()
        self._end(lane, call, operation, kind, seen)
        if seen and "after" in operation.what:
            self.verified[operation.conversation] = max(self.verified[operation.conversation], seen[-1][0])

    def _send(self, lane, operations):
        requests = []
        for operation in operations:
            call = self.recorder.begin(lane.name, operation.op, operation.conversation, operation.what)
            lane.underway.append((call, operation))
            lane.bytes += len(operation.body)
            requests.append(lane.wire.request(operation.method, operation.target, operation.body))
        if requests:
            try:
                lane.wire.send(b"".join(requests))
            except OSError:
                pass  # the next look at the connection finds it closed

    def _fill(self, lane):
        if len(lane.underway) > lane.window // 2:
            return  # many at once are cheaper
        self._send(lane, self._work(lane))

    @staticmethod
    def _take_todo(lane):
        while lane.todo and len(lane.underway) < lane.window:
            yield lane.todo.popleft()

    def _work(self, lane):
        while len(lane.underway) < lane.window and lane.bytes < MOST_BYTES_UNDERWAY:
            yield self._next(lane)

    # What clients do.

    def _next(self, lane):
        if lane is self.lanes[0]:
            return self._next_of_own()
        dice = self.random.random()
        if lane.unknown and dice < 0.5:
            return lane.unknown.pop()
        name = self._pick_name()
        if dice > 0.95:
            return Read(name, 20)
        if dice > 0.92:
            return Read(name, 50, max(0, self.judge.conversations[name].floor - self.random.randrange(60)))
        again = lane.underway[-1][1] if lane.underway and dice > 0.90 else None
        if again is not None and again.op == "append":
            return again  # both are on their way: one of them stores it
        return self._new_append(name)

    def _next_of_own(self):
        lane = self.lanes[0]
        while lane.unknown:
            append = lane.unknown.pop()
            if append.conversation == self.own:
                return append
        floor = self.judge.conversations[self.own].floor
        dice = self.random.random()
        if dice < 0.15:
            return Read(self.own, PAGE)
        if floor and dice < 0.25:
            return RemoveLast(self.own, floor)
        if floor > 20 and dice < 0.30:
            return Delete(self.own)
        return self._new_append(self.own)

    def _pick_name(self):
        place = self.random.randrange(len(self.names))
        name = self.names[place]
        if self.judge.conversations[name].floor >= RETIRED_AT:
            self.retired.append(name)
            name = self.names[place] = self._new_name()
        return name

    def _new_append(self, name):
        dice = self.random.random()
        count = 1 if dice < 0.9 else self.random.randrange(2, 6) if dice < 0.99 else 50
        return Append(name, [self._new_text() for _ in range(count)])

    def _new_text(self):
        key = f"{self.prefix}r{next(self.keys)}"
        return key, key + self.random.choice(PADDING)
