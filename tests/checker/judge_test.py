"""The judge finds each kind of violation in a history written by hand, and nothing in a clean one."""

import unittest

from judgement import Judge


class History:
    """Writes records in the order of its calls; an event's digest is its request_id."""

    def __init__(self):
        self.judge = Judge()
        self.calls = 0

    def begin(self, op, conversation="k", **what):
        self.calls += 1
        self.judge.take({"process": "p", "call": self.calls, "type": "invoke", "op": op,
                         "conversation": conversation, **what})
        return self.calls

    def end(self, call, kind, seen=()):
        self.judge.take({"process": "p", "call": call, "type": kind,
                         "seen": [row if len(row) == 3 else (*row, row[1]) for row in seen]})

    def append(self, *events, conversation="k", kind="ok"):
        """Sends events; `events` are the (seq, request_id) of the answer, or request_ids where it is not ok."""
        keys = [event if isinstance(event, str) else event[1] for event in events]
        call = self.begin("append", conversation, events=[(key, key) for key in keys])
        self.end(call, kind, events if kind == "ok" else ())

    def read(self, *seen, conversation="k", **range_of):
        self.end(self.begin("read", conversation, **{"limit": 100, **range_of}), "ok", seen)

    def kill(self):
        self.judge.take({"type": "ok", "op": "kill"})

    def found(self):
        return {kind: count for kind, count in self.judge.counts.items() if count}


