"""One batch to `POST /v1/events`, again and again until intake has it.

Sending a batch twice is harmless: an event's identity is its publisher and id (law L2).
"""

import asyncio
import random
import time
from collections.abc import Mapping
from typing import Any, Final

import httpx
import msgspec

from motcua_cli.errors import CommandError
from motcua_cli.publishing.deliveries import Batch

DEADLINE_SECONDS: Final = 600.0
_FIRST_DELAY: Final = 0.2
_LONGEST_DELAY: Final = 10.0
_REQUEST_SECONDS: Final = 30.0
_AGAIN: Final = frozenset({429, 502, 503, 504})
_ACCEPTED: Final = 202
_UNAUTHORISED: Final = frozenset({401, 403})


class Answer(msgspec.Struct, frozen=True):
    """How many events of a batch were accepted, and how many intake knew already."""

    accepted: int
    repeated: int


class IntakeClient:
    """Sends batches with their publishers' keys."""

    def __init__(
        self, http: httpx.AsyncClient, keys: Mapping[str, str], deadline: float = DEADLINE_SECONDS
    ) -> None:
        """Use `http`, whose base URL is intake's; give up on a batch after `deadline` seconds."""
        self._http = http
        self._keys = keys
        self._deadline = deadline

    async def send(self, batch: Batch) -> Answer:
        """Hand in a batch.

        Raises:
            CommandError: an event was rejected (its field and rule), the publisher has no key or
                a wrong one, or intake stayed away until the deadline.
        """
        body = msgspec.json.encode(batch.events)
        headers = {
            "Authorization": f"Bearer {self._key(batch.publisher)}",
            "Content-Type": "application/cloudevents-batch+json",
        }
        give_up = time.monotonic() + self._deadline
        delay = _FIRST_DELAY
        while True:
            refusal, wait = await self._attempt(body, headers)
            if isinstance(refusal, httpx.Response):
                return _answer(batch, refusal)
            if time.monotonic() + wait > give_up:
                raise CommandError(
                    f"Dịch vụ tiếp nhận {self._http.base_url} không phục vụ ({refusal}).",
                    f"Intake at {self._http.base_url} does not serve ({refusal}).",
                )
            await asyncio.sleep(max(wait, random.uniform(0, delay)))  # noqa: S311 - jitter
            delay = min(delay * 2, _LONGEST_DELAY)

    def _key(self, publisher: str) -> str:
        if publisher not in self._keys:
            raise CommandError(
                f"Tệp khóa không có khóa của nguồn gửi {publisher}.",
                f"The key file has no key of the publisher {publisher}.",
            )
        return self._keys[publisher]

    async def _attempt(
        self, body: bytes, headers: dict[str, str]
    ) -> tuple[httpx.Response | str, float]:
        """The final response, or why to try again; and the seconds to wait at least."""
        try:
            response = await self._http.post(
                "/v1/events", content=body, headers=headers, timeout=_REQUEST_SECONDS
            )
        except httpx.TransportError as error:
            return type(error).__name__, 0.0
        if response.status_code in _AGAIN:
            return f"HTTP {response.status_code}", _retry_after(response)
        return response, 0.0


def _retry_after(response: httpx.Response) -> float:
    text = response.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_DELAY) if text.isdigit() else 0.0


def _answer(batch: Batch, response: httpx.Response) -> Answer:
    if response.status_code in _UNAUTHORISED:
        raise CommandError(
            f"Khóa của nguồn gửi {batch.publisher} không được chấp nhận.",
            f"The key of the publisher {batch.publisher} is not accepted.",
        )
    results = _results(response)
    if response.status_code != _ACCEPTED and not results:
        raise CommandError(
            f"Dịch vụ tiếp nhận từ chối lô của {batch.publisher}: {_fault(_object(response))}.",
            f"Intake refused a batch of {batch.publisher} with HTTP {response.status_code}.",
        )
    for result in results:
        if result.get("status") == "rejected":
            raise CommandError(
                f"Sự kiện {result.get('id')} của {batch.publisher} bị từ chối: {_fault(result)}.",
                f"Event {result.get('id')} of {batch.publisher} was rejected.",
            )
    repeated = sum(1 for result in results if result.get("status") == "repeated")
    return Answer(len(results) - repeated, repeated)


def _results(response: httpx.Response) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = _object(response).get("results", [])
    return results


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _fault(members: Mapping[str, Any]) -> str:
    field = members.get("field", "")
    rule = members.get("rule") or members.get("detail") or members.get("title") or "?"
    return f"{field}: {rule}" if field else str(rule)
