"""Medians of what wrk measured: summarise.py [--json FILE] < ROUNDS

Reads an object a line, {"server","round","requests_per_s","p50_us","p99_us","not_2xx","socket_errors"}, prints a line
for each server and what weir reaches of the trivial one, and fails when a request went wrong.
"""

import argparse
import json
import statistics
import sys

MEASURED = ["requests_per_s", "p50_us", "p99_us"]
WRONG = ["not_2xx", "socket_errors"]


def summarise(rounds):
    """A summary for each server, in the order in which they were measured."""
    summaries = {}
    for server in dict.fromkeys(row["server"] for row in rounds):
        own = [row for row in rounds if row["server"] == server]
        summary = {name: statistics.median(row[name] for row in own) for name in MEASURED}
        summary.update({name: sum(row[name] for row in own) for name in WRONG})
        rates = [row["requests_per_s"] for row in own]
        summary["spread"] = (max(rates) - min(rates)) / max(summary["requests_per_s"], 1)
        summaries[server] = summary
    return summaries


def print_table(summaries):
    print(f"{'':10}{'requests/s':>12}{'spread':>8}{'p50 us':>10}{'p99 us':>10}{'not 2xx':>9}{'socket errors':>15}")
    for server, summary in summaries.items():
        print(f"{server:10}{summary['requests_per_s']:12.0f}{summary['spread']:8.0%}{summary['p50_us']:10.0f}"
              f"{summary['p99_us']:10.0f}{summary['not_2xx']:9}{summary['socket_errors']:15}")
    if {"weir", "trivial"} <= summaries.keys():
        share = summaries["weir"]["requests_per_s"] / max(summaries["trivial"]["requests_per_s"], 1)
        print(f"weir answers {share:.2f} times as many requests as the trivial handler")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", help="a file for every single round")
    arguments = parser.parse_args()
    rounds = [json.loads(line) for line in sys.stdin]
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(rounds, out, indent=1)
            out.write("\n")
    summaries = summarise(rounds)
    print_table(summaries)
    return 1 if any(summary[name] for summary in summaries.values() for name in WRONG) else 0


if __name__ == "__main__":
    sys.exit(main())
