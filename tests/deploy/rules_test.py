"""The rules for Prometheus do what they say: promtool's unit tests, and that there is one for every rule."""

import re
import shutil
import subprocess
import unittest

import shipped


@unittest.skipUnless(shutil.which("promtool"), "promtool is not installed")
class PromtoolTest(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_configuration_and_the_rules_it_names_are_valid(self):
        self.promtool("check", "config", str(shipped.PROMETHEUS / "prometheus.yml"))

    def test_the_unit_tests_pass(self):
        self.promtool("test", "rules", str(shipped.RULES_TEST))


class EveryRuleTest(unittest.TestCase):
    def setUp(self):
        self.tests = shipped.RULES_TEST.read_text(encoding="utf-8")

    def test_every_alert_is_tested_when_it_fires_and_when_it_does_not(self):
        checks = re.findall(r"alertname: (\w+)\n( *exp_alerts:)?", self.tests)
        self.assertEqual({name for name, _ in checks}, set(shipped.alerts()))
        for name in shipped.alerts():
            fires = {bool(expected) for tested, expected in checks if tested == name}
            self.assertEqual(fires, {True, False}, name)

    def test_every_recording_rule_is_tested(self):
        self.assertEqual(set(re.findall(r"- expr: (\S+)$", self.tests, re.MULTILINE)), set(shipped.records()))

    def test_every_alert_leads_to_its_section_of_the_runbook(self):
        text = shipped.RULES.read_text(encoding="utf-8")
        links = re.findall(r"runbook_url: docs/operations\.md#(\S+)", text)
        self.assertEqual(links, [name.lower() for name in shipped.alerts()])
        self.assertLessEqual(set(links), shipped.runbook_anchors())


if __name__ == "__main__":
    unittest.main()
