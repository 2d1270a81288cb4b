#!/usr/bin/python3
"""Opens a page in headless Chromium, at the sizes of a phone and of a desk, light and dark, and prints it.

Usage: browser.py CHROMIUM PAGE.html OUTDIR

Holds the page to: no message on the console, nothing fetched but the page itself, nothing wider than the window, no
picture that is blank, no text in a chart that lies outside it or is too small to read, and a PDF. Leaves the pictures
in OUTDIR for a look. Talks to Chromium through pipes (--remote-debugging-pipe), so no port is opened.
"""
import base64
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import zlib

SIZES = [("phone", 390, 844, 2, True), ("desk", 1280, 800, 1, False)]

MEASURE = """(() => {
  const root = document.scrollingElement, wide = [], outside = [], dim = [];
  for (const e of document.querySelectorAll('body *')) {
    const box = e.getBoundingClientRect();
    if (box.right > innerWidth + 1 && !e.closest('.scroll, .chart'))
      wide.push(e.tagName + '.' + e.className);
  }
  let least = 99;
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      least = Math.min(least, parseFloat(getComputedStyle(text).fontSize) * frame.width / svg.viewBox.baseVal.width);
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.bottom > frame.bottom + 2)
        outside.push((svg.querySelector('title') || {}).textContent + ': ' + text.textContent);
    }
  }
  return {overflow: root.scrollWidth - innerWidth, height: root.scrollHeight, wide: wide.slice(0, 5),
          outside: outside.slice(0, 10), text: least, charts: document.querySelectorAll('svg').length,
          ids: [...document.querySelectorAll('[id]')].length -
               new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size};
})()"""


class Browser:
    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory(prefix="seedbank-chromium")
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()

        def give_pipes():  # the child reads commands from 3 and writes answers to 4
            a, b = os.dup(to_read), os.dup(from_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", "--disable-component-update",
             "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir=" + self.profile.name, "about:blank"],
            preexec_fn=give_pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.buffer, self.number, self.events = b"", 0, []

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.from_read, 1 << 20)
            if not piece:
                raise SystemExit("FAILED: Chromium went away")
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_write, data):]
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"FAILED: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while True:
            for i, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(i)
            self.events.append(self.read())

    def close(self):
        try:
            self.call("Browser.close")
        except SystemExit:
            pass
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()


def colours(png):
    """How many different colours a PNG (8 bits, RGB or RGBA) has, over every eighth row."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", png[at + 8:at + 18])
        elif kind == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += length + 12
    step = {2: 3, 6: 4}[colour]
    raw, stride = zlib.decompress(data), width * step
    before, seen = bytearray(stride), set()
    for y in range(height):
        line = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        kind = raw[y * (stride + 1)]
        if kind == 2:
            line = bytearray((a + b) & 255 for a, b in zip(line, before))
        elif kind:
            for i in range(stride):
                a = line[i - step] if i >= step else 0
                b, c = before[i], before[i - step] if i >= step else 0
                if kind == 1:
                    guess = a
                elif kind == 3:
                    guess = (a + b) >> 1
                else:
                    p = a + b - c
                    guess = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                line[i] = (line[i] + guess) & 255
        before = line
        if y % 8 == 0:
            seen.update(bytes(line[i:i + 3]) for i in range(0, stride, step))
    return len(seen)


def main():
    program, page, out = sys.argv[1:4]
    signal.alarm(240)  # whatever Chromium does, this ends
    url = "file://" + os.path.realpath(page)
    failed = 0

    def claim(text, holds, figure=""):
        nonlocal failed
        failed += not holds
        print("ok    " if holds else "FAILED", text, figure)

    browser = Browser(program)
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.call(domain + ".enable", session)
    for scheme in ("light", "dark"):
        for name, width, height, scale, mobile in SIZES:
            what = f"{name}, {scheme}:"
            browser.events.clear()
            browser.call("Emulation.setEmulatedMedia", session,
                         features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=height,
                         deviceScaleFactor=scale, mobile=mobile)
            browser.call("Page.navigate", session, url=url)
            browser.wait("Page.loadEventFired")
            found = browser.call("Runtime.evaluate", session, expression=MEASURE,
                                 returnByValue=True)["result"]["value"]
            shot = base64.b64decode(browser.call("Page.captureScreenshot", session, format="png")["data"])
            with open(os.path.join(out, f"{name}-{scheme}.png"), "wb") as file:
                file.write(shot)
            # Pictures are limited to 16,384 pixels: the page in pieces.
            for piece, top in enumerate(range(0, int(found["height"]), 2600)):
                data = browser.call("Page.captureScreenshot", session, format="png", captureBeyondViewport=True,
                                    clip={"x": 0, "y": top, "width": width, "scale": 1,
                                          "height": min(2600, found["height"] - top)})["data"]
                with open(os.path.join(out, f"{name}-{scheme}-{piece}.png"), "wb") as file:
                    file.write(base64.b64decode(data))
            talk = [e for e in browser.events
                    if e.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
            fetched = [e["params"]["request"]["url"] for e in browser.events
                       if e.get("method") == "Network.requestWillBeSent"]
            claim(what + " nothing on the console", not talk, str(talk)[:300] if talk else "")
            claim(what + " nothing fetched", all(u == url or u.startswith("data:") for u in fetched), fetched[1:3])
            claim(what + " no wider than the window", found["overflow"] <= 0 and not found["wide"],
                  (found["overflow"], found["wide"]))
            claim(what + " texts within their charts", not found["outside"], found["outside"])
            claim(what + " texts can be read", found["text"] >= 7, round(found["text"], 1))
            claim(what + " no id twice", found["ids"] == 0)
            claim(what + " charts", found["charts"] >= 10, found["charts"])
            claim(what + " not blank", colours(shot) >= 12)
    browser.call("Emulation.clearDeviceMetricsOverride", session)
    pdf = base64.b64decode(browser.call("Page.printToPDF", session, printBackground=True,
                                        preferCSSPageSize=True)["data"])
    with open(os.path.join(out, "page.pdf"), "wb") as file:
        file.write(pdf)
    claim("printed", pdf[:5] == b"%PDF-" and len(pdf) > 20000, len(pdf))
    browser.close()
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
