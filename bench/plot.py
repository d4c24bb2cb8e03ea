#!/usr/bin/env python3
"""Charts of what `weir bench --json` wrote: plot.py RESULT.json OUTDIR

Makes two SVG files for each operation: OPERATION-ops.svg, how many a second each lane did, and OPERATION-p99.svg, how
long the slowest hundredth took at least, on a logarithmic axis. A bar is the median of the rounds; the thin line over
it goes from the lowest to the highest. -full is added to a name where each commit was synced, and the number of threads
where there were several.
"""

import json
import math
import pathlib
import statistics
import sys
from typing import Callable, NamedTuple
from xml.sax.saxutils import escape

WIDTH = 760
MARGIN = 20
TOP = 74  # title and subtitle stand above
BOTTOM = 60  # axis and its title stand below
BAR = 22
PITCH = 34  # from one bar to the next
NUMBERS = 92  # the column of medians, right of the bars
CHAR = 8.2  # pixels, at most, of a character of the names

BACKGROUND, BORDER, GRID = "#ffffff", "#d0d7de", "#e4e8ec"
TEXT, MUTED = "#1f2328", "#59636e"
WEIR, OTHERS, SPREAD = "#1f6feb", "#9aa4af", "#1f2328"
HIGHLIGHTED = "pooled"
FONT = "font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif\""


class Question(NamedTuple):
    """What all bars of one chart were asked."""

    operation: str
    synchronous: str
    threads: int


class Bar(NamedTuple):
    lane: str
    lowest: float
    median: float
    highest: float


class Axis(NamedTuple):
    title: str
    place: Callable[[float], float]  # of a value, from 0 to 1
    ticks: list  # values that have a line and a label
    label: Callable[[float], str]


def format_count(value):
    return f"{value:,.0f}"


def format_duration(microseconds):
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size * 0.9995:
            return f"{microseconds / size:.3g} {unit}"
    return f"{microseconds:.3g} µs"


def nice_step(span):
    """The smallest round number that divides `span` into at most six steps."""
    magnitude = 10.0 ** math.floor(math.log10(span / 6))
    return next(m * magnitude for m in (1, 2, 5, 10, 20) if m * magnitude * 6 >= span)


def linear_axis(bars):
    highest = max(bar.highest for bar in bars) or 1.0
    step = nice_step(highest)
    end = math.ceil(highest / step) * step
    ticks = [step * i for i in range(round(end / step) + 1)]
    return Axis("operations per second (more is better)", lambda value: value / end, ticks, format_count)


def log_axis(bars):
    values = [value for bar in bars for value in (bar.lowest, bar.highest) if value > 0] or [1.0]
    first = math.floor(math.log10(min(values) * 0.8))  # so that the shortest bar can be seen
    last = max(math.ceil(math.log10(max(values))), first + 1)
    lowest = 10.0**first

    def place(value):
        return math.log10(max(value, lowest) / lowest) / (last - first)

    ticks = [10.0**exponent for exponent in range(first, last + 1)]
    return Axis("99th percentile of the latency, logarithmic (less is better)", place, ticks, format_duration)


def text(x, y, words, anchor="start", size=13, color=TEXT, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{color}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def line(x1, y1, x2, y2, color, width=1.0):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" '
            f'stroke-width="{width}"/>')


def rectangle(x, y, width, height, fill, more=""):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" {more}/>'


