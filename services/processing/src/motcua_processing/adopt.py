"""Take the topics of events as they are now for the true ones: `python -m motcua_processing.adopt`.

For a topic that was created anew or restored: processing has stopped at it, and goes on from its
start by the identity of the events, so that nothing is lost and nothing counts twice.
"""

from __future__ import annotations

import asyncio

from motcua_platform.logs import configure_logs
from motcua_platform.settings import read_settings

from motcua_processing.adapters.log_books import adopt
from motcua_processing.adapters.log_identity import event_logs
from motcua_processing.adapters.postgres import connect
from motcua_processing.settings import Settings


async def adopt_events(settings: Settings) -> int:
    """Adopt the topics that dossier events come in by; returns the number of their partitions.

    Raises:
        Transient: Kafka or the database is away.
    """
    logs = await event_logs(settings.kafka)
    pool = await connect(settings.database_url.get_secret_value(), settings.database_schema)
    try:
        return sum([await adopt(pool, topic, log) for topic, log in logs.items()])
    finally:
        pool.terminate()


def main() -> None:
    """Adopt the topic that the settings name."""
    settings = read_settings(Settings)
    configure_logs("processing-adopt", settings.log_level)
    print(asyncio.run(adopt_events(settings)))  # noqa: T201


if __name__ == "__main__":
    main()
