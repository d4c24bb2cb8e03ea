"""A kill loop that finds nothing has to be one that would: kill_loop_test.py PATH-TO-WEIR

The program it is given loses, each time it starts, the log in which the last commits are.
"""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

WEIR = os.path.abspath(sys.argv.pop(1))
KILL_LOOP = pathlib.Path(__file__).with_name("kill_loop")


class KillLoopTest(unittest.TestCase):
    def test_a_service_that_forgets_its_log_is_found_out(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-test-"))
        self.addCleanup(shutil.rmtree, folder)
        forgetful = folder / "forgetful"
        forgetful.write_text('#!/bin/bash\n[[ $5 == */history.db ]] && rm -f "$5-wal"\n'
                             f'exec {shlex.quote(WEIR)} "$@"\n')
        forgetful.chmod(0o700)
        done = subprocess.run(
            [sys.executable, "-B", KILL_LOOP, "--kills", "20", "--program", forgetful, "--work", "0.1"],
            capture_output=True, text=True, timeout=240, env={**os.environ, "TMPDIR": str(folder)})
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("lost: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
