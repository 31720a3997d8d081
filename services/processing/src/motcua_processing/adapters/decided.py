"""Decisions about quarantined records, brought to the records whichever of the two comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from motcua.admin.v1.admin_pb2 import AdminEvent, QuarantineDecision

from motcua_processing.application.decisions import ID_PREFIX

if TYPE_CHECKING:
    from motcua_processing.adapters.postgres import AnyConnection


_NEWER_GATE: Final = """
INSERT INTO publisher_watch AS known (publisher, recent, closed, decided_at)
VALUES ($1, '', $2, $3)
ON CONFLICT (publisher) DO UPDATE
SET closed = $2, decided_at = $3,
    recent = CASE WHEN (known.decided_at, known.closed) = ($3, $2) THEN known.recent ELSE '' END
WHERE known.decided_at < $3 OR (known.decided_at = $3 AND NOT $2)
"""
"""A decision that the books took and the topic does not have yet is not undone by an older one.

Where domain time stands still the opening is the later of the two.
"""


async def mark(connection: AnyConnection, decision: QuarantineDecision) -> bool:
    """Write a decision to its record; False where there is none, or it is decided already."""
    done = await connection.fetchval(
        "UPDATE quarantine SET verdict = $2 WHERE id = $1 AND verdict = 0 RETURNING true",
        decision.record,
        int(decision.verdict),
    )
    return bool(done)


async def mark_decided(connection: AnyConnection, records: Sequence[bytes]) -> None:
    """Bring what admin events decided to the records, and to the gates of publishers."""
    for record in records:
        event = AdminEvent.FromString(record)
        if event.WhichOneof("event") == "quarantine_decision":
            await mark(connection, event.quarantine_decision)
        elif event.WhichOneof("event") == "publisher_gate":
            gate = event.publisher_gate
            await connection.execute(
                _NEWER_GATE,
                gate.publisher,
                gate.closed,
                event.occurred_at,
            )


async def mark_known(connection: AnyConnection, names: Sequence[str]) -> None:
    """Bring to new records what was decided about them before: the log is read again."""
    rows = await connection.fetch(
        "SELECT record FROM admin_event WHERE id = ANY($1::text[])",
        [ID_PREFIX + name for name in names],
    )
    await mark_decided(connection, [row[0] for row in rows])
