"""A person at a headless Chromium: opens pages, presses keys, looks (DevTools protocol)."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

import httpx
from browser_parts import BrowserParts
from waiting import until
from websockets.sync.client import ClientConnection, connect

_SECONDS: Final = 30.0
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--remote-debugging-port=0",
)
"""It opens pages of ours only, and runs as root in CI, where its sandbox cannot be."""


class Browser:
    """One tab; `complaints` are errors and broken policies that its console told of."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self._loaded = 0
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer."""
        number = next(self._numbers)
        told = {"id": number, "method": method, "params": parameters}
        self._connection.send(json.dumps(told))
        while True:
            message = self._next()
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def _next(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._connection.recv(timeout=_SECONDS))
        match message.get("method"):
            case "Page.loadEventFired":
                self._loaded += 1
            case "Log.entryAdded":
                entry = message["params"]["entry"]
                if entry["level"] == "error" and entry["source"] != "network":
                    self.complaints.append(entry["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(message["params"]["exceptionDetails"]))
            case _:
                pass
        return message

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """Take another screen, or another colour scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        before = self._loaded
        self.call("Page.navigate", url=url)
        self._wait_loaded(before)

    def press(self, key: str) -> None:
        """Press Enter or Tab where the focus is."""
        text = {"text": "\r"} if key == "Enter" else {}
        code = {"Enter": 13, "Tab": 9}[key]
        for kind in ("keyDown", "keyUp"):
            told = text if kind == "keyDown" else {}
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **told
            )

    def follow(self, selector: str) -> None:
        """Put the focus on a link or button, press Enter, and wait for the page it leads to."""
        before = self._loaded
        self.focus(selector)
        self.press("Enter")
        self._wait_loaded(before)

    def focus(self, selector: str) -> None:
        """Put the focus on an element."""
        asked = json.dumps(selector)
        has_focus = "(e => e && (e.focus(), document.activeElement === e))"
        assert self.value(f"{has_focus}(document.querySelector({asked}))"), selector

    def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.focus(selector)
        self.call("Input.insertText", text=text)

    def value(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def texts(self, selector: str) -> list[str]:
        """What elements say."""
        asked = json.dumps(selector)
        return self.value(f"[...document.querySelectorAll({asked})].map(e => e.innerText.trim())")

    def picture(self) -> bytes:
        """What the screen shows, as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def _wait_loaded(self, before: int) -> None:
        while self._loaded == before:
            self._next()


@contextmanager
def browsing(parts: BrowserParts) -> Generator[Browser]:
    """A browser with a profile of its own, gone at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        argv = (str(parts.program), *_FLAGS, f"--user-data-dir={profile}", "about:blank")
        child = subprocess.Popen(
            argv,
            env=os.environ | parts.environment() | {"HOME": profile},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            with connect(_tab(child), max_size=None, proxy=None) as connection:
                yield Browser(connection)
        finally:
            child.kill()
            child.wait()


def _tab(child: subprocess.Popen[str]) -> str:
    """Where the one tab listens; the program says on which port."""
    assert child.stderr is not None
    said: list[str] = []
    for line in child.stderr:
        said.append(line)
        if "DevTools listening on ws://" in line:
            return _first_page(line.split("ws://")[1].split("/")[0])
    raise AssertionError("".join(said)[-2000:])


def _first_page(host: str) -> str:
    def asked() -> str | None:
        listed = httpx.get(f"http://{host}/json", trust_env=False).json()
        pages = [one["webSocketDebuggerUrl"] for one in listed if one["type"] == "page"]
        return pages[0] if pages else None

    return until("a tab", asked, _SECONDS)
