"""The client for ordinary programs: one request at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import httpx

from motcua_client.answers import Verdict
from motcua_client.delivery import Batch, Delivery, Step
from motcua_client.progress import Listener, Progress, Tally
from motcua_client.requests import PATH, headers_of, sync_http
from motcua_client.retrying import Pace
from motcua_client.spool import BATCH_EVENTS, AnyEvent, Spool


class Client:
    """Publishes through a spool: what `publish` took is sent, whatever happens to the process."""

    def __init__(
        self,
        url: str,
        key: str,
        spool: Spool,
        *,
        language: str = "vi",
        batch_events: int = BATCH_EVENTS,
        pace: Pace | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Publish to the intake at `url` with the publisher's `key`; reasons come in `language`.

        A request holds at most `batch_events` events.
        """
        self.spool = spool
        self._pace = pace or Pace()
        self._headers = headers_of(key, language)
        self._http = sync_http(url, self._pace, transport)
        self._sleep = sleep
        self._batch_events = batch_events
        self._one_drain = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the spool stays open."""
        self._http.close()

    def publish(self, event: AnyEvent) -> Verdict:
        """Put an event into the spool, send what waits, and return this one's verdict.

        Raises:
            Invalid: it is no JSON object.
            Away, NotAdmitted, Refused: no verdict yet; the event is in the spool.
            SpoolFull: the event is not in the spool.
            SpoolInUse: another process sends; the event is in the spool.
        """
        return self.publish_batch([event])[0]

    def publish_batch(self, events: Sequence[AnyEvent]) -> list[Verdict]:
        """The same for several events; their verdicts come in their order."""
        put = self.spool.put(events)
        return self._drain(None, put).verdicts_of(put, self.spool)

    def drain(self, progress: Listener | None = None) -> Progress:
        """Send until nothing waits.

        Raises:
            Away, NotAdmitted, Refused, SpoolInUse: what was not settled is in the spool.
        """
        return self._drain(progress).progress()

    def _drain(self, listener: Listener | None, wanted: Batch = ()) -> Tally:
        with self._one_drain, self.spool.draining():
            tally = Tally(self.spool.waiting(), listener, wanted)
            while batch := self.spool.take(limit=self._batch_events):
                self._deliver(batch, tally)
        return tally

    def _deliver(self, batch: Batch, tally: Tally) -> None:
        delivery = Delivery(batch, self._pace)
        while (body := delivery.to_send()) is not None:
            step = self._attempt(delivery, body)
            if step.settled:
                self.spool.settle(step.settled)
            tally.add(step.settled, step.trouble)
            if step.wait:
                self._sleep(step.wait)

    def _attempt(self, delivery: Delivery, body: bytes) -> Step:
        try:
            response = self._http.post(PATH, content=body, headers=self._headers)
        except (httpx.TransportError, httpx.DecodingError) as error:
            return delivery.broke(type(error).__name__)
        return delivery.answered(response.status_code, response.headers, response.content)
