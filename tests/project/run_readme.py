"""README's commands do what README says: run_readme.py PROJECT_ROOT WEIR

Runs, in order, every sh block of README.md that follows a comment like

    <!-- expect: HTTP 201 | "seq":1 -->

and wants each phrase in what the block prints. curl adds a line "HTTP 201" of its own. A block that speaks to
http://127.0.0.1:8080 is run against `weir serve` on a free port, every other one while nothing serves. All of them
share a scratch folder that looks like the project's root: config.yaml, tests/, build/release/weir, and its own data/.
"""

import pathlib
import re
import signal
import subprocess
import sys
import tempfile
from typing import NamedTuple

SERVICE = "http://127.0.0.1:8080"
BLOCK = re.compile(r"^<!-- expect: (.*?) -->\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATIENCE = 60  # seconds until something that hangs is taken for a failure


class Block(NamedTuple):
    line: int
    phrases: list
    script: str

    @property
    def needs_service(self):
        return SERVICE in self.script


class Service:
    """A running `weir serve` on a port of its own; ended with the `with` block."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["build/release/weir", "serve", "--listen", "127.0.0.1:0"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip().removeprefix("listening on ")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


def find_blocks(markdown):
    for match in BLOCK.finditer(markdown):
        line = markdown.count("\n", 0, match.start(2)) + 1
        yield Block(line, match.group(1).split(" | "), match.group(2))


def furnish(folder, root, weir):
    (folder / "build/release").mkdir(parents=True)
    (folder / "build/release/weir").symlink_to(weir)
    (folder / "tests").symlink_to(root / "tests")
    (folder / "config.yaml").symlink_to(root / "config.yaml")
    (folder / ".curlrc").write_text('write-out = "\\nHTTP %{http_code}\\n"\nsilent\n', encoding="utf-8")


def run_script(folder, script):
    """What the script printed, both streams, and at the end `exit STATUS` unless that is 0."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False,
        env={"PATH": "/usr/bin:/bin", "CURL_HOME": str(folder), "HOME": str(folder), "LC_ALL": "C.UTF-8"})
    return done.stdout + (f"\nexit {done.returncode}\n" if done.returncode else "")


def run_block(folder, block):
    if not block.needs_service:
        return run_script(folder, block.script)
    with Service(folder) as service:
        said = run_script(folder, block.script.replace(SERVICE, service.address))
    return said + (f"\nexit {service.process.returncode} of weir serve\n" if service.process.returncode else "")


def check(folder, block):
    said = run_block(folder, block)
    missing = [phrase for phrase in block.phrases if phrase not in said]
    if missing or "\nexit " in said:
        print(f"README.md:{block.line}: expected {missing or 'exit 0'}, but the block printed\n{said}")
        return False
    return True


def main(root, weir):
    blocks = list(find_blocks((root / "README.md").read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        furnish(folder, root, weir)
        passed = [check(folder, block) for block in blocks]
    print(f"{sum(passed)} of {len(blocks)} blocks do what README.md says")
    return 0 if blocks and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
