"""The status page as a browser shows it: status_page_test.py PATH-TO-WEIR

Nothing here waits for a time, only for what is to come about.
"""

import pathlib
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "commands"))

from devtools import Chromium  # noqa: E402
from load import Load  # noqa: E402
from served import Served, weir_path  # noqa: E402

weir_path()
TOKEN = "0123456789abcdef-of-this-test"
SIZES = {"desktop": (1440, 900), "phone": (360, 740)}
SCHEMES = ("light", "dark")
POOLING = "chat: {service: {repository: {connection_pool: {enable_pooling: %s}}}}\n"
IS_SHOWN = "document.getElementById('word').textContent === '%s'"

# Every text that can be seen whose contrast with what is behind it is below AA.
FAINT = """(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const channel = (c) => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    const colour = parse(getComputedStyle(element).backgroundColor);
    if (colour.length === 3) return colour;
    if (colour[3] !== 0) throw new Error('a background that lets through is not judged');
    return behind(element.parentElement);
  };
  const faint = [];
  let judged = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('script, .hidden')) continue;
    const style = getComputedStyle(element);
    const ink = luminance(parse(element instanceof SVGElement ? style.fill : style.color));
    const ground = luminance(behind(element));
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    judged += 1;
    if (contrast < 4.5) faint.push(`${element.tagName} "${walker.currentNode.data}" ${contrast.toFixed(2)}`);
  }
  return {faint, judged};
})()"""

# What can be reached with the keyboard, as the reader of a document would list it.
CONTROLS = """[...document.querySelectorAll('button, input, summary, a[href], select, textarea')]
  .filter((one) => one.checkVisibility())"""
FOCUSED = """(() => {
  const one = document.activeElement;
  const {outlineStyle, outlineWidth} = getComputedStyle(one);
  return {at: %s.indexOf(one), outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth)};
})()""" % CONTROLS

# Labels of the charts that stand on each other, with as much to show as there can be.
TOUCHING = """(() => {
  looks[0].at = latest().at - 299000;
  for (const chart of charts) chart.draw(latest());
  return [...document.querySelectorAll('.plot')].flatMap((plot) => {
    const labels = [...plot.querySelectorAll('text')].map((one) => [one.textContent, one.getBoundingClientRect()]);
    return labels.flatMap(([name, a], at) => labels.slice(at + 1)
      .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map(([other]) => `${name} and ${other}`));
  });
})()"""

