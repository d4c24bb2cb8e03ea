"""Debian's prometheus on weirs that serve: metrics, rules, alerts and the dashboard's queries, as operators get them.

prometheus_test.py PATH-TO-WEIR. The rules are the shipped ones without their `for`; what alerts is made to happen, each on
a weir of its own, beside one where all is well.
"""

import contextlib
import math
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "commands"))

import shipped  # noqa: E402
from prometheus_server import Prometheus  # noqa: E402
from served import Served, weir_path  # noqa: E402

weir_path()
PATIENCE = 30  # seconds until what has not happened is taken for a failure
SEVERITIES = {"critical", "warning", "info"}
REPOSITORY = "chat.service.repository"
SETTINGS = {
    # Health checks and checkpoints come often enough to be seen.
    "well": [f"{REPOSITORY}.connection_pool.health_check_interval=0.2", f"{REPOSITORY}.sqlite.checkpoint_pages=8"],
    "moved": [f"{REPOSITORY}.connection_pool.health_check_interval=0.2"],
    "locked": [f"{REPOSITORY}.connection_pool.connection_timeout=1", f"{REPOSITORY}.sqlite.busy_timeout=0.01"],
    "switched": [],
    "gone": [],
}


def is_shown(result):
    """Whether an answer has something that a panel can draw."""
    return any(math.isfinite(value) for _, value in result)


