"""Debian's prometheus for a test: on a free port, with what deploy/prometheus ships, quickened."""

import json
import re
import subprocess
import threading
import urllib.parse
import urllib.request

import shipped

INTERVAL = "1s"


def quick_configuration(targets):
    """The configuration shipped, for these targets and in shorter steps."""
    text = (shipped.PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8")
    text = re.sub(r"^( *- targets: ).*$", rf"\g<1>{json.dumps(targets)}", text, flags=re.MULTILINE)
    return re.sub(r"(scrape_interval|evaluation_interval): \S+", rf"\1: {INTERVAL}", text)


class Prometheus:
    """A prometheus that scrapes `targets` and keeps its data below `folder`; ended with the `with` block."""

    def __init__(self, folder, targets):
        (folder / "rules").mkdir()
        (folder / "rules" / "weir.yml").write_text(shipped.impatient_rules(), encoding="utf-8")
        (folder / "prometheus.yml").write_text(quick_configuration(targets), encoding="utf-8")
        self.log = []
        self.process = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:0"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        self.read_log_until("Server is ready")
        self.url = "http://{}/api/v1/".format(*re.findall(r'msg="Listening on" address=(\S+)', "".join(self.log)))
        self.rest = threading.Thread(target=lambda: self.log.extend(self.process.stderr))  # or it would block
        self.rest.start()
        return self

    def read_log_until(self, words):
        for line in self.process.stderr:
            self.log.append(line)
            if words in line:
                return
        raise AssertionError("".join(self.log))

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.rest.join()
        self.process.stderr.close()

    def ask(self, what, **parameters):
        """The data of an answer of its API; an answer that is no success raises."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        with urllib.request.urlopen(f"{self.url}{what}?{query}", timeout=20) as answer:
            return json.load(answer)["data"]

    def query(self, expression):
        """The labels of each series of an instant query, and its value."""
        return [(series["metric"], float(series["value"][1]))
                for series in self.ask("query", query=expression)["result"]]

    def rules(self):
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def firing(self, instance):
        """The names of the alerts that fire for an instance."""
        return {alert["labels"]["alertname"] for alert in self.ask("alerts")["alerts"]
                if alert["state"] == "firing" and alert["labels"].get("instance") == instance}
