"""The event log on Kafka: acks=all, idempotent, keyed by dossier, partitioned by murmur2.

Events go straight to the aiokafka producer inside FastStream's broker: FastStream's own publish
builds a command, a context and text headers for each record, and so costs 46 to 67 microseconds of
processor time an event where `send` costs 25 to 39 (batches of 500, one core, one local broker).
Writing whole batches with `send_batch` would save 20 % more, but batches of concurrent requests
would no longer merge.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from aiokafka.errors import KafkaError, KafkaTimeoutError, ProducerClosed
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.process import crash, crash_on_error

from motcua_intake.domain.errors import LogAway

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from aiokafka import AIOKafkaProducer
    from faststream.kafka import KafkaBroker
    from motcua_kernel.events import Event

    _Send = Callable[..., Awaitable[asyncio.Future[Any]]]

PROBE_SECONDS: Final = 2.0
_PROBE_PATIENCE_SECONDS: Final = 3.0
_CONNECT_PAUSE_SECONDS: Final = 1.0

_PASSING: Final = (KafkaTimeoutError, ProducerClosed)
"""Not marked as retriable, and yet no defect: a full buffer, a process that is stopping."""

_log = structlog.get_logger()


class KafkaEventLog:
    """Appends to the common events topic; knows whether Kafka answered lately."""

    def __init__(self, broker: KafkaBroker, patience_seconds: float) -> None:
        """`patience_seconds` bounds one `append`, acknowledgements included."""
        self._broker = broker
        self._patience = patience_seconds
        self._producer: AIOKafkaProducer | None = None
        self._reachable = False
        self._probing: asyncio.Future[None] | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether Kafka answered the last probe, and no append has run out of time since."""
        return self._reachable

    async def connect(self) -> None:
        """Connect the broker, for as long as it takes Kafka to be there; then keep probing."""
        while True:
            try:
                await self._broker.connect()
            except KafkaError as error:
                if not error.retriable:
                    raise
                _log.warning("kafka_away", error=type(error).__name__)
                await asyncio.sleep(_CONNECT_PAUSE_SECONDS)
            else:
                break
        self._producer = _producer_of(self._broker)
        self._reachable = True
        self._probing = asyncio.ensure_future(crash_on_error(self._probe)(self._producer))

    async def close(self) -> None:
        """Stop probing; the broker is closed by whoever made it."""
        if self._probing is not None:
            self._probing.cancel()
        self._reachable = False

    async def append(self, events: Sequence[Event]) -> None:
        """Write all events and wait for every acknowledgement.

        Raises:
            LogAway: Kafka is away, or did not acknowledge in time.
        """
        if self._producer is None or not self._reachable:
            raise LogAway
        futures: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._patience):
                await _send_all(self._producer, events, futures)
                for future in futures:
                    await future
        except TimeoutError as error:
            self._give_up(futures)
            raise LogAway from error
        except KafkaError as error:
            self._give_up(futures)
            if not error.retriable and not isinstance(error, _PASSING):
                crash("kafka_refused", error)
            raise LogAway from error

    def _give_up(self, futures: Iterable[asyncio.Future[Any]]) -> None:
        self._reachable = False
        for future in futures:
            future.add_done_callback(_retrieve)

    async def _probe(self, producer: AIOKafkaProducer) -> None:
        while True:
            reachable = await _answers(producer)
            if reachable != self._reachable:
                _log.warning("kafka_reachable" if reachable else "kafka_away")
            self._reachable = reachable
            await asyncio.sleep(PROBE_SECONDS)


async def _send_all(
    producer: AIOKafkaProducer, events: Sequence[Event], futures: list[asyncio.Future[Any]]
) -> None:
    send: _Send = cast("Any", producer).send
    for event in events:
        future = await send(
            DOSSIER_EVENTS,
            event_to_value(event),
            event.dossier.encode(),
            headers=event_headers(event),
        )
        futures.append(future)


async def _answers(producer: AIOKafkaProducer) -> bool:
    try:
        async with asyncio.timeout(_PROBE_PATIENCE_SECONDS):
            return bool(await asyncio.shield(producer.client.force_metadata_update()))
    except (TimeoutError, KafkaError):
        return False


def _producer_of(broker: KafkaBroker) -> AIOKafkaProducer:
    fast: Any = broker.config.producer
    producer: AIOKafkaProducer = fast._producer.producer  # noqa: SLF001 - FastStream has no accessor
    return producer


def _retrieve(future: asyncio.Future[Any]) -> None:
    """Look at a late result, so that asyncio does not complain that nobody did."""
    if not future.cancelled():
        future.exception()