@unittest.skipUnless(shutil.which("prometheus"), "prometheus is not installed")
class PrometheusTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as stack:
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="weir-test-")))
            cls.folders = {name: folder / name for name in SETTINGS}
            cls.weirs = {name: stack.enter_context(cls.serve(name, stack)) for name in SETTINGS}
            cls.addresses = {name: weir.url.removeprefix("http://") for name, weir in cls.weirs.items()}
            (folder / "prometheus").mkdir()
            cls.prometheus = stack.enter_context(
                Prometheus(folder / "prometheus", list(cls.addresses.values())))
            # Whatever changes from now on changes in Prometheus' eyes: it has seen every instance as it began.
            cls.until(lambda: len(cls.prometheus.query("weir_repository_info == 1")) == len(SETTINGS), "every target")
            cls.addClassCleanup(stack.pop_all().close)

    @classmethod
    def serve(cls, name, stack):
        folder = cls.folders[name]
        folder.mkdir()
        log = stack.enter_context(open(folder / "log", "w", encoding="utf-8"))
        words = [word for setting in SETTINGS[name] for word in ("--set", setting)]
        return Served("--db", "history.db", *words, cwd=folder, log=log)

    @staticmethod
    def use(weir):
        """A little of everything, some of it wrong."""
        weir.say("Which tea keeps me awake?")
        weir.call("POST", "/v1/conversations/c/events", [{"type": "user_message", "content": "a"}] * 3)
        weir.call("POST", "/api/chat", {"message": "Good morning", "conversation_id": "breakfast"})
        for target in ("/v1/conversations/c/events?limit=5", "/v1/conversations", "/v1/search?q=tea", "/nowhere"):
            weir.call("GET", target)

    @classmethod
    def until(cls, is_so, what):
        """Keeps the weir that is well busy until `is_so()` gives something, and returns that."""
        deadline = time.monotonic() + PATIENCE
        while not (found := is_so()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not after {PATIENCE} s")
            cls.use(cls.weirs["well"])
        return found

    def assert_fires(self, *names, on):
        """These alerts fire for that weir, and none for the one that is well."""
        self.until(lambda: set(names) <= self.prometheus.firing(self.addresses[on]), f"{names} on {on}")
        late_scrape = {"WeirDown"}  # of one second, on a machine that has others to serve
        self.assertEqual(self.prometheus.firing(self.addresses["well"]) - late_scrape, set())

    # What is scraped.

    def test_every_documented_family_arrives_with_its_type_and_no_other(self):
        matcher = {"match[]": f'{{instance="{self.addresses["well"]}"}}'}
        arrived = {name for name in self.prometheus.ask("label/__name__/values", **matcher)
                   if name.startswith("weir_")}
        wanted = set()
        for family, kind in shipped.families().items():
            wanted |= {family + suffix for suffix in (("_bucket", "_count", "_sum") if kind == "histogram" else ("",))}
        self.assertGreater(len(wanted), 30)
        self.assertEqual(arrived, wanted)
        types = {family: told[0]["type"] for family, told in self.prometheus.ask("metadata").items()
                 if family.startswith("weir_")}
        self.assertEqual(types, shipped.families())

    # The rules.

    def test_every_rule_is_loaded_and_evaluated_without_an_error(self):
        before = {rule["name"]: rule["lastEvaluation"] for rule in self.prometheus.rules()}
        rules = self.until(lambda: self.evaluated_since(before), "every rule evaluated")
        self.assertCountEqual([rule["name"] for rule in rules], shipped.records() + shipped.alerts())
        for rule in rules:
            with self.subTest(rule=rule["name"]):
                self.assertEqual((rule["health"], rule.get("lastError", "")), ("ok", ""))
                if rule["type"] == "alerting":
                    self.assertIn(rule["labels"]["severity"], SEVERITIES)
                    self.assertTrue(rule["annotations"]["summary"] and rule["annotations"]["description"])

    def evaluated_since(self, before):
        """The rules, once each was evaluated again: on series that are there, for none of them is wrong without."""
        rules = self.prometheus.rules()
        return rules if all(rule["lastEvaluation"] != before[rule["name"]] for rule in rules) else None

    def test_every_recorded_series_has_values_of_a_weir_that_is_used(self):
        for name in shipped.records():
            with self.subTest(record=name):
                selected = f'{name}{{instance="{self.addresses["well"]}"}}'
                self.until(lambda: is_shown(self.prometheus.query(selected)), name)

    # Alerts, by what causes them.

    def test_a_switch_of_the_repository_is_told(self):
        self.reload("switched", "chat: {service: {repository: {connection_pool: {enable_pooling: false}}}}", 200)
        self.assert_fires("WeirRepositoryFlipped", on="switched")

    def test_a_configuration_that_is_refused_is_told_until_one_is_accepted(self):
        self.refuse_a_configuration()
        self.assert_fires("WeirReloadFailed", on="switched")
        self.reload("switched", "{}", 200)
        self.until(lambda: "WeirReloadFailed" not in self.prometheus.firing(self.addresses["switched"]), "its end")

    def refuse_a_configuration(self):
        self.reload("switched", "chat: {service: {repository: {connection_pool: {max_readers: none}}}}", 422)

    def reload(self, name, configuration, status):
        (self.folders[name] / "config.yaml").write_text(configuration + "\n", encoding="utf-8")
        self.assertEqual(self.weirs[name].call("POST", "/v1/admin/reload")[0], status)

    def test_another_program_that_holds_the_lock_is_told(self):
        self.assertEqual(self.weirs["locked"].say("before")[0], 201)
        stranger = sqlite3.connect(self.folders["locked"] / "history.db", isolation_level=None)
        self.addCleanup(stranger.close)
        stranger.execute("BEGIN IMMEDIATE")
        expected = {"WeirOperationsTimedOut", "WeirRetriesRising", "WeirRequestsFailing"}

        def is_told():
            self.assertEqual(self.weirs["locked"].say("x")[0], 503)
            return expected <= self.prometheus.firing(self.addresses["locked"])

        self.until(is_told, "the lock")
        self.assert_fires(*expected, on="locked")

    def test_a_database_that_was_taken_away_is_told_by_the_health_checks(self):
        database = self.folders["moved"] / "history.db"
        self.assertEqual(self.weirs["moved"].say("before")[0], 201)
        database.rename(database.with_suffix(".away"))
        self.assert_fires("WeirHealthChecksFailing", on="moved")

    def test_a_weir_that_has_ended_is_told(self):
        self.weirs["gone"].process.kill()
        self.assert_fires("WeirDown", on="gone")

    # Documents and the dashboard.

    def test_every_query_that_a_document_shows_can_be_asked(self):
        queries = list(shipped.documented_queries())
        self.assertGreater(len(queries), 20)
        for document, query in queries:
            with self.subTest(document=document, query=query):
                self.prometheus.query(query)

    def test_every_query_of_the_dashboard_has_an_answer(self):
        self.refuse_a_configuration()  # for the list of alerts
        for panel in shipped.panels():
            for target in panel["targets"]:
                with self.subTest(panel=panel["title"], target=target["refId"]):
                    expression = self.substituted(target["expr"])
                    self.until(lambda: is_shown(self.prometheus.query(expression)), expression)

    def test_what_the_dashboard_notes_on_its_graphs_can_be_asked(self):
        for note in shipped.dashboard()["annotations"]["list"]:
            self.prometheus.query(self.substituted(note["expr"]))

    def test_the_dashboards_variables_offer_every_instance(self):
        jobs, instances = (variable["query"]["query"] for variable in shipped.dashboard()["templating"]["list"][1:])
        self.assertEqual(self.label_values(jobs), {"weir"})
        self.assertEqual(self.label_values(self.substituted(instances)), set(self.addresses.values()))

    def label_values(self, query):
        metric, label = query.removeprefix("label_values(").removesuffix(")").rsplit(", ", 1)
        return set(self.prometheus.ask(f"label/{label}/values", **{"match[]": metric}))

    def substituted(self, expression):
        """As Grafana sends it, with every instance chosen; the alerts of any, the rest of the one that is in use."""
        instance = ".*" if expression.startswith("ALERTS") else self.addresses["well"]
        values = {"$__rate_interval": "5m", "$job": "weir", "$instance": instance}
        for name, value in values.items():
            expression = expression.replace(name, value)
        self.assertNotIn("$", expression)
        return expression


if __name__ == "__main__":
    unittest.main()
