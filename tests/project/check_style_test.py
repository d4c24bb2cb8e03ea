"""check_style.py bites: each rule is broken once, in a tree of its own, and must be named at its line."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import check_style


class StyleRules(unittest.TestCase):
    def complaints(self, files):
        """What the check prints on a tree of these files, {name: text}; the last line counts them."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                status = check_style.main(root)
        lines = said.getvalue().splitlines()[:-1]
        failures = [line for line in lines if not line.startswith("warning:")]
        self.assertEqual(status, 1 if failures else 0)
        return lines

    def assert_breaks(self, name, text, complaint):
        self.assertEqual(self.complaints({name: text}), [f"{name}:{complaint}"])

    def assert_fine(self, name, text):
        self.assertEqual(self.complaints({name: text}), [])

    def test_a_folder_includes_itself_and_what_stands_left_of_it(self):
        self.assert_fine("src/service/a.h", '#include "weir/service/b.h"\n#include "weir/history/c.h"\n')
        self.assert_fine("src/main.cpp", '#include "weir/commands/b.h"\n#include "weir/repositories/sqlite/c.h"\n')
        self.assert_breaks(
            "src/history/a.h", '\n#include "weir/repositories/b.h"\n',
            "2: history stands left of repositories and must not include it")
        self.assert_breaks(
            "src/repositories/a.h", '#include "weir/repositories/sqlite/b.h"\n',
            "1: repositories stands left of repositories/sqlite and must not include it")

    def test_service_never_includes_sqlite_and_config_may(self):
        self.assert_breaks(
            "src/service/a.h", '#include "weir/repositories/sqlite/b.h"\n',
            "1: service never includes repositories/sqlite")
        self.assert_fine("src/config/a.h", '#include "weir/repositories/sqlite/b.h"\n')

    def test_own_headers_are_named_in_full(self):
        self.assert_breaks(
            "src/service/a.h", '#include "../history/b.h"\n',
            "1: weir's own headers are included as weir/FOLDER/FILE.h")

    def test_each_third_party_has_one_door(self):
        doors = {
            "src/repositories/sqlite/a.cpp": "sqlite3.h",
            "src/repositories/sqlite/b.h": "SQLiteCpp/Database.h",
            "src/config/yaml_a.cpp": "yaml-cpp/yaml.h",
            "src/service/prometheus_a.cpp": "prometheus/counter.h",
            "src/service/a.h": "boost/asio.hpp",
            "src/commands/a.cpp": "CLI/CLI.hpp",
            "src/repositories/a.cpp": "spdlog/spdlog.h",
        }
        for name, header in doors.items():
            self.assert_fine(name, f"#include <{header}>\n")
            lines = self.complaints({"src/history/a.h": f"#include <{header}>\n"})
            self.assertEqual(len(lines), 1, header)
            self.assertTrue(lines[0].startswith(f"src/history/a.h:1: <{header}> is included only in "), lines)

    def test_spdlog_stays_out_of_headers_and_of_history(self):
        for name in ["src/repositories/a.h", "src/history/a.cpp"]:
            self.assert_breaks(
                name, "#include <spdlog/spdlog.h>\n",
                "1: <spdlog/spdlog.h> is included only in .cpp files outside src/history")

    def test_beast_is_included_in_two_files_at_most(self):
        files = {f"src/service/{name}.cpp": "#include <boost/beast/http.hpp>\n" for name in "abc"}
        self.assertEqual(
            self.complaints(files), ["src/service/c.cpp:1: Beast is included in 3 files; 2 are allowed"])
        del files["src/service/c.cpp"]
        self.assertEqual(self.complaints(files), [])

    def test_timed_mutexes_are_banned(self):
        for kind in ["timed_mutex", "recursive_timed_mutex", "shared_timed_mutex"]:
            self.assert_breaks(
                "src/service/a.cpp", f"std::{kind} m;\n",
                "1: timed mutexes are banned: wait on a condition variable with the injected clock")

    def test_tests_do_not_sleep(self):
        for call in ["std::this_thread::sleep_for(1s);", "usleep(1);", "::sleep(1);"]:
            self.assert_breaks(
                "tests/service/a_test.cpp", call + "\n",
                "1: tests never sleep: force the order with latches and the manual clock")
        self.assert_fine("tests/service/a_test.cpp", "clock.sleep_until(deadline);\n")

    def test_unfinished_work_is_named(self):
        for word in ["TO" + "DO", "FIX" + "ME", "X" + "XX"]:
            self.assert_breaks("docs/a.md", f"{word} later\n", "1: unfinished work belongs into an issue")

    def test_long_files_are_refused(self):
        self.assert_fine("src/service/a.cpp", "\n" * 350)
        self.assert_breaks("src/service/a.cpp", "\n" * 351, "351: 351 lines; 350 are allowed")

    def test_lines_end_at_column_110_and_with_a_comment_at_118(self):
        self.assert_fine("src/service/a.cpp", "x" * 110 + "\n" + "// " + "x" * 115 + "\n")
        self.assert_breaks("src/service/a.cpp", "x" * 111 + "\n", "1: 111 columns; 110 are allowed")
        self.assert_breaks("src/service/a.cpp", "// " + "x" * 116 + "\n", "1: 119 columns; 118 are allowed")

    def test_tabs_and_trailing_white_space_are_refused(self):
        self.assert_breaks("scripts/a", "a\tb\n", "1: a tab")
        self.assert_breaks("README.md", "a \n", "1: white space at the end of the line")
        self.assert_fine("tests/data/a.txt", "a\tb \n")

    def test_a_class_that_names_no_threads_is_a_warning(self):
        self.assertEqual(
            self.complaints({"src/service/a.h": "/// One thing.\nclass A {\n};\n"}),
            ["warning: src/service/a.h:2: class A has no Thread-safety line"])
        self.assert_fine("src/service/a.h", "/// One thing.\n///\n/// Thread-safety: none.\nclass A final : public B {\n};\n")


if __name__ == "__main__":
    unittest.main()
