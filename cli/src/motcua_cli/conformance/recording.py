"""A door in front of the sandbox: passes requests on, strikes the first ones, remembers them.

The publisher under test is pointed here instead of at the sandbox. Its key passes through and is
not kept.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, NamedTuple

import httpx

from motcua_cli.conformance.exchanges import (
    BUSY,
    DROPPED,
    LIMITED,
    Exchange,
    read_events,
    read_verdicts,
)

PLAN: Final = (BUSY, DROPPED, LIMITED)
"""What becomes of the first requests, one after another; later ones pass untouched."""
RETRY_SECONDS: Final = 2
_PASSED_ON: Final = (
    "authorization",
    "x-api-key",
    "content-type",
    "content-encoding",
    "accept-language",
)
_PATH: Final = "/v1/events"


class Asked(NamedTuple):
    """A request of the publisher; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class RecordingDoor:
    """What has passed through; safe for the threads that serve."""

    def __init__(self, sandbox: httpx.Client) -> None:
        """Pass requests on to `sandbox`, whose base URL is that of its intake."""
        self._sandbox = sandbox
        self._plan = list(PLAN)
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self._last = time.monotonic()

    @property
    def exchanges(self) -> list[Exchange]:
        """What was seen so far, in order of arrival."""
        with self._lock:
            return sorted(self._exchanges, key=lambda one: one.started)

    @property
    def idle_seconds(self) -> float:
        """How long nothing has come."""
        return time.monotonic() - self._last

    def pass_on(self, asked: Asked) -> httpx.Response | None:
        """The answer for the publisher; None where it is to be lost."""
        started = time.monotonic()
        is_events = asked.method == "POST" and asked.path.partition("?")[0] == _PATH
        fate = self._next_fate() if is_events else ""
        answer = _come_back(int(fate)) if fate in {BUSY, LIMITED} else self._ask(asked)
        if is_events:
            self._remember(started, fate, asked, answer)
        return None if fate == DROPPED else answer

    def _next_fate(self) -> str:
        with self._lock:
            return self._plan.pop(0) if self._plan else ""

    def _ask(self, asked: Asked) -> httpx.Response:
        kept = {name: value for name, value in asked.headers.items() if name in _PASSED_ON}
        try:
            return self._sandbox.request(asked.method, asked.path, headers=kept, content=asked.body)
        except httpx.TransportError:
            return _come_back(503)

    def _remember(self, started: float, fate: str, asked: Asked, answer: httpx.Response) -> None:
        events = read_events(asked.body, asked.headers.get("content-encoding", ""))
        wait = answer.headers.get("retry-after", "")
        one = Exchange(
            started,
            time.monotonic(),
            events,
            answer.status_code,
            fate,
            float(wait) if wait.isdigit() else 0.0,
            read_verdicts(answer.status_code, answer.content, events),
        )
        with self._lock:
            self._exchanges.append(one)
            self._last = one.ended


@contextmanager
def recording(sandbox: httpx.Client, port: int) -> Generator[tuple[RecordingDoor, str]]:
    """A recording door on loopback, and its URL; closed after the block."""
    door = RecordingDoor(sandbox)
    with ThreadingHTTPServer(("127.0.0.1", port), _handler_of(door)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield door, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _handler_of(door: RecordingDoor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: the report does."""

        def _serve(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, _body(self))
            answer = door.pass_on(asked)
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status_code)
            for name in ("content-type", "content-language", "retry-after", "ratelimit"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

    return Handler


def _come_back(status: int) -> httpx.Response:
    problem = {"type": "urn:motcua:problem:busy", "title": "Busy", "status": status}
    headers = {"Retry-After": str(RETRY_SECONDS), "Content-Type": "application/problem+json"}
    return httpx.Response(status, json=problem, headers=headers)


def _body(request: BaseHTTPRequestHandler) -> bytes:
    """The body, announced by its size or in chunks."""
    headers, stream = request.headers, request.rfile
    if "chunked" not in headers.get("Transfer-Encoding", "").lower():
        return stream.read(int(headers.get("Content-Length", "0")))
    chunks: list[bytes] = []
    while size := int(stream.readline().partition(b";")[0], 16):
        chunks.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(chunks)
