"""Quarantined records, admin events and releases on their way into their topics."""

from __future__ import annotations

from faststream.kafka import KafkaBroker
from motcua_contracts.topics import ADMIN_EVENTS, DOSSIER_RELEASED, QUARANTINE
from motcua_platform.dossier_codec import event_headers, event_to_value

from motcua_processing.application.decisions import released_event


class Telling:
    """Sends each record under a name that no repetition changes."""

    def __init__(self, broker: KafkaBroker) -> None:
        self._broker = broker

    async def quarantined(self, name: str, record: bytes) -> None:
        """Send a quarantined record."""
        await self._broker.publish(record, QUARANTINE, key=name.encode())

    async def admin_event(self, name: str, record: bytes) -> None:
        """Send an admin event; before it, the event that it releases.

        After a crash between the two the release is sent again, and is a repetition.
        """
        event = released_event(record)
        if event is not None:
            await self._broker.publish(
                event_to_value(event),
                DOSSIER_RELEASED,
                key=event.dossier.encode(),
                headers={header: value.decode() for header, value in event_headers(event)},
            )
        await self._broker.publish(record, ADMIN_EVENTS, key=name.encode())
