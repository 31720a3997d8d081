"""Take the events topic as it is now for the true one: `python -m motcua_processing.adopt`.

For a topic that was created anew or restored: processing has stopped at it, and goes on from its
start by the identity of the events, so that nothing is lost and nothing counts twice.
"""

from __future__ import annotations

import asyncio

from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_platform.logs import configure_logs
from motcua_platform.settings import read_settings

from motcua_processing.adapters.log_books import adopt
from motcua_processing.adapters.log_identity import log_identity
from motcua_processing.adapters.postgres import connect
from motcua_processing.settings import Settings


async def adopt_events(settings: Settings) -> int:
    """Adopt the events topic; returns the number of its partitions.

    Raises:
        Transient: Kafka or the database is away.
    """
    log = await log_identity(settings.kafka_bootstrap, DOSSIER_EVENTS)
    pool = await connect(settings.database_url.get_secret_value(), settings.database_schema)
    try:
        return await adopt(pool, DOSSIER_EVENTS, log)
    finally:
        pool.terminate()


def main() -> None:
    """Adopt the topic that the settings name."""
    settings = read_settings(Settings)
    configure_logs("processing-adopt", settings.log_level)
    print(asyncio.run(adopt_events(settings)))  # noqa: T201


if __name__ == "__main__":
    main()
