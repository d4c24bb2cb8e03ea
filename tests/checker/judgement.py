"""Judges what the clients of a weir saw, after Jepsen's checkers.

A history is a sequence of records, one for each moment at which a client began a call or learned how it ended:

  {"time": NS, "process": "c3", "call": 17, "type": "invoke", "op": "append", "conversation": "k",
   "events": [["REQUEST ID", "DIGEST"], ...]}
  {"time": NS, "process": "c3", "call": 17, "type": "ok", "seen": [[SEQ, "REQUEST ID", "DIGEST"], ...]}

`type` is how far the call has come: `invoke`; then `ok`, `fail` (the service said that nothing was changed) or `unknown`.
`op` and what it is about stand in the invoke:

  append   events: one, or a batch
  read     after: the events behind that number, at most `limit`; without it the most recent `limit`
  delete   the conversation
  remove   seqs: numbers that are to go; frees: true when they may be given out again (the last event is removed)
  kill     no invoke, only an ok: the service was killed, and what was on its way has happened by now or never will

Every event is known by its request_id, which is sent again when the outcome of a call is unknown. The violations:

  lost         was acknowledged, or read, and a read that begins later does not show it, nor any after that
  stale        the same, but a later read shows it again. Whoever was told, everybody has to see it: that is more than
               that a client reads its own writes, and never sees less than it has seen
  gap          a number that no event has and none had
  duplicated   one event under two numbers, or two under one
  reordered    a read not in the order of the numbers, or a number below that of an event acknowledged before it was sent
  torn         a part of a batch
  resurrected  an event that was refused, removed, or found to be absent after a kill, is there; or one that nobody sent
  altered      other bytes than were sent, or an answer that is not about what was asked

Where a removal overlaps other changes of its conversation, only what holds in whichever order they came is judged.
The time is linear in the events sent and read, after the records are sorted.
"""

import collections

KINDS = ("lost", "stale", "gap", "duplicated", "reordered", "torn", "resurrected", "altered")
MOST_KEPT = 100

SENT, FAILED, PRESENT, REMOVED, GONE = range(5)
WHY_NOT_THERE = {FAILED: "was refused", GONE: "was not there after the kill"}


class Event:
    __slots__ = ("conversation", "digest", "batch", "index", "floor", "state", "attempts", "seq", "since", "was_read")

    def __init__(self, conversation, digest, floor):
        self.conversation = conversation
        self.digest = digest
        self.batch = ()
        self.index = 0
        self.floor = floor      # what was acknowledged in the conversation when this was first sent
        self.state = SENT
        self.attempts = 0       # that may have stored it
        self.seq = None
        self.since = 0          # when it was removed, or its last attempt was over
        self.was_read = False


class Conversation:
    def __init__(self):
        self.by_seq = {}        # number -> request_id, of what is known to be there
        self.floor = 0          # the highest number known to be there
        self.removed = set()    # numbers that no event has any more
        self.settling = set()   # request_ids whose last attempt was over before it was answered
        self.missing = {}       # number -> the violation told of it
        self.appending = 0      # calls under way
        self.removing = 0
        self.changes = 0        # removals begun or ended
        self.is_blurred = False


class Call:
    __slots__ = ("op", "process", "name", "keys", "record", "moment", "floor", "changes")


class Violation:
    def __init__(self, kind, text):
        self.kind = kind
        self.text = text

    def __str__(self):
        return f"{self.kind}: {self.text}"


