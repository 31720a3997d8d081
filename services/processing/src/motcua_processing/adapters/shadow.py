"""The shadow of the books: a second schema that a rebuild fills, compares and swaps in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from motcua_processing.adapters.admin_events import carry_works
from motcua_processing.adapters.notice_books import carry_pending
from motcua_processing.adapters.postgres import AnyConnection, PostgresBooks
from motcua_processing.adapters.reporting_books import carry_reporting
from motcua_processing.domain.identity import Known

_IN_ORDER: Final = (
    "registry_position",
    "log_partition",
    "journal",
    "dossiers",
    "publication",
    "quarantine",
    "publisher_watch",
    "registry_work",
    "admin_event",
    "admin_topic_read",
    "notice",
    "reporting_terms",
    "reporting_unit",
)


@dataclass(frozen=True, slots=True)
class Differences:
    """Dossiers that a rebuild found otherwise than the live projections."""

    changed: list[str]
    missing: list[str]
    """Only the live projections have them."""
    surplus: list[str]
    """Only the rebuilt ones have them."""

    @property
    def codes(self) -> list[str]:
        """All of them: what has to be published."""
        return [*self.changed, *self.missing, *self.surplus]

    def __str__(self) -> str:
        return (
            f"changed={len(self.changed)}, missing={len(self.missing)}, surplus={len(self.surplus)}"
        )


async def finish_offsets(
    connection: AnyConnection, ends: Mapping[tuple[str, int], int], registry_offset: int
) -> None:
    """Say in the shadow how far it has been filled."""
    for (topic, partition), end in ends.items():
        await connection.execute(
            'UPDATE log_partition SET next_offset = $3 WHERE topic = $1 AND "partition" = $2',
            topic,
            partition,
            end,
        )
    await connection.execute("UPDATE registry_position SET registry_offset = $1", registry_offset)


async def hold(connection: AnyConnection, live: str) -> None:
    """Let nothing touch the live tables until the transaction ends; what runs finishes first.

    In the order in which a batch takes them, so that neither waits for the other in a circle.
    """
    tables = ", ".join(f'"{live}".{table}' for table in _IN_ORDER)
    await connection.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")


async def registry_of(connection: AnyConnection, live: str) -> int:
    """The registry offset of the live projections."""
    return await connection.fetchval(f'SELECT registry_offset FROM "{live}".registry_position')


async def applied(connection: AnyConnection, live: str) -> dict[tuple[str, int], int]:
    """How far the live books have applied each partition."""
    rows = await connection.fetch(
        f'SELECT topic, "partition", next_offset FROM "{live}".log_partition'
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def behind(
    connection: AnyConnection, live: str, shadow: str
) -> dict[tuple[str, int], tuple[int, int]]:
    """Partitions in which the live books are further: from and up to which offset."""
    rows = await connection.fetch(
        'SELECT topic, "partition", s.next_offset, l.next_offset '
        f'FROM "{live}".log_partition l '
        f'JOIN "{shadow}".log_partition s USING (topic, "partition") ORDER BY 1, 2'
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows if row[3] > row[2]}


async def differences(connection: AnyConnection, live: str, shadow: str) -> Differences:
    """Compare the snapshots of both."""
    rows = await connection.fetch(
        "SELECT coalesce(s.code, l.code), l.code IS NULL, s.code IS NULL "
        f'FROM "{live}".dossiers l FULL JOIN "{shadow}".dossiers s USING (code) '
        "WHERE l.snapshot IS DISTINCT FROM s.snapshot"
    )
    found = Differences([], [], [])
    for code, only_shadow, only_live in rows:
        (found.surplus if only_shadow else found.missing if only_live else found.changed).append(
            code
        )
    return found


async def swap(connection: AnyConnection, live: str, shadow: str) -> None:
    """Put the shadow in the place of the live schema, with the marks that are still waiting."""
    await connection.execute(
        f'INSERT INTO "{shadow}".publication (lane, codes) '
        f'SELECT lane, codes FROM "{live}".publication ORDER BY id'
    )
    await connection.execute(
        f'UPDATE "{shadow}".quarantine s SET published = l.published, verdict = l.verdict '
        f'FROM "{live}".quarantine l WHERE l.id = s.id'
    )
    await connection.execute(
        f'INSERT INTO "{shadow}".publisher_watch SELECT * FROM "{live}".publisher_watch '
        "ON CONFLICT (publisher) DO UPDATE SET recent = excluded.recent, "
        "closed = excluded.closed, decided_at = excluded.decided_at"
    )
    await carry_pending(connection, live, shadow)
    await carry_works(connection, live, shadow)
    await carry_reporting(connection, live, shadow)
    await connection.execute(f'DROP SCHEMA "{live}" CASCADE')
    await connection.execute(f'ALTER SCHEMA "{shadow}" RENAME TO "{live}"')


async def number_marks_after(connection: AnyConnection, live: str, shadow: str) -> None:
    """Marks of the shadow get numbers that no live mark had: a publisher may still clear those."""
    await connection.execute(
        f"SELECT setval('\"{shadow}\".publication_id_seq', "
        f'greatest((SELECT last_value FROM "{live}".publication_id_seq), '
        f'(SELECT last_value FROM "{shadow}".publication_id_seq)))'
    )


async def keep_first(books: PostgresBooks, identity: bytes) -> tuple[list[Known], set[str]]:
    """Of the entries under one identity keep the one recorded first.

    Returns the conflicting ones, and the dossiers that any of them named.
    """
    told = await books.all_told(identity)
    first, *others = sorted(told, key=lambda one: one[0].place)
    await books.remove_told([row for _, row in others])
    conflicts = [known for known, _ in others if known.content != first[0].content]
    return conflicts, {known.dossier for known, _ in told}
