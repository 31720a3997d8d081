"""The topics that dossier events come in by: where they end, and their books."""

from __future__ import annotations

from collections.abc import Collection

from asyncpg import Pool
from motcua_platform.kafka_connection import KafkaConnection

from motcua_processing.adapters.log_books import open_books
from motcua_processing.adapters.log_identity import ends_of, event_logs, log_identities


class EventLogs:
    """Asks the broker for them each time: publishers get topics of their own while we run."""

    def __init__(self, kafka: KafkaConnection) -> None:
        self._kafka = kafka

    async def ends(self) -> dict[tuple[str, int], int]:
        """The end of each partition.

        Raises:
            Transient: Kafka is away.
        """
        return ends_of(await event_logs(self._kafka))

    async def open(
        self, pool: Pool, topics: Collection[str] | None = None
    ) -> dict[tuple[str, int], int]:
        """Open the books of these topics, or of all; the next offset of each partition.

        Raises:
            Transient: Kafka is away.
            ForeignLog: a topic was created anew since it was read.
        """
        wanted = None if topics is None else sorted(topics)
        logs = await log_identities(self._kafka, wanted)
        return {
            (topic, partition): offset
            for topic, log in logs.items()
            for partition, offset in (await open_books(pool, topic, log)).items()
        }
