"""The columns of bookkeeping that comparisons leave out: all of them, and only here.

`LEFT_OUT` holds for every comparison. `PLACES` is left out as well where the same events lie in
another log: what they come to must be equal, where they stand cannot be.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

LEFT_OUT: Final[dict[str, frozenset[str]]] = {
    "log_partition": frozenset({"id"}),  # a number in the order of first opening
    "journal": frozenset({"log_partition"}),  # that number again
    "dossiers": frozenset(),
    "quarantine": frozenset({"published"}),  # done or not yet, not what
    "registry_position": frozenset(),
    "registry_work": frozenset({"id"}),
}
"""By table. `publication` is left out whole, as it holds only marks of work to be done, and so are
the tables that the log of dossier events does not make: `admin_event` and `notice`."""

PLACES: Final[dict[str, frozenset[str]]] = {"journal": frozenset({"log_offset"})}


async def columns(connection: Any, table: str, *, also_out: bool = False) -> list[str]:
    """The columns of a table that are compared, as the database itself lists them."""
    found = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass "
        "AND attnum > 0 AND NOT attisdropped ORDER BY attname",
        table,
    )
    out = LEFT_OUT[table]
    if also_out and table in PLACES:
        out |= PLACES[table]
    return [row[0] for row in found if row[0] not in out]


async def rows(connection: Any, table: str, *, another_log: bool = False) -> list[tuple[Any, ...]]:
    """The compared columns of all rows, in an order that the contents decide."""
    names = await columns(connection, table, also_out=another_log)
    listed = ", ".join(f'"{name}"' for name in names)
    found = await connection.fetch(f"SELECT {listed} FROM {table}")
    return sorted((tuple(row) for row in found), key=repr)


async def everything(
    connection: Any, *, another_log: bool = False
) -> dict[str, list[tuple[Any, ...]]]:
    """The compared columns of all tables."""
    return {table: await rows(connection, table, another_log=another_log) for table in LEFT_OUT}


async def fingerprint(connection: Any) -> dict[str, str]:
    """A hash of each table's compared columns."""
    found: dict[str, str] = {}
    for table in LEFT_OUT:
        digest = hashlib.sha256()
        for row in await rows(connection, table):
            digest.update(repr(row).encode())
        found[table] = digest.hexdigest()
    return found