class JudgeTest(unittest.TestCase):
    def setUp(self):
        self.history = History()

    def expect(self, **violations):
        self.assertEqual(self.history.found(), violations, [str(one) for one in self.judge.kept])

    @property
    def judge(self):
        return self.history.judge

    # Clean.

    def test_a_clean_history_is_valid(self):
        h = self.history
        h.append((1, "a"))
        h.append((2, "b"), (3, "c"))
        h.append("refused", kind="fail")
        h.append("d", kind="unknown")
        h.append((4, "d"))  # sent again, stored the first time or the second
        h.append((4, "d"))
        h.read((1, "a"), (2, "b"), (3, "c"), (4, "d"))
        h.read((3, "c"), (4, "d"), limit=2)
        h.read((2, "b"), after=1, limit=1)
        h.read((4, "d"), after=3)
        h.read(conversation="none")
        self.expect()
        self.assertIs(self.judge.verdict()["valid"], True)

    def test_what_was_never_read_is_not_called_valid(self):
        self.history.append((1, "a"))
        self.assertIsNone(self.judge.verdict()["valid"])
        self.assertEqual(self.judge.verdict()["unread"], 1)

    def test_an_append_on_its_way_may_be_seen_or_not(self):
        h = self.history
        call = h.begin("append", events=[("a", "a"), ("b", "b")])
        h.read()
        h.read((1, "a"), (2, "b"))
        h.end(call, "ok", [(1, "a"), (2, "b")])
        self.expect()

    def test_a_read_begun_before_the_answer_need_not_show_it(self):
        h = self.history
        read = h.begin("read", limit=100)
        h.append((1, "a"))
        h.end(read, "ok")
        self.expect()

    def test_what_was_unknown_at_a_kill_may_be_there_or_not(self):
        h = self.history
        h.append("a", kind="unknown")
        h.begin("append", events=[("b", "b")])
        h.kill()
        h.read((1, "b"))
        h.append((2, "a"))  # sent again
        h.read((1, "b"), (2, "a"))
        self.expect()

    def test_removals_are_followed(self):
        h = self.history
        h.append((1, "a"), (2, "b"), (3, "c"))
        h.end(h.begin("remove", seqs=[3], frees=True), "ok")
        h.append((3, "d"))
        h.end(h.begin("remove", seqs=[1]), "ok")
        h.read((2, "b"), (3, "d"))
        h.end(h.begin("delete"), "ok")
        h.read()
        h.append((1, "e"))
        h.read((1, "e"))
        self.expect()

    def test_a_read_beside_a_deletion_may_show_either(self):
        h = self.history
        h.append((1, "a"))
        call = h.begin("delete")
        h.read((1, "a"))
        h.read()
        h.end(call, "ok")
        self.expect()

    # Each violation.

    def test_lost(self):
        h = self.history
        h.append((1, "a"))
        h.append((2, "b"))
        h.read((1, "a"))
        h.read((1, "a"))
        self.expect(lost=1)
        self.assertIs(self.judge.verdict()["valid"], False)

    def test_lost_from_the_middle(self):
        h = self.history
        for seq, key in ((1, "a"), (2, "b"), (3, "c")):
            h.append((seq, key))
        h.read((1, "a"), (3, "c"))
        self.expect(lost=1)

    def test_lost_over_a_kill(self):
        h = self.history
        h.append((1, "a"))
        h.kill()
        h.read()
        self.expect(lost=1)

    def test_stale_is_its_own_write_not_seen(self):
        h = self.history
        h.append((1, "a"))
        h.read()
        h.read((1, "a"))
        self.expect(stale=1)

    def test_stale_is_less_than_was_read_before(self):
        h = self.history
        h.append("a", kind="unknown")
        h.read((1, "a"))
        h.read()
        h.read((1, "a"))
        self.expect(stale=1)

    def test_gap(self):
        h = self.history
        h.append((1, "a"))
        h.append((3, "c"))
        h.read((1, "a"), (3, "c"))
        self.expect(gap=1)

    def test_duplicated_by_a_retry(self):
        h = self.history
        h.append("a", kind="unknown")
        h.append((2, "a"))
        h.read((1, "a"), (2, "a"))
        self.assertGreater(self.history.found()["duplicated"], 0)

    def test_duplicated_number(self):
        h = self.history
        h.append((1, "a"))
        h.append((1, "b"))
        self.assertEqual(self.history.found()["duplicated"], 1)

    def test_duplicated_in_two_reads(self):
        h = self.history
        h.append("a", kind="unknown")
        h.append((1, "b"))
        h.read((1, "b"), (2, "a"))
        h.read((1, "b"), (2, "a"), (3, "a"))
        self.assertGreater(self.history.found()["duplicated"], 0)

    def test_reordered_read(self):
        h = self.history
        h.append((1, "a"))
        h.append((2, "b"))
        h.read((2, "b"), (1, "a"))
        self.assertGreater(self.history.found()["reordered"], 0)

    def test_reordered_numbers(self):
        h = self.history
        early = h.begin("append", events=[("early", "early")])
        h.append((2, "a"))
        h.append((1, "b"))
        self.expect(reordered=1)
        h.end(early, "fail")
        self.expect(reordered=1)

    def test_torn(self):
        for seen in ([(1, "a")], [(1, "b")], [(1, "a"), (2, "c")]):
            h = self.history = History()
            h.append("a", "b", "c", kind="unknown")
            h.read(*seen)
            self.assertGreater(self.history.found().get("torn", 0), 0, seen)

    def test_a_page_may_end_inside_a_batch(self):
        h = self.history
        h.append("a", "b", "c", kind="unknown")
        h.read((1, "a"), (2, "b"), limit=2, after=0)
        h.read((3, "c"), after=2)
        self.expect()

    def test_resurrected_after_a_refusal(self):
        h = self.history
        h.append("a", kind="fail")
        h.read((1, "a"))
        self.expect(resurrected=1)

    def test_resurrected_after_a_deletion(self):
        h = self.history
        h.append((1, "a"))
        h.end(h.begin("delete"), "ok")
        h.read((1, "a"))
        self.expect(resurrected=1)

    def test_resurrected_after_a_removal(self):
        h = self.history
        h.append((1, "a"), (2, "b"))
        h.end(h.begin("remove", seqs=[2], frees=True), "ok")
        h.read((1, "a"), (2, "b"))
        self.expect(resurrected=1)

    def test_resurrected_after_a_kill_and_a_read_without_it(self):
        h = self.history
        h.begin("append", events=[("a", "a")])
        h.kill()
        h.read()
        h.read((1, "a"))
        self.expect(resurrected=1)

    def test_resurrected_is_what_nobody_sent(self):
        self.history.read((1, "a"))
        self.expect(resurrected=1)

    def test_altered_bytes(self):
        h = self.history
        h.append((1, "a"))
        h.read((1, "a", "other bytes"))
        self.expect(altered=1)

    def test_altered_is_an_answer_about_another_event(self):
        h = self.history
        h.append((1, "a"))
        h.end(h.begin("append", events=[("b", "b")]), "ok", [(1, "a")])
        self.assertEqual(h.found()["altered"], 1)


if __name__ == "__main__":
    unittest.main()
