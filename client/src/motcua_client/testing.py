"""An intake in memory with a fate for each request, for tests of publishing programs."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpx
import msgspec

from motcua_client.retrying import Pace

LOST_REQUEST: Final = "request lost"
LOST_ANSWER: Final = "answer lost"
BUSY: Final = "503"
LIMITED: Final = "429"
PORTAL: Final = "captive portal"
POWER_BEFORE: Final = "power lost before the request"
POWER_AFTER: Final = "power lost after the request"
FATES: Final = (LOST_REQUEST, LOST_ANSWER, BUSY, LIMITED, PORTAL)
"""What may happen to a request; one without a fate is answered as it should be."""

Event = dict[str, Any]


class PowerLoss(Exception):  # noqa: N818
    """The publishing program ends here, without another word to anybody."""


class FakeIntake:
    """Answers as intake does, after what fate has in store; `journal` is what it has for good."""

    def __init__(
        self,
        fates: Iterable[str] = (),
        *,
        rejects: Callable[[Event], bool] = lambda _: False,
        largest: int = 1_000,
    ) -> None:
        """Reject what `rejects` says, and requests of more than `largest` events."""
        self.fates = list(fates)
        self.journal: dict[str, Event] = {}
        self.requests: list[list[Event]] = []
        self.overlaps: set[str] = set()
        """Dossiers of which two requests were on their way at the same time."""
        self._rejects = rejects
        self._largest = largest
        self._flying: set[str] = set()

    def transport(self) -> httpx.MockTransport:
        """A transport for the clients, sync and async."""
        return httpx.MockTransport(self.answer)

    def async_transport(self) -> httpx.MockTransport:
        """The same for the async client, with requests that take turns."""
        return httpx.MockTransport(self._in_turns)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Let fate strike, then judge.

        Raises:
            httpx.TransportError: no answer comes.
            PowerLoss: the publishing program is to end.
        """
        events = _events(request)
        self.requests.append(events)
        fate = self.fates.pop(0) if self.fates else ""
        if fate == LOST_REQUEST:
            raise httpx.ConnectError(fate)
        if fate == POWER_BEFORE:
            raise PowerLoss
        if fate in {BUSY, LIMITED}:
            return httpx.Response(int(fate), headers={"Retry-After": "2"})
        if fate == PORTAL:
            return httpx.Response(200, text="<html>Wi-Fi</html>")
        response = self._judge(events)
        if fate == LOST_ANSWER:
            raise httpx.ReadTimeout(fate)
        if fate == POWER_AFTER:
            raise PowerLoss
        return response

    async def _in_turns(self, request: httpx.Request) -> httpx.Response:
        events = _events(request)
        dossiers = {str(event.get("subject", "")) for event in events}
        self.overlaps |= dossiers & self._flying
        self._flying |= dossiers
        try:
            await asyncio.sleep(0)
            return self.answer(request)
        finally:
            self._flying -= dossiers

    def _judge(self, events: list[Event]) -> httpx.Response:
        if len(events) > self._largest:
            return _problem(413, "body-too-large")
        results = [self._result(place, event) for place, event in enumerate(events)]
        rejected = sum(result["status"] == "rejected" for result in results)
        if rejected == len(events):
            return _problem(422, "events-rejected", results=results)
        return httpx.Response(202, json={"rejected": rejected, "results": results})

    def _result(self, place: int, event: Event) -> dict[str, str]:
        name = str(event.get("id", ""))
        rejected = {"id": name, "status": "rejected"}
        if self._rejects(event):
            told = {"field": f"/{place}/subject", "rule": "dossier-code", "expected": "mã hồ sơ"}
            return rejected | told
        known = self.journal.setdefault(name, event)
        if known is event:
            return {"id": name, "status": "accepted"}
        if known == event:
            return {"id": name, "status": "repeated"}
        return rejected | {"field": f"/{place}/id", "rule": "conflict", "expected": "id"}


def quick(patience: float | None = None) -> Pace:
    """A pace for tests: no chance in it, and time stands still."""
    return Pace(patience=patience, monotonic=lambda: 0.0, chance=lambda: 0.5)


def _events(request: httpx.Request) -> list[Event]:
    packed = request.headers.get("Content-Encoding") == "gzip"
    body = gzip.decompress(request.content) if packed else request.content
    told: Event | list[Event] = msgspec.json.decode(body)
    return told if isinstance(told, list) else [told]


def _problem(status: int, kind: str, **members: Any) -> httpx.Response:
    document = {"type": f"urn:motcua:problem:{kind}", "title": kind, "status": status}
    headers = {"Content-Type": "application/problem+json"}
    return httpx.Response(status, content=msgspec.json.encode(document | members), headers=headers)
