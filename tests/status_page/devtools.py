"""A headless Chromium, driven over the DevTools protocol, with the standard library alone."""

import base64
import json
import os
import pathlib
import socket
import struct
import subprocess
import tempfile
import threading
import urllib.parse

PATIENCE = 60  # seconds for anything to come about


class WebSocket:
    """The client's side of RFC 6455, as far as DevTools needs it: whole text messages."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=2 * PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
                            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                            "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        self.input = self.socket.makefile("rb")
        status = self.input.readline()
        assert b" 101 " in status, status
        while self.input.readline().strip():
            pass

    def send(self, text):
        data = text.encode()
        size = struct.pack("!BBQ", 0x81, 0x80 | 127, len(data))
        mask = os.urandom(4)
        keys = (mask * (len(data) // 4 + 1))[:len(data)]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(keys, "big")).to_bytes(len(data), "big")
        self.socket.sendall(size + mask + masked)

    def receive(self):
        """The next message, whole."""
        message = b""
        while True:
            first, second = self.input.read(2)
            size = second & 0x7F
            if size >= 126:
                size = int.from_bytes(self.input.read(2 if size == 126 else 8), "big")
            data = self.input.read(size)
            if first & 0x0F in (0, 1):
                message += data
                if first & 0x80:
                    return message.decode()

    def close(self):
        self.socket.close()


class Chromium:
    """A browser with a profile of its own, which goes with it."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-extensions", "--disable-component-update", "--disable-background-networking", "--lang=en",
             "--remote-debugging-port=0", f"--user-data-dir={self.profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.url = self.read_url()
        threading.Thread(target=self.process.stderr.read, daemon=True).start()  # a full pipe would stop it
        return self

    def read_url(self):
        said = []
        for line in self.process.stderr:
            if "DevTools listening on " in line:
                return line.split()[-1]
            said.append(line)
        raise AssertionError("chromium ended before it could be driven: " + "".join(said))

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()

    def open_tab(self):
        browser = Tab(self.url)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.close()
        return Tab(f"ws://{urllib.parse.urlsplit(self.url).netloc}/devtools/page/{target}")


class Tab:
    """One page, and all that it told: `requests` by URL, `complaints` of the console and of the security policy."""

    def __init__(self, url):
        self.wire = WebSocket(url)
        self.last_id = 0
        self.events = []

    def close(self):
        self.wire.close()

    def call(self, method, **parameters):
        self.last_id += 1
        self.wire.send(json.dumps({"id": self.last_id, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.wire.receive())
            if message.get("id") != self.last_id:
                self.events.append(message)
                continue
            assert "error" not in message, (method, message)
            return message["result"]

    def listen(self):
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            self.call(f"{domain}.enable")

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href.startsWith('http')")

    def run(self, expression):
        """What a script says; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, (expression, answer)
        return answer["result"].get("value")

    def wait(self, condition):
        """Until the condition holds, looked at 20 times a second by the page's own clock."""
        holds = self.run(f"""new Promise((resolve) => {{
            const end = Date.now() + {1000 * PATIENCE};
            const look = () => ({condition}) ? resolve(true) : Date.now() > end ? resolve(false) : setTimeout(look, 50);
            look();
        }})""")
        assert holds, f"never came about: {condition}\n{self.run('document.body.innerText')}"

    def press(self, key, shift=False):
        codes = {"Tab": 9, "Enter": 13, " ": 32}
        text = {"Enter": "\r", " ": " "}.get(key, "")
        shared = {"key": key, "windowsVirtualKeyCode": codes[key], "modifiers": 8 if shift else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **shared)
        self.call("Input.dispatchKeyEvent", type="keyUp", **shared)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setScrollbarsHidden", hidden=True)

    def prefer(self, **features):
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=named)

    def screenshot(self, path, height=None):
        size = self.run("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": height or size[1], "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.events
                if event["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """Errors and warnings of the console, exceptions, and whatever the browser found wrong with the page."""
        self.run("0")  # what was said before has come when this has
        return [event["params"] for event in self.events if is_complaint(event["method"], event["params"])]


def is_complaint(method, told):
    if method == "Runtime.consoleAPICalled":
        return told["type"] in ("error", "warning", "assert")
    if method == "Log.entryAdded":
        return told["entry"]["level"] in ("error", "warning")
    return method in ("Runtime.exceptionThrown", "Audits.issueAdded")
