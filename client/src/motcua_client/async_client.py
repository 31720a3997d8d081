"""The client for `async` programs: a few requests at a time, never two of one dossier."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Final, Self, TypeAlias

import httpx

from motcua_client.answers import Verdict
from motcua_client.delivery import Batch, Delivery, Step
from motcua_client.progress import Listener, Progress, Tally
from motcua_client.requests import PATH, async_http, headers_of
from motcua_client.retrying import Pace
from motcua_client.spool import BATCH_EVENTS, AnyEvent, Spool

IN_FLIGHT: Final = 4

Flights: TypeAlias = dict[asyncio.Task[None], frozenset[str]]
"""The batches on their way, each with its dossiers."""


class AsyncClient:
    """Publishes through a spool, as `Client` does."""

    def __init__(
        self,
        url: str,
        key: str,
        spool: Spool,
        *,
        language: str = "vi",
        in_flight: int = IN_FLIGHT,
        batch_events: int = BATCH_EVENTS,
        pace: Pace | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Publish with at most `in_flight` requests at a time, of at most `batch_events`."""
        self.spool = spool
        self._pace = pace or Pace()
        self._headers = headers_of(key, language)
        self._http = async_http(url, self._pace, transport)
        self._in_flight = in_flight
        self._batch_events = batch_events
        self._sleep = sleep
        self._one_drain = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; the spool stays open."""
        await self._http.aclose()

    async def publish(self, event: AnyEvent) -> Verdict:
        """Put an event into the spool, send what waits, and return this one's verdict.

        Raises:
            Invalid: it is no JSON object.
            Away, NotAdmitted, Refused: no verdict yet; the event is in the spool.
            SpoolFull: the event is not in the spool.
            SpoolInUse: another drain runs; the event is in the spool.
        """
        return (await self.publish_batch([event]))[0]

    async def publish_batch(self, events: Sequence[AnyEvent]) -> list[Verdict]:
        """The same for several events; their verdicts come in their order."""
        put = await asyncio.to_thread(self.spool.put, events)
        return (await self._drain(None, put)).verdicts_of(put, self.spool)

    async def drain(self, progress: Listener | None = None) -> Progress:
        """Send until nothing waits.

        Raises:
            Away, NotAdmitted, Refused, SpoolInUse: what was not settled is in the spool.
        """
        return (await self._drain(progress)).progress()

    async def _drain(self, listener: Listener | None, wanted: Batch = ()) -> Tally:
        async with self._one_drain:
            with self.spool.draining():
                tally = Tally(self.spool.waiting(), listener, wanted)
                flights: Flights = {}
                try:
                    while await self._depart(flights, tally) or flights:
                        done, _ = await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)
                        for flight in done:
                            del flights[flight]
                            flight.result()
                finally:
                    await _ended(flights)
        return tally

    async def _depart(self, flights: Flights, tally: Tally) -> int:
        """Send off batches while there is room and something of an idle dossier.

        Returns:
            How many.
        """
        departed = 0
        while len(flights) < self._in_flight:
            busy = frozenset[str]().union(*flights.values())
            batch = await asyncio.to_thread(self.spool.take, busy, self._batch_events)
            if not batch:
                break
            flight = asyncio.create_task(self._deliver(batch, tally))
            flights[flight] = frozenset(one.dossier for one in batch)
            departed += 1
        return departed

    async def _deliver(self, batch: Batch, tally: Tally) -> None:
        delivery = Delivery(batch, self._pace)
        while (body := delivery.to_send()) is not None:
            step = await self._attempt(delivery, body)
            if step.settled:
                await asyncio.to_thread(self.spool.settle, step.settled)
            tally.add(step.settled, step.trouble)
            if step.wait:
                await self._sleep(step.wait)

    async def _attempt(self, delivery: Delivery, body: bytes) -> Step:
        try:
            response = await self._http.post(PATH, content=body, headers=self._headers)
        except (httpx.TransportError, httpx.DecodingError) as error:
            return delivery.broke(type(error).__name__)
        return delivery.answered(response.status_code, response.headers, response.content)


async def _ended(flights: Flights) -> None:
    """Cancel what is on its way; its events are in the spool and are sent again."""
    for flight in flights:
        flight.cancel()
    await asyncio.gather(*flights, return_exceptions=True)
