"""A Grafana over HTTP that holds every request and every answer against Grafana's description.

What it keeps is the fake's; what it says is the description's. Troubles can be ordered: a status
that an operation may answer, a proxy's page in front of Grafana, a connection cut before or after
the work was done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from go_module import NotToBeHad
from grafana_description import Description, Operation, grafana_description
from stubbed_grafana import Refusal, StubbedGrafana

TOKEN = "glsa_stub"  # noqa: S105 - the stub's own
PROXY = 502
CUT_BEFORE, CUT_AFTER = -1, -2

Trouble = Callable[[Operation, int], int]
"""From an operation and the number of the request to a status, a cut, or 0 for none."""


def no_trouble(_: Operation, __: int) -> int:
    """All goes well."""
    return 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a known operation; `name` is what its path leaves open."""

    operation: Operation
    name: str
    query: Mapping[str, str]
    body: Any
    knows_token: bool


@dataclass(slots=True)
class GrafanaStub:
    """The stub as tests see it."""

    description: Description
    grafana: StubbedGrafana = field(default_factory=StubbedGrafana)
    trouble: Trouble = no_trouble
    violations: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])
    """The operations asked for, in their order."""
    url: str = ""
    lock: Lock = field(default_factory=Lock)

    def changes(self) -> list[str]:
        """The operations that were no questions."""
        return [one for one in self.asked if not one.startswith(("get", "search"))]

    def answer(
        self, method: str, address: str, headers: Mapping[str, str], raw: bytes
    ) -> tuple[int, bytes] | None:
        """The answer to a request; None cuts the connection."""
        parts = urlsplit(address)
        path = parts.path.removeprefix("/grafana/api")
        found = self.description.find(method, path)
        if found is None:
            self.violations.append(f"{method} {parts.path}: no such operation")
            return 404, b"{}"
        operation, named = found
        self.asked.append(operation.id)
        ordered = self.trouble(operation, len(self.asked))
        if ordered == CUT_BEFORE:
            return None
        if ordered == PROXY:
            return PROXY, b"<html>no message from Grafana</html>"
        asked = Asked(
            operation,
            named[0] if named else "",
            dict(parse_qsl(parts.query)),
            json.loads(raw) if raw else None,
            headers.get("Authorization") == f"Bearer {TOKEN}",
        )
        faults = list(self.description.request_faults(operation, asked.query, asked.body))
        self.violations += faults
        status, told = self._told(asked, ordered, faults)
        self.violations += self.description.answer_faults(operation, status, told)
        return None if ordered == CUT_AFTER else (status, json.dumps(told).encode())

    def _told(self, asked: Asked, ordered: int, faults: list[str]) -> tuple[int, Any]:
        if asked.operation.id != "getHealth" and not asked.knows_token:
            return 401, {"message": "Invalid API key"}
        if ordered > 0:
            return ordered, {"message": f"ordered {ordered}", "status": "ordered"}
        if faults:
            return 400, {"message": "bad request data"}
        try:
            done = self.grafana.carry_out(asked.operation.id, asked.name, asked.query, asked.body)
        except Refusal as refusal:
            return refusal.status, {"message": refusal.message}
        return 200, done


def described(*, in_full: bool = False) -> Description:
    """Grafana's description of its API; without it a test is skipped, but never in CI."""
    try:
        return grafana_description(in_full=in_full)
    except NotToBeHad as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@contextmanager
def minding(description: Description) -> Generator[GrafanaStub]:
    """A stub that must not see one request or give one answer that Grafana does not know."""
    with serving(description) as stub:
        yield stub
    assert stub.violations == []


@contextmanager
def serving(description: Description) -> Generator[GrafanaStub]:
    """A stub on loopback, below the path /grafana as behind a proxy."""
    stub = GrafanaStub(description)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # an answer in one piece, or the other side waits for the rest

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with stub.lock:
                answered = stub.answer(self.command, self.path, dict(self.headers), raw)
            if answered is None:
                self.close_connection = True
                return
            status, content = answered
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status != PROXY else "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        stub.url = f"http://127.0.0.1:{server.server_address[1]}/grafana"
        yield stub
        server.shutdown()
