"""What deploy/ holds, read without a library for YAML: the rules are written one key a line."""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = PROMETHEUS / "rules" / "weir.yml"
RULES_TEST = ROOT / "tests" / "deploy" / "weir_rules_test.yml"
RUNBOOK = ROOT / "docs" / "operations.md"
ALERT = re.compile(r"^ *- alert: (\S+)$", re.MULTILINE)
RECORD = re.compile(r"^ *- record: (\S+)$", re.MULTILINE)
FAMILY = re.compile(r"^\| `(weir_\w+)` \| (\w+) \|", re.MULTILINE)


def alerts():
    return ALERT.findall(RULES.read_text(encoding="utf-8"))


def records():
    return RECORD.findall(RULES.read_text(encoding="utf-8"))


def impatient_rules():
    """The rules with no `for`: what is true fires at once. The expressions are as they are."""
    return re.sub(r"^( *for: )\S+$", r"\g<1>0s", RULES.read_text(encoding="utf-8"), flags=re.MULTILINE)


def families():
    """The families of docs/metrics.md, each with its type."""
    return dict(FAMILY.findall((ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")))


def documented_queries():
    """The queries that documents show, each with the name of its document; what is indented goes on with a query."""
    for document in sorted((ROOT / "docs").glob("*.md")):
        for block in re.findall(r"^```promql\n(.*?)^```$", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            yield from ((document.name, query) for query in re.split(r"\n(?! )", block.rstrip()))


def dashboard():
    return json.loads((ROOT / "deploy" / "grafana" / "weir.json").read_text(encoding="utf-8"))


def panels():
    """The panels that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def runbook_anchors():
    """What a link can lead to in the runbook, as it is rendered."""
    titles = re.findall(r"^#+ (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}
