"""The style rules a machine can see: check_style.py PROJECT_ROOT

Prints file:line and the rule for each line that breaks one, and fails if there is any. Lines that begin with
"warning:" tell what should be looked at and do not fail. CONTRIBUTING.md says why the rules are there.
"""

import pathlib
import re
import sys
from typing import NamedTuple

# Left to right: a file includes its own folder and those before it.
LAYERS = ["history", "repositories", "repositories/sqlite", "service", "config", "benchmark", "commands", ""]
MAX_LINES = 350
MAX_COLUMNS = 110
MAX_COMMENT_COLUMNS = 118
MAX_BEAST_FILES = 2


class Finding(NamedTuple):
    path: str
    line: int
    rule: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}"


class Door(NamedTuple):
    """A third party, and the only files that may include it."""

    header: re.Pattern
    files: re.Pattern
    where: str


DOORS = [
    Door(re.compile(r"SQLiteCpp/|sqlite3\.h"), re.compile(r"src/repositories/sqlite/|src/benchmark/"),
         "src/repositories/sqlite and src/benchmark"),
    Door(re.compile(r"yaml-cpp/"), re.compile(r"src/config/yaml_"), "src/config/yaml_*"),
    Door(re.compile(r"prometheus/"), re.compile(r"src/service/prometheus_"), "src/service/prometheus_*"),
    Door(re.compile(r"boost/"), re.compile(r"src/service/"), "src/service"),
    Door(re.compile(r"CLI/"), re.compile(r"src/commands/|src/main\.cpp$"), "src/commands and src/main.cpp"),
    Door(re.compile(r"spdlog/"), re.compile(r"src/(?!history/).*\.cpp$"), ".cpp files outside src/history"),
]

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')
TIMED_MUTEX = re.compile(r"\b(recursive_|shared_)?timed_mutex\b")
SLEEP = re.compile(r"this_thread::sleep|\b(usleep|nanosleep)\b|(?<![\w.>])sleep\s*\(|\btime\.sleep\b")
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
CLASS = re.compile(r"class (?:\[\[nodiscard\]\] )?(\w+)(?: final)?(?: :.*)?\s*\{?$")

THREAD_SAFETY = re.compile(r"Thread-safety[:,]")

CPP = {".cpp", ".h"}
TEXT = CPP | {".md", ".txt", ".cmake", ".in", ".py", ".sh", ".yaml", ".yml", ".json", ""}
FOLDERS = ["src", "tests", "bench", "examples", "cmake", "deploy", "docs", "scripts", ".ci"]
DATA = ("tests/data/", "tests/fuzz/base/", "tests/fuzz/corpus/")  # kept as given
SELF = "tests/project/check_style"  # names what it forbids


def project_files(root):
    found = [path for path in root.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += [path for path in (root / folder).rglob("*") if path.is_file()]
    names = sorted(path.relative_to(root).as_posix() for path in found if path.suffix in TEXT)
    return [name for name in names if not name.startswith(DATA) and "__pycache__" not in name]


def layer_of(folder):
    return LAYERS.index(folder) if folder in LAYERS else None


def check_own_include(source, header):
    """What is wrong with `header`, as `weir/FOLDER/FILE.h`, in the file `source` below src."""
    if not header.startswith("weir/"):
        return "weir's own headers are included as weir/FOLDER/FILE.h"
    own, other = (str(pathlib.PurePosixPath(path).parent).removeprefix(".") for path in (source, header[5:]))
    if layer_of(own) is None or layer_of(other) is None:
        return f"{own} and {other} must both be folders of the include order"
    if own == "service" and other == "repositories/sqlite":
        return "service never includes repositories/sqlite"
    if layer_of(other) > layer_of(own):
        return f"{own} stands left of {other} and must not include it"
    return None


def check_include(name, match):
    quote, header = match.groups()
    if not name.startswith("src/"):
        return None
    if quote == '"':
        return check_own_include(name.removeprefix("src/"), header)
    for door in DOORS:
        if door.header.match(header) and not door.files.match(name):
            return f"<{header}> is included only in {door.where}"
    return None


def columns_allowed(line):
    return MAX_COMMENT_COLUMNS if "//" in line else MAX_COLUMNS


def check_cpp_line(name, line):
    if match := INCLUDE.match(line):
        yield check_include(name, match)
    if TIMED_MUTEX.search(line):
        yield "timed mutexes are banned: wait on a condition variable with the injected clock"
    if name.startswith("tests/") and SLEEP.search(line):
        yield "tests never sleep: force the order with latches and the manual clock"
    if len(line) > columns_allowed(line):
        yield f"{len(line)} columns; {columns_allowed(line)} are allowed"


def check_line(name, line):
    if "\t" in line:
        yield "a tab"
    if line != line.rstrip():
        yield "white space at the end of the line"
    if UNFINISHED.search(line) and not name.startswith(SELF):
        yield "unfinished work belongs into an issue"
    if pathlib.PurePosixPath(name).suffix in CPP:
        yield from check_cpp_line(name, line)


def check_length(name, lines):
    if name.startswith("src/") and len(lines) > MAX_LINES:
        yield Finding(name, len(lines), f"{len(lines)} lines; {MAX_LINES} are allowed")


def check_file(name, text):
    lines = text.split("\n")
    if text.endswith("\n"):
        lines.pop()
    for number, line in enumerate(lines, 1):
        yield from (Finding(name, number, rule) for rule in check_line(name, line) if rule)
    yield from check_length(name, lines)


def check_beast(texts):
    users = [name for name, text in texts.items() if name.startswith("src/") and "<boost/beast" in text]
    for name in users[MAX_BEAST_FILES:]:
        yield Finding(name, 1, f"Beast is included in {len(users)} files; {MAX_BEAST_FILES} are allowed")


def comment_above(lines, index):
    above = []
    while index > 0 and lines[index - 1].startswith(("//", "template")):
        index -= 1
        above.append(lines[index])
    return "\n".join(above)


def find_silent_classes(name, text):
    """Public classes whose comment does not say which threads may use them."""
    if not (name.startswith("src/") and name.endswith(".h")):
        return
    lines = text.split("\n")
    for index, line in enumerate(lines):
        match = CLASS.match(line)
        if match and not THREAD_SAFETY.search(comment_above(lines, index)):
            yield Finding(name, index + 1, f"class {match.group(1)} has no Thread-safety line")


def main(root):
    texts = {name: (root / name).read_text(encoding="utf-8") for name in project_files(root)}
    failures = [finding for name, text in texts.items() for finding in check_file(name, text)]
    failures += check_beast(texts)
    for name, text in texts.items():
        for warning in find_silent_classes(name, text):
            print(f"warning: {warning}")
    for failure in failures:
        print(failure)
    print(f"{len(texts)} files, {len(failures)} lines against the rules")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