class Chart:
    """Bars one below the other, their names on the left, their medians on the right and one axis at the bottom."""

    def __init__(self, bars, axis):
        self.bars = bars
        self.axis = axis
        self.left = MARGIN + max(len(bar.lane) for bar in bars) * CHAR + 10
        self.right = WIDTH - MARGIN - NUMBERS
        self.foot = TOP + len(bars) * PITCH
        self.height = self.foot + BOTTOM

    def x(self, value):
        return self.left + self.axis.place(value) * (self.right - self.left)

    def draw_axis(self):
        for tick in self.axis.ticks:
            yield line(self.x(tick), TOP - 4, self.x(tick), self.foot, GRID)
            yield text(self.x(tick), self.foot + 18, self.axis.label(tick), "middle", 12, MUTED)
        yield text((self.left + self.right) / 2, self.foot + 42, self.axis.title, "middle", 12, MUTED)
        yield text(WIDTH - MARGIN, TOP - 4, "median", "end", 12, MUTED)

    def draw_bar(self, index, bar):
        top = TOP + index * PITCH + (PITCH - BAR) / 2
        middle = top + BAR / 2
        is_weir = bar.lane == HIGHLIGHTED
        weight = "bold" if is_weir else "normal"
        yield text(self.left - 10, middle + 4.5, bar.lane, "end", weight=weight)
        length = max(self.x(bar.median) - self.left, 1.5)
        yield rectangle(self.left, top, length, BAR, WEIR if is_weir else OTHERS)
        low, high = self.x(bar.lowest), self.x(bar.highest)
        yield line(low, middle, high, middle, SPREAD, 1.2)
        for end in (low, high):
            yield line(end, middle - 4, end, middle + 4, SPREAD, 1.2)
        yield text(WIDTH - MARGIN, middle + 4.5, self.axis.label(bar.median), "end", weight=weight)

    def draw(self, title, subtitle):
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" '
            f'height="{self.height}" role="img" {FONT}>',
            f"<title>{escape(title)}</title>",
            rectangle(0.5, 0.5, WIDTH - 1, self.height - 1, BACKGROUND, f'rx="8" stroke="{BORDER}"'),
            text(MARGIN, 32, title, size=17, weight="bold"),
            text(MARGIN, 53, subtitle, size=12.5, color=MUTED),
            *self.draw_axis(),
            line(self.left, TOP - 4, self.left, self.foot, MUTED),
        ]
        for index, bar in enumerate(self.bars):
            parts += self.draw_bar(index, bar)
        return "\n".join([*parts, "</svg>", ""])


def question_of(row):
    return Question(row["operation"], row["synchronous"], row["threads"])


def to_bars(rows, field):
    """A bar for each lane, in the order in which they were measured."""
    bars = []
    for lane in dict.fromkeys(row["lane"] for row in rows):
        values = [row[field] for row in rows if row["lane"] == lane]
        bars.append(Bar(lane, min(values), statistics.median(values), max(values)))
    return bars


def describe(question, rows):
    rounds = max(row["round"] for row in rows)
    threads = "1 thread" if question.threads == 1 else f"{question.threads} threads"
    medians = "1 round" if rounds == 1 else f"bar: median of {rounds} rounds, thin line: lowest to highest"
    return f"{threads}, synchronous={question.synchronous}; {medians}"


def file_stem(question, questions):
    stem = question.operation
    if question.synchronous != "normal":
        stem += f"-{question.synchronous}"
    if len({other.threads for other in questions if other.operation == question.operation}) > 1:
        stem += f"-{question.threads}"
    return stem


def plot(rows, folder):
    """Writes all charts of `rows` into `folder` and gives their paths."""
    questions = list(dict.fromkeys(question_of(row) for row in rows))
    written = []
    for question in questions:
        own = [row for row in rows if question_of(row) == question]
        for suffix, field, make_axis in (("ops", "ops_per_s", linear_axis), ("p99", "p99_us", log_axis)):
            bars = to_bars(own, field)
            what = "operations per second" if suffix == "ops" else "99th percentile"
            svg = Chart(bars, make_axis(bars)).draw(f"{question.operation}: {what}", describe(question, own))
            written.append(folder / f"{file_stem(question, questions)}-{suffix}.svg")
            written[-1].write_text(svg, encoding="utf-8")
    return written


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: plot.py RESULT.json OUTDIR")
    rows = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for path in plot(rows, folder):
        print(path)


if __name__ == "__main__":
    main()
