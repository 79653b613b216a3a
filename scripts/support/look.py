#!/usr/bin/env python3
"""Looks at web pages with headless Chromium: at what is cut off or too faint, in all sizes and colours asked for.

    look.py [--width PIXELS]... [--scheme light|dark]... [--pictures DIRECTORY] URL...

Prints one JSON object a line for each page, width and scheme: `width` (of the page's content; more than was asked for means that
it scrolls sideways), `outside` (elements beyond the right edge that do not lie in something that scrolls), `cut` (elements that hide
a part of their text), `faint` (text whose contrast with its background is below 4.5, or below 3 for large text: WCAG 2.2, 1.4.3),
`text` (characters that can be read) and `problems` (what the browser complained about, as of the content security policy).
With --pictures, writes a PNG of the whole page, too. Needs `chromium` and nothing else.
"""
import argparse
import base64
import fcntl
import json
import os
import subprocess
import sys
import tempfile

LOOK = r"""(() => {
  const name = e => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? '.' + e.className : '')
    + ' ' + JSON.stringify((e.textContent || '').trim().slice(0, 60));
  const scrolls = e => { for (let p = e; p && p !== document.body; p = p.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return true; return false; };
  const numbers = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const paper = e => { for (let p = e; p; p = p.parentElement) { const c = numbers(getComputedStyle(p).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]; };
  const outside = [], cut = [], faint = [];
  const edge = document.documentElement.clientWidth;
  for (const e of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (!box.width || style.visibility === 'hidden') continue;
    if (box.right > edge + 1 && !scrolls(e)) outside.push(name(e));
    if (['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1) cut.push(name(e));
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || e.closest('svg')) continue;
    const [a, b] = [light(numbers(style.color).slice(0, 3)), light(paper(e).slice(0, 3))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05), size = parseFloat(style.fontSize);
    const large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    if (ratio < (large ? 3 : 4.5)) faint.push(ratio.toFixed(2) + ' ' + name(e));
  }
  return JSON.stringify({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight,
    outside, cut, faint, text: document.body.innerText.length });
})()"""


class Browser:
    """Chromium, over its DevTools protocol on two pipes (https://chromedevtools.github.io/devtools-protocol/)."""

    def __init__(self, directory):
        def high(descriptor):
            number = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10)
            os.close(descriptor)
            return number

        commands, write = os.pipe()
        read, answers = os.pipe()
        commands, answers = high(commands), high(answers)
        options = ["--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                   "--disable-dev-shm-usage", f"--user-data-dir={directory}"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{commands} 4>&{answers}', "bash", "chromium", *options],
            pass_fds=(commands, answers), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.output = os.fdopen(write, "wb", buffering=0)
        self.input = os.fdopen(read, "rb", buffering=0)
        self.buffer = b""
        self.number = 0
        self.problems = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    session = None

    def message(self):
        while b"\0" not in self.buffer:
            data = self.input.read(65536)
            if not data:
                raise EOFError("Chromium ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        if message.get("method") == "Log.entryAdded":
            self.problems.append(message["params"]["entry"]["text"])
        return message

    def ask(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        self.output.write(json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]

    def wait(self, event):
        while self.message().get("method") != event:
            pass

    def look(self, url, width, scheme):
        self.problems = []
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        answer = self.ask("Page.navigate", url=url)
        if "errorText" in answer:
            raise RuntimeError(f"{url}: {answer['errorText']}")
        self.wait("Page.loadEventFired")
        found = json.loads(self.ask("Runtime.evaluate", expression=LOOK, returnByValue=True)["result"]["value"])
        return {"url": url, "asked": width, "scheme": scheme, **found, "problems": self.problems}

    def picture(self, width, height):
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, 12000), "scale": 1}
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"])

    def end(self):
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", action="append", type=int)
    parser.add_argument("--scheme", action="append", choices=["light", "dark"])
    parser.add_argument("--pictures", metavar="DIRECTORY")
    parser.add_argument("urls", nargs="+", metavar="URL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        browser = Browser(directory)
        try:
            for number, url in enumerate(options.urls):
                for width in options.width or [1280, 390]:
                    for scheme in options.scheme or ["light", "dark"]:
                        found = browser.look(url, width, scheme)
                        print(json.dumps(found), flush=True)
                        if options.pictures:
                            name = os.path.join(options.pictures, f"{number}-{width}-{scheme}.png")
                            with open(name, "wb") as file:
                                file.write(browser.picture(max(width, found["width"]), found["height"]))
        finally:
            browser.end()


if __name__ == "__main__":
    sys.exit(main())
