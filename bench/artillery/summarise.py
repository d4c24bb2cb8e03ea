"""Tells what artillery's report, on stdin, says of a run of chat.yaml: summarise.py ANSWERS

Fails unless ANSWERS answers came and nothing failed.
"""

import json
import sys


def main():
    expected = int(sys.argv[1])
    report = json.load(sys.stdin)["aggregate"]
    counters = report["counters"]
    errors = {name: count for name, count in counters.items() if name.startswith("errors.")}
    failed_users = counters.get("vusers.failed", 0)
    answered = counters.get("chat.answered", 0)
    print(f"users {counters.get('vusers.completed', 0)} completed, {failed_users} failed")
    print(f"answers {answered} of {expected}")
    times = report.get("summaries", {}).get("chat.answer_ms")
    if times:
        print(f"answer ms: p50 {times['p50']}, p95 {times['p95']}, p99 {times['p99']}, max {times['max']}")
    for name, count in sorted(errors.items()):
        print(f"{name} {count}")
    return 1 if errors or failed_users or answered != expected else 0


if __name__ == "__main__":
    sys.exit(main())