class Judge:
    """Takes records in the order of their times."""

    def __init__(self):
        self.events = {}
        self.conversations = collections.defaultdict(Conversation)
        self.calls = {}
        self.unanswered = set()  # request_ids of events that may be stored or not
        self.moment = 0
        self.kept = []
        self.counts = collections.Counter()
        self.answered = collections.Counter()  # how many calls ended how, as "append ok"
        self.acknowledged = 0                  # events
        self.repeated = 0                      # events sent once more under their request_id
        self.reads = 0                         # events

    # What comes in.

    def take(self, record):
        self.moment += 1
        kind = record["type"]
        if kind == "invoke":
            self._begin(record)
        elif record.get("op") == "kill":
            self._settle_all()
        else:
            call = self.calls.pop(record["call"])
            self.answered[f"{call.op} {kind}"] += 1
            getattr(self, "_end_" + call.op)(call, kind, record)

    def _begin(self, record):
        conversation = self.conversations[record["conversation"]]
        call = Call()
        call.op, call.process, call.name = record["op"], record["process"], record["conversation"]
        call.moment, call.floor, call.changes = self.moment, conversation.floor, conversation.changes
        call.record, call.keys = record, ()
        if call.op == "append":
            self._begin_append(call, conversation, record["events"])
        elif call.op != "read":
            conversation.is_blurred |= conversation.appending + conversation.removing > 0
            conversation.removing += 1
            conversation.changes += 1
            call.keys = list(conversation.by_seq.values()) if call.op == "delete" else ()
        self.calls[record["call"]] = call

    def _begin_append(self, call, conversation, sent):
        conversation.is_blurred |= conversation.removing > 0
        conversation.appending += 1
        call.keys = [key for key, _ in sent]
        new = []
        for key, digest in sent:
            event = self.events.get(key)
            if event is None:
                event = self.events[key] = Event(call.name, digest, conversation.floor)
                event.index = len(new)
                new.append(key)
            else:
                self.repeated += 1
            event.attempts += 1
            if event.state in (FAILED, GONE):
                event.state, event.floor = SENT, conversation.floor
            conversation.settling.discard(key)
            if event.state == SENT:
                self.unanswered.add(key)
        for key in new:
            self.events[key].batch = new

    # How calls end.

    def _end_append(self, call, kind, record):
        conversation = self.conversations[call.name]
        conversation.appending -= 1
        if kind == "fail":
            for key in call.keys:
                event = self.events[key]
                event.attempts -= 1
                if event.attempts == 0 and event.state == SENT:
                    event.state = FAILED
                    self.unanswered.discard(key)
        elif kind == "ok":
            self.acknowledged += len(call.keys)
            if [key for _, key, _ in record["seen"]] != call.keys:
                self._tell("altered", f"{call.name}: the answer to call {record['call']} is about other events")
            for seq, key, digest in record["seen"]:
                if key in self.events:
                    self._place(conversation, call, (seq, key, digest))

    def _end_read(self, call, kind, record):
        if kind != "ok":
            return
        conversation = self.conversations[call.name]
        seen = record["seen"]
        self.reads += len(seen)
        is_sharp = (not conversation.is_blurred and conversation.removing == 0 and
                    call.changes == conversation.changes)
        reaches_end = "after" not in call.record or len(seen) < call.record["limit"]
        self._check_rows(call, seen)
        if is_sharp:
            self._check_numbers(conversation, call, seen, reaches_end)
            self._check_batches(call, seen, reaches_end)
        for row in seen:
            self._see(conversation, call, row)
        if is_sharp and reaches_end:
            self._settle(conversation, call, self._first_covered(call, seen))

    def _end_delete(self, call, kind, _):
        conversation = self._end_removal(call, kind)
        if kind != "ok":
            return
        for key in call.keys:
            self._remove(key)
        if conversation.appending + conversation.removing == 0:
            changes = conversation.changes
            conversation = self.conversations[call.name] = Conversation()
            conversation.changes = changes

    def _end_remove(self, call, kind, _):
        conversation = self._end_removal(call, kind)
        if kind != "ok" or conversation.is_blurred:
            return
        for seq in call.record["seqs"]:
            self._remove(conversation.by_seq.pop(seq, None))
            if not call.record.get("frees"):
                conversation.removed.add(seq)
        conversation.floor = max(conversation.by_seq, default=0)

    def _end_removal(self, call, kind):
        conversation = self.conversations[call.name]
        conversation.removing -= 1
        conversation.changes += 1
        conversation.is_blurred |= kind == "unknown"
        return conversation

    def _remove(self, key):
        if key is not None:
            self.events[key].state, self.events[key].since = REMOVED, self.moment

    # What is known of an event.

    def _place(self, conversation, call, row):
        """Notes that an event has a number, and whether it may."""
        seq, key, digest = row
        event = self.events[key]
        if digest != event.digest or call.name != event.conversation:
            self._tell("altered", f"{call.name}/{seq} ({key}): not the bytes that were sent")
        if event.state in WHY_NOT_THERE:
            self._tell("resurrected", f"{call.name}/{seq} ({key}): it {WHY_NOT_THERE[event.state]}")
        if event.state == REMOVED:
            if call.moment > event.since:
                self._tell("resurrected", f"{call.name}/{seq} ({key}): it was removed")
            return
        event.state = PRESENT
        self.unanswered.discard(key)
        if conversation.is_blurred:
            conversation.by_seq[seq] = key
            return
        if event.seq is None:
            self._number(conversation, event, row)
        elif event.seq != seq:
            self._tell("duplicated", f"{call.name}: {key} has the numbers {event.seq} and {seq}")
        conversation.floor = max(conversation.floor, seq)

    def _number(self, conversation, event, row):
        seq, key, _ = row
        event.seq = seq
        holder = conversation.by_seq.setdefault(seq, key)
        if holder != key:
            self._tell("duplicated", f"{event.conversation}/{seq}: the number of {holder} and of {key}")
        if seq <= event.floor:
            self._tell("reordered",
                       f"{event.conversation}/{seq} ({key}): {event.floor} was acknowledged before it was sent")

    def _see(self, conversation, call, row):
        seq, key, _ = row
        event = self.events.get(key)
        if event is None:
            self._tell("resurrected", f"{call.name}/{seq} ({key}): nobody sent it")
            return
        self._place(conversation, call, row)
        event.was_read = True
        missed = conversation.missing.pop(seq, None)
        if missed is not None:
            self._tell_again(missed, "stale")

    # What a read has to show.

    @staticmethod
    def _first_covered(call, seen):
        """The first number that the read would have shown."""
        if "after" in call.record:
            return call.record["after"] + 1
        return seen[0][0] if len(seen) == call.record["limit"] else 1

    def _check_rows(self, call, seen):
        for (seq, key, _), (next_seq, next_key, _) in zip(seen, seen[1:]):
            if next_seq == seq:
                self._tell("duplicated", f"{call.name}/{seq}: {key} and {next_key} in one read")
            elif next_seq < seq:
                self._tell("reordered", f"{call.name}: {next_seq} ({next_key}) is read behind {seq} ({key})")
        if len({key for _, key, _ in seen}) < len(seen):
            self._tell("duplicated", f"{call.name}: an event is twice in one read, behind {seen[0][0]}")

    def _check_numbers(self, conversation, call, seen, reaches_end):
        expected = self._first_covered(call, seen)
        for seq, _, _ in seen:
            for missing in range(expected, seq):
                self._miss(conversation, call, missing)
            expected = seq + 1
        if reaches_end:
            for missing in range(expected, call.floor + 1):
                self._miss(conversation, call, missing)

    def _miss(self, conversation, call, seq):
        if seq in conversation.removed or seq in conversation.missing:
            return
        key = conversation.by_seq.get(seq)
        kind = "gap" if key is None else "lost"
        text = f"{call.name}/{seq} ({key}): not in a read of {call.process}, call {call.record['call']}"
        conversation.missing[seq] = self._tell(kind, text)

    def _check_batches(self, call, seen, reaches_end):
        first = self._first_covered(call, seen)
        keys = [None, *(key for _, key, _ in seen), None]
        for place, (seq, key, _) in enumerate(seen, 1):
            event = self.events.get(key)
            if event is None or len(event.batch) == 1:
                continue
            is_cut_before = place == 1 and seq == first > 1
            is_cut_behind = place == len(seen) and not reaches_end
            if not is_cut_before and event.index > 0:
                self._check_neighbour(call, event.batch[event.index - 1], keys[place - 1], seq)
            if not is_cut_behind and event.index + 1 < len(event.batch):
                self._check_neighbour(call, event.batch[event.index + 1], keys[place + 1], seq)

    def _check_neighbour(self, call, wanted, found, seq):
        if wanted != found and self.events[wanted].state != REMOVED:
            self._tell("torn", f"{call.name}/{seq}: of its batch {wanted} is not beside it")

    # What was on its way when the service was killed.

    def _settle_all(self):
        for number, call in list(self.calls.items()):
            if call.op != "read":
                self.take({"call": number, "type": "unknown"})
            else:
                del self.calls[number]
        for key in self.unanswered:
            event = self.events[key]
            event.attempts, event.since = 0, self.moment
            self.conversations[event.conversation].settling.add(key)
        self.unanswered.clear()

    def _settle(self, conversation, call, first):
        for key in list(conversation.settling):
            event = self.events[key]
            if event.state == SENT and event.since < call.moment and event.floor + 1 >= first:
                event.state = GONE
            if event.state != SENT:
                conversation.settling.discard(key)

    # What comes out.

    def _tell(self, kind, text):
        violation = Violation(kind, text)
        self.counts[kind] += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(violation)
        return violation

    def _tell_again(self, violation, kind):
        if violation.kind == "lost":
            self.counts[violation.kind] -= 1
            self.counts[kind] += 1
            violation.kind = kind

    def violations(self):
        return sum(self.counts.values())

    def unread(self):
        """How many events are said to be stored and were in no read: nothing can be said of them."""
        return sum(event.state == PRESENT and not event.was_read and
                   not self.conversations[event.conversation].is_blurred for event in self.events.values())

    def verdict(self):
        """What the whole history comes to. `valid` is None when nothing, or not everything, was read."""
        valid = False if self.violations() else None if self.unread() or not self.reads else True
        return {"valid": valid, "violations": {kind: self.counts[kind] for kind in KINDS},
                "acknowledged_events": self.acknowledged, "repeated_events": self.repeated,
                "events_read": self.reads, "unread": self.unread(), "calls": dict(sorted(self.answered.items()))}
