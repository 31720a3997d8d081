"""The gates of publishers as the admin topic tells them: read whole, then followed."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

from faststream.kafka import KafkaBroker, TopicPartition
from google.protobuf.message import DecodeError
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua_contracts.topics import ADMIN_EVENTS
from motcua_platform.process import crash_on_error
from motcua_platform.records import RecordBatch

from motcua_intake.domain.gates import OPEN, Gate, Gates


class GateFeed:
    """Keeps gates as the admin topic tells them."""

    def __init__(self, broker: KafkaBroker, gates: Gates) -> None:
        """Subscribe on the broker; nothing flows before `start`."""
        self._gates = gates
        self._subscriber = broker.subscriber(
            partitions=[TopicPartition(ADMIN_EVENTS, 0)],
            batch=True,
            auto_offset_reset="earliest",
            batch_timeout_ms=500,
            max_records=2_000,
        )
        self._subscriber(crash_on_error(self._receive))

    async def start(self) -> None:
        """Start reading. The broker is connected."""
        await self._subscriber.start()

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