PAINTED = "[...document.querySelectorAll('.plot')].every((plot) => plot.querySelector('path'))"


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Chromium())

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.log = self.enterContext(open(self.folder / "log", "w", encoding="utf-8"))
        self.configure("true")

    def configure(self, pooling):
        (self.folder / "config.yaml").write_text(POOLING % pooling)

    def serve(self, token=None):
        environment = {"WEIR_TOKEN": token} if token else None
        return self.enterContext(Served(cwd=self.folder, environment=environment, log=self.log))

    def open_page(self, served, size="desktop", scheme="light"):
        tab = self.browser.open_tab()
        self.addCleanup(tab.close)
        tab.listen()
        tab.resize(*SIZES[size])
        tab.prefer(prefers_color_scheme=scheme)
        tab.open(served.url + "/")
        return tab

    def open_busy_page(self):
        """A page that has shown figures of all kinds."""
        served = self.serve()
        self.enterContext(Load(served.url))
        tab = self.open_page(served)
        tab.wait(IS_SHOWN % "Healthy")
        tab.wait(PAINTED)
        return served, tab

    def test_figures_appear_and_change_and_nothing_is_asked_elsewhere(self):
        served, tab = self.open_busy_page()
        tab.wait("/^[1-9][\\d,.]*\\/s$/.test(document.querySelectorAll('.tiles .value')[1].textContent)")
        calls = tab.run("document.querySelector('#calls td:last-child').textContent")
        tab.wait(f"document.querySelector('#calls td:last-child').textContent !== '{calls}'")
        names = tab.run("[...document.querySelectorAll('#calls tr')].map((row) => row.cells[0].textContent)")
        for operation in ("add_event", "list_conversations"):
            self.assertIn(operation, names)
        self.assertEqual(tab.run("document.querySelectorAll('figure').length"), 6)
        asked = {urllib.parse.urlsplit(url)[:3] for url in tab.requests()}
        here = urllib.parse.urlsplit(served.url).netloc
        self.assertEqual(asked, {("http", here, path) for path in ("/", "/health", "/metrics")})
        self.assertEqual(tab.complaints(), [])

    def test_a_flip_is_shown_and_marked_in_every_chart(self):
        served, tab = self.open_busy_page()
        tab.wait("document.querySelector('.tiles .value').textContent === 'PooledSqlRepo'")
        self.configure("false")
        self.assertEqual(served.call("POST", "/v1/admin/reload")[0], 200)
        tab.wait("document.querySelector('.tiles .value').textContent === 'AsyncSqlRepo'")
        tab.wait("[...document.querySelectorAll('.plot')].every((plot) => plot.querySelectorAll('.flip').length === 1)")
        events = tab.run("document.getElementById('events').innerText")
        self.assertIn("Repository flipped to AsyncSqlRepo", events)
        self.assertIn("Configuration reloaded", events)
        self.assertNotIn("restarted", events)
        self.configure("true")
        self.assertEqual(served.call("POST", "/v1/admin/reload")[0], 200)
        tab.wait("document.querySelector('.tiles').textContent.includes('2 flips, last')")
        self.assertEqual(tab.complaints(), [])

    def test_it_fits_and_can_be_read_at_any_width_and_in_either_scheme(self):
        _, tab = self.open_busy_page()
        tab.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for size in SIZES:
            for scheme in SCHEMES:
                with self.subTest(size=size, scheme=scheme):
                    tab.resize(*SIZES[size])
                    tab.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
                    self.assertEqual(tab.run("innerWidth"), SIZES[size][0])
                    self.assertLessEqual(tab.run("document.documentElement.scrollWidth"), SIZES[size][0])
                    self.assertEqual(tab.run("matchMedia('(prefers-color-scheme: dark)').matches"), scheme == "dark")
                    self.assertEqual(tab.run(TOUCHING), [])
                    told = tab.run(FAINT)
                    self.assertEqual(told["faint"], [])
                    self.assertGreater(told["judged"], 100)
                    moving = "getComputedStyle(document.getElementById('state')).transitionDuration"
                    self.assertEqual(tab.run(moving), "0s")

    def test_every_state_can_be_read(self):
        _, tab = self.open_busy_page()
        tab.run("clearTimeout(timer)")
        for scheme in SCHEMES:
            tab.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            for level in ("ok", "warn", "bad", "none"):
                with self.subTest(scheme=scheme, level=level):
                    tab.run(f"document.getElementById('state').dataset.level = '{level}'")
                    self.assertEqual(tab.run(FAINT)["faint"], [])

    def test_the_keyboard_reaches_every_control_and_shows_where_it_is(self):
        _, tab = self.open_busy_page()
        expected = tab.run(f"{CONTROLS}.length")
        self.assertEqual(expected, 1 + 6)  # Pause, and a table for each chart
        for at in range(expected):
            tab.press("Tab")
            focused = tab.run(FOCUSED)
            self.assertEqual(focused["at"], at)
            self.assertGreaterEqual(focused["outline"], 2)
        tab.press("Enter")  # on the last table
        tab.wait("document.querySelector('figure:last-child tbody tr')")
        self.assertTrue(tab.run("document.querySelector('figure:last-child details').open"))
        for _ in range(expected - 1):
            tab.press("Tab", shift=True)
        tab.press(" ")
        tab.wait(IS_SHOWN % "Paused")
        self.assertEqual(tab.run("document.activeElement.textContent"), "Resume")
        tab.press(" ")
        tab.wait(IS_SHOWN % "Healthy")

    def test_it_has_landmarks_headings_and_one_region_that_speaks(self):
        _, tab = self.open_busy_page()
        nodes = [node for node in tab.call("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
        roles = [node["role"]["value"] for node in nodes]
        for landmark in ("banner", "main", "contentinfo"):
            self.assertEqual(roles.count(landmark), 1)
        self.assertEqual(roles.count("status"), 1)
        self.assertEqual(tab.run("document.querySelectorAll('[aria-live]').length"), 0)
        self.assertEqual(tab.run("[...document.querySelectorAll('h1, h2, h3')].map((one) => one.tagName).join('')"),
                         "H1H2H2" + 6 * "H3" + 5 * "H2")
        images = [node["name"]["value"] for node in nodes if node["role"]["value"] in ("image", "img")]
        self.assertEqual(len(images), 6)
        for name in images:
            self.assertRegex(name, r"over the last minutes; now \w")

    def test_only_a_change_of_the_state_is_said_aloud(self):
        _, tab = self.open_busy_page()
        tab.run("""globalThis.said = 0;
            new MutationObserver((all) => { said += all.length; })
              .observe(document.getElementById('state'), {subtree: true, childList: true, characterData: true})""")
        seen = tab.run("looks.length")
        tab.wait(f"looks.length > {seen} + 1")
        self.assertEqual(tab.run("said"), 0)

    def test_a_stopped_service_is_shown_as_not_answering(self):
        served, tab = self.open_busy_page()
        served.process.kill()
        tab.wait(IS_SHOWN % "Not answering")
        self.assertIn("The figures are of", tab.run("document.getElementById('why').textContent"))
        self.assertEqual(tab.run("document.getElementById('main').dataset.fresh"), "no")
        self.assertTrue(tab.run("document.title").startswith("Not answering"))

    def test_a_database_that_was_taken_away_is_shown_as_failed_with_the_reason(self):
        served, tab = self.open_busy_page()
        for file in (self.folder / "data").iterdir():
            file.unlink()
        tab.wait(IS_SHOWN % "Failed")
        self.assertGreater(len(tab.run("document.getElementById('why').textContent")), 10)
        self.assertIn("Health is failed", tab.run("document.getElementById('events').textContent"))

    def answer(self, tab, path, change):
        """Lets the page hear at `path` what `change`, a function, makes of the text that the service answers."""
        tab.run("""globalThis.real = fetch;
          fetch = async (path, options) => {
            const answer = await real(path, options);
            return path === '%s' ? (%s)(await answer.text()) : answer;
          }; 0""" % (path, change))

    def answer_health(self, tab, change):
        self.answer(tab, "health", "(text) => { const health = JSON.parse(text); (%s)(health); "
                                   "return new Response(JSON.stringify(health)); }" % change)

    def test_degraded_is_shown_and_what_comes_from_outside_stays_text(self):
        _, tab = self.open_busy_page()
        markup = "<img src=x onerror=alert(1)>"
        self.answer_health(tab, f"(health) => {{ health.status = 'degraded'; health.reason = '{markup}'; "
                                f"health.repository = '{markup}'; }}")
        tab.wait(IS_SHOWN % "Degraded")
        self.assertEqual(tab.run("document.getElementById('why').textContent"), markup)
        tab.wait(f"document.querySelector('.tiles .value').textContent === '{markup}'")
        self.assertEqual(tab.run("document.querySelectorAll('img').length"), 0)
        self.assertEqual(tab.complaints(), [])

    def test_draining_is_shown_as_stopping(self):
        _, tab = self.open_busy_page()
        self.answer_health(tab, "(health) => { health.status = 'failed'; health.reason = 'draining'; }")
        tab.wait(IS_SHOWN % "Stopping")

    def test_an_answer_that_no_weir_gives_is_told_and_so_is_its_end(self):
        _, tab = self.open_busy_page()
        self.answer(tab, "health", "() => new Response('', {status: 421})")
        tab.wait(IS_SHOWN % "Unexpected answer")
        self.assertIn("/health came with status 421.", tab.run("document.getElementById('why').textContent"))
        tab.run("fetch = () => Promise.resolve(new Response('<p>another service</p>')); 0")
        tab.wait("document.getElementById('why').textContent.includes('not JSON')")
        tab.run("fetch = real; 0")
        tab.wait(IS_SHOWN % "Healthy")
        events = tab.run("document.getElementById('events').textContent")
        self.assertIn("Unexpected answer", events)
        self.assertIn("Answers again", events)

    def test_counters_that_begin_again_are_a_restart_and_no_negative_rates(self):
        _, tab = self.open_busy_page()
        self.answer(tab, "metrics", "(text) => new Response(text.replace(/ \\d+$/gm, ' 0'))")
        tab.wait("document.getElementById('events').textContent.includes('The service was restarted')")
        tab.wait("document.querySelectorAll('.tiles .value')[1].textContent === '0/s'")
        self.assertEqual(tab.run("looks.flatMap(({values}) => Object.values(values)).filter((one) => one < 0)"), [])

    def test_old_figures_are_called_stale(self):
        _, tab = self.open_busy_page()
        tab.run("plan = () => {}; clearTimeout(timer)")
        tab.wait("!looking")
        tab.run("latest().at -= 9000")
        tab.wait(IS_SHOWN % "Stale")
        self.assertEqual(tab.run("document.getElementById('main').dataset.fresh"), "no")

    def test_it_looks_only_while_it_is_visible(self):
        _, tab = self.open_busy_page()
        self.assertEqual(tab.run("""(async () => {
          const planned = [];
          const real = setTimeout;
          globalThis.setTimeout = (what, delay) => { if (what === look) planned.push(delay); return real(what, delay); };
          const turn = (state) => {
            Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
            return planned.length;
          };
          const before = planned.length;
          return [turn('hidden') - before, turn('visible') - before];
        })()"""), [0, 1])

    def test_the_token_is_asked_for_and_kept_in_this_tab_alone(self):
        served = self.serve(TOKEN)
        tab = self.open_page(served, "phone")
        tab.wait(IS_SHOWN % "Token needed")
        tab.wait("document.querySelector('.tiles').textContent.includes('0 of 8')")  # /health says so much
        self.assertLessEqual(tab.run("document.documentElement.scrollWidth"), SIZES["phone"][0])
        self.assertEqual(tab.run(FAINT)["faint"], [])
        for key, word in (("not-this-one", "Token refused"), (TOKEN, "Healthy")):
            tab.run("document.getElementById('secret').focus()")
            tab.type(key)
            tab.press("Enter")
            tab.wait(IS_SHOWN % word)
        tab.wait("document.getElementById('token').hidden")
        self.assertEqual(tab.run("[Object.values(sessionStorage), Object.values(localStorage), document.cookie]"),
                         [[TOKEN], [], ""])
        self.assertNotIn(TOKEN, " ".join(tab.requests()))
        tab.call("Page.reload")
        tab.wait("document.readyState === 'complete' && document.getElementById('word').textContent === 'Healthy'")
        tab.run("document.getElementById('forget').click()")
        tab.wait(IS_SHOWN % "Token needed")
        self.assertEqual(tab.run("sessionStorage.length"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
