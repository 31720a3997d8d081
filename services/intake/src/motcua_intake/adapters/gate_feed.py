"""The gates of publishers as the admin topic tells them: read whole, then followed."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from aiokafka import TopicPartition as KafkaPartition
from faststream.kafka import KafkaBroker, TopicPartition
from google.protobuf.message import DecodeError
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua_contracts.topics import ADMIN_EVENTS
from motcua_platform.process import crash_on_error
from motcua_platform.records import RecordBatch

from motcua_intake.domain.gates import OPEN, Gate, Gates

_PARTITION: Final = KafkaPartition(ADMIN_EVENTS, 0)


class GateFeed:
    """Keeps gates as the admin topic tells them; they are known once it was read as of the start.

    A publisher that was shut out must not slip in while intake starts anew.
    """

    def __init__(self, broker: KafkaBroker, gates: Gates) -> None:
        """Subscribe on the broker; nothing flows before `start`."""
        self._gates = gates
        self._position = 0
        self._target: int | None = None
        self._subscriber = broker.subscriber(
            partitions=[TopicPartition(ADMIN_EVENTS, 0)],
            batch=True,
            auto_offset_reset="earliest",
            batch_timeout_ms=500,
            max_records=2_000,
        )
        self._subscriber(crash_on_error(self._receive))

    async def start(self) -> None:
        """Start reading, and fix the end that has to be reached. The broker is connected."""
        # A question on the reading connection would wait behind the fetch that the broker holds.
        asking: Any = self._subscriber.builder()
        await asking.start()
        try:
            ends: Any = await asking.end_offsets([_PARTITION])
        finally:
            with suppress(asyncio.CancelledError):
                await asking.stop()
        self._target = ends[_PARTITION]
        await self._subscriber.start()
        self._check_known()

    async def _receive(self, batch: RecordBatch) -> None:
        for record in batch.records:
            try:
                event = AdminEvent.FromString(record.value or b"")
            except DecodeError:
                continue
            if event.WhichOneof("event") == "publisher_gate":
                told = event.publisher_gate
                gate = Gate(told.rule, told.quarantined, told.looked_at) if told.closed else OPEN
                self._gates.set(told.publisher, gate)
        self._position = batch.records[-1].offset + 1
        self._check_known()

    def _check_known(self) -> None:
        if self._target is not None and self._position >= self._target:
            self._gates.are_known = True
