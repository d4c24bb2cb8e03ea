"""The dashboard for Grafana is whole: every panel says what it shows, in a unit, and stands in a place of its own."""

import itertools
import re
import unittest

import shipped


def cells(panel):
    place = panel["gridPos"]
    return {(x, y) for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])}


class DashboardTest(unittest.TestCase):
    def setUp(self):
        self.dashboard = shipped.dashboard()
        self.panels = shipped.panels()

    def test_every_panel_has_a_title_a_description_a_unit_and_legends(self):
        for panel in self.panels:
            with self.subTest(panel=panel["title"]):
                defaults = panel["fieldConfig"]["defaults"]
                self.assertTrue(panel["description"])
                self.assertTrue(defaults["unit"])
                self.assertTrue(defaults["thresholds"]["steps"])
                self.assertTrue(all(target["legendFormat"] for target in panel["targets"]))

    def test_every_query_is_about_the_chosen_instances_of_the_chosen_prometheus(self):
        for panel in self.panels:
            with self.subTest(panel=panel["title"]):
                self.assertEqual(panel["datasource"], {"type": "prometheus", "uid": "${datasource}"})
                for target in panel["targets"]:
                    self.assertEqual(target["datasource"], panel["datasource"])
                    selectors = re.findall(r"\{[^}]*\}", target["expr"])
                    self.assertTrue(selectors)
                    for selector in selectors:
                        self.assertIn('job=~"$job",instance=~"$instance"', selector)

    def test_the_variables_are_those_that_queries_use(self):
        names = [variable["name"] for variable in self.dashboard["templating"]["list"]]
        self.assertEqual(names, ["datasource", "job", "instance"])

    def test_panels_have_numbers_of_their_own_and_do_not_overlap(self):
        every = self.dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in every}), len(every))
        for one, other in itertools.combinations(every, 2):
            self.assertFalse(cells(one) & cells(other), (one["title"], other["title"]))
        self.assertLessEqual(max(x for panel in every for x, _ in cells(panel)), 23)

    def test_every_family_is_shown(self):
        shown = " ".join(target["expr"] for panel in self.panels for target in panel["targets"])
        for family in shipped.families():
            self.assertRegex(shown, rf"\b{family}(_bucket|_count)?\b")


if __name__ == "__main__":
    unittest.main()
