"""One batch to `POST /v1/events`, again and again until intake has it.

The rules of retrying are those of `motcua_client`. Here nothing is kept on the disk: the deliveries
are in the caller's file, and sending them anew is harmless (law L2).
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final

import httpx
import msgspec
from motcua_client import Away, NotAdmitted, Pace, Refused, Verdict
from motcua_client.delivery import Delivery, Spooled, Step
from motcua_client.requests import PATH, headers_of

from motcua_cli.errors import CommandError
from motcua_cli.publishing.deliveries import Batch

DEADLINE_SECONDS: Final = 600.0
_FIRST_DELAY: Final = 0.2
_LONGEST_DELAY: Final = 10.0
_REQUEST_SECONDS: Final = 30.0


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
        self._pace = Pace(_FIRST_DELAY, _LONGEST_DELAY, deadline)

    async def send(self, batch: Batch) -> Answer:
        """Hand in a batch.

        Raises:
            CommandError: an event was rejected (its field and rule), the publisher has no key or
                a wrong one, or intake stayed away until the deadline.
        """
        headers = headers_of(self._key(batch.publisher), "vi")
        try:
            verdicts = await self._deliver(batch, headers)
        except Away as error:
            raise CommandError(
                f"Dịch vụ tiếp nhận {self._http.base_url} không phục vụ ({error.why}).",
                f"Intake at {self._http.base_url} does not serve ({error.why}).",
            ) from error
        except NotAdmitted as error:
            raise CommandError(
                f"Khóa của nguồn gửi {batch.publisher} không được chấp nhận.",
                f"The key of the publisher {batch.publisher} is not accepted.",
            ) from error
        except Refused as error:
            raise CommandError(
                f"Dịch vụ tiếp nhận từ chối lô của {batch.publisher}: {error.title}.",
                f"Intake refused a batch of {batch.publisher} with HTTP {error.status}.",
            ) from error
        return _answer(batch.publisher, verdicts)

    async def _deliver(self, batch: Batch, headers: Mapping[str, str]) -> list[Verdict]:
        delivery = Delivery(
            [
                Spooled(place, event.get("id", ""), "", msgspec.json.encode(event))
                for place, event in enumerate(batch.events)
            ],
            self._pace,
        )
        verdicts: list[Verdict] = []
        while (body := delivery.to_send()) is not None:
            step = await self._attempt(delivery, body, headers)
            verdicts += [verdict for _, verdict in step.settled]
            await asyncio.sleep(step.wait)
        return verdicts

    async def _attempt(self, delivery: Delivery, body: bytes, headers: Mapping[str, str]) -> Step:
        try:
            response = await self._http.post(
                PATH, content=body, headers=headers, timeout=_REQUEST_SECONDS
            )
        except httpx.TransportError as error:
            return delivery.broke(type(error).__name__)
        return delivery.answered(response.status_code, response.headers, response.content)

    def _key(self, publisher: str) -> str:
        if publisher not in self._keys:
            raise CommandError(
                f"Tệp khóa không có khóa của nguồn gửi {publisher}.",
                f"The key file has no key of the publisher {publisher}.",
            )
        return self._keys[publisher]


def _answer(publisher: str, verdicts: list[Verdict]) -> Answer:
    for one in verdicts:
        if one.status == "rejected":
            fault = f"{one.field}: {one.rule}" if one.field else one.rule
            raise CommandError(
                f"Sự kiện {one.id} của {publisher} bị từ chối: {fault}.",
                f"Event {one.id} of {publisher} was rejected.",
            )
    counts = Counter(one.status for one in verdicts)
    return Answer(counts["accepted"], counts["repeated"])
