"""The shadow of the books: a second schema that a rebuild fills, compares and swaps in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from motcua_processing.adapters.postgres import AnyConnection, PostgresBooks
from motcua_processing.domain.identity import Known


@dataclass(frozen=True, slots=True)
class Differences:
    """What a rebuild found otherwise than the live projections."""

    changed: int
    missing: int
    surplus: int


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


async def behind(connection: AnyConnection, live: str, shadow: str) -> dict[int, tuple[int, int]]:
    """Partitions in which the live books are further: from and up to which offset.

    Locks the live rows, so that nothing more is applied while the transaction lives.
    """
    rows = await connection.fetch(
        f'SELECT l."partition", s.next_offset, l.next_offset FROM "{live}".log_partition l '
        f'JOIN "{shadow}".log_partition s USING (topic, "partition") ORDER BY 1 FOR UPDATE OF l'
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[2] > row[1]}


async def differences(connection: AnyConnection, live: str, shadow: str) -> Differences:
    """Compare the snapshots of both."""
    row = await connection.fetchrow(
        "SELECT count(*) FILTER (WHERE l.code IS NOT NULL AND s.code IS NOT NULL), "
        "count(*) FILTER (WHERE s.code IS NULL), count(*) FILTER (WHERE l.code IS NULL) "
        f'FROM "{live}".dossiers l FULL JOIN "{shadow}".dossiers s USING (code) '
        "WHERE l.snapshot IS DISTINCT FROM s.snapshot"
    )
    assert row is not None  # noqa: S101 - an aggregate has a row
    return Differences(row[0], row[1], row[2])


async def changed_codes(connection: AnyConnection, live: str, shadow: str) -> list[str]:
    """The dossiers whose rebuilt state has to be published."""
    rows = await connection.fetch(
        f'SELECT s.code FROM "{shadow}".dossiers s LEFT JOIN "{live}".dossiers l USING (code) '
        "WHERE l.snapshot IS DISTINCT FROM s.snapshot"
    )
    return [row[0] for row in rows]


async def swap(connection: AnyConnection, live: str, shadow: str) -> None:
    """Put the shadow in the place of the live schema, with the marks that are still waiting."""
    await connection.execute(
        f'INSERT INTO "{shadow}".publication (lane, codes) '
        f'SELECT lane, codes FROM "{live}".publication ORDER BY id'
    )
    await connection.execute(
        f'UPDATE "{shadow}".quarantine s SET published = true '
        f'FROM "{live}".quarantine l WHERE l.id = s.id AND l.published'
    )
    await connection.execute(f'DROP SCHEMA "{live}" CASCADE')
    await connection.execute(f'ALTER SCHEMA "{shadow}" RENAME TO "{live}"')


async def keep_first(books: PostgresBooks, identity: bytes) -> tuple[list[Known], set[str]]:
    """Of the entries under one identity keep the one recorded first.

    Returns the conflicting ones, and the dossiers that any of them named.
    """
    told = await books.all_told(identity)
    first, *others = sorted(told, key=lambda one: one[0].place)
    await books.remove_told([row for _, row in others])
    conflicts = [known for known, _ in others if known.content != first[0].content]
    return conflicts, {known.dossier for known, _ in told}
