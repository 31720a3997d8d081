"""The notices in PostgreSQL, and a table of the connection's own that says when to look again.

`looked_at` lives as long as the connection: for each dossier looked at, the version of its row
(`xmin`) and the next moment of interest. A successor starts with an empty one and looks at all.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import asyncpg
from motcua_kernel.instant import Instant
from motcua_platform.errors import Transient

from motcua_processing.adapters.notices_topic import notice_from_value, notice_to_value
from motcua_processing.adapters.postgres import AnyConnection, transient_errors
from motcua_processing.application.notice_deadlines import Pending, Seen
from motcua_processing.domain.notices import Act, Notice

_COLUMNS: Final = (
    "id",
    "dossier",
    "subject",
    "step",
    "act",
    "rung",
    "due_day",
    "due_moment",
    "noticed_at",
    "withdrawn",
    "record",
    "published",
)
_TYPES: Final = (
    *("text", "text", "smallint", "text", "smallint", "smallint"),
    *("int", "bigint", "bigint", "boolean", "bytea", "boolean"),
)
_INSERT: Final = (
    f"INSERT INTO notice ({', '.join(_COLUMNS)}) SELECT * FROM unnest("
    + ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_TYPES, start=1))
    + ") ON CONFLICT (id) DO NOTHING"
)
_CHANGED: Final = """
SELECT coalesce(d.code, l.code), d.code IS NULL
FROM (SELECT code, xmin AS version FROM dossiers WHERE watch_day <= $1) d
FULL JOIN looked_at l ON l.code = d.code
WHERE l.code IS NULL OR d.code IS NULL OR l.version IS DISTINCT FROM d.version
"""
_CHANGED_UNWATCHED: Final = """
SELECT l.code FROM looked_at l LEFT JOIN dossiers d ON d.code = l.code
WHERE l.code = ANY($1::text[]) AND l.version IS DISTINCT FROM d.xmin
"""
_TOLD_OTHERWISE: Final = """
SELECT DISTINCT n.dossier FROM notice n LEFT JOIN dossiers d ON d.code = n.dossier
WHERE n.act <> $2 AND NOT n.withdrawn AND (
    n.noticed_at > $1 OR d.code IS NULL OR (n.subject = 1 AND (
        d.due_day IS DISTINCT FROM n.due_day
        OR (NOT d.due_by_day AND d.due_moment IS DISTINCT FROM n.due_moment))))
"""
_MARK_WITHDRAWN: Final = """
UPDATE notice n SET withdrawn = (w.times % 2 = 1) FROM (
    SELECT regexp_replace(id, ':withdrawn:[0-9]+$', '') AS id, count(*) AS times
    FROM notice WHERE act = $1 AND ($2::text[] IS NULL OR dossier = ANY($2)) GROUP BY 1) w
WHERE w.id = n.id
"""


class PostgresNotices:
    """See `application.notice_deadlines.NoticeBooks` for what each method promises.

    Every method raises Transient when the database is away; `start` then connects anew.
    """

    def __init__(self, url: str, schema: str) -> None:
        """Nothing happens before `start`."""
        self._url = url
        self._schema = schema
        self._connection: Any = None

    async def start(self) -> None:
        """Connect, and remember nothing."""
        await self.stop()
        with _patience():
            self._connection = await asyncpg.connect(
                self._url, server_settings={"search_path": self._schema, "jit": "off"}
            )
            await self._connection.execute(
                "CREATE TEMP TABLE looked_at (code text PRIMARY KEY, version xid, again bigint)"
            )
            await self._connection.execute("CREATE INDEX ON looked_at (again)")

    async def stop(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        with _patience():
            async with self._connection.transaction():
                yield

    async def rest_on(self, registry_offset: int) -> bool:
        return await self._value(
            "SELECT registry_offset = $1 AND NOT EXISTS (SELECT FROM registry_work) "
            "FROM registry_position",
            registry_offset,
        )

    async def due(self, now: Instant, limit: int) -> list[str]:
        rows = await self._rows(
            "SELECT code FROM looked_at WHERE again <= $1 ORDER BY again LIMIT $2", now, limit
        )
        return [row[0] for row in rows]

    async def next_due(self) -> Instant | None:
        return await self._value("SELECT min(again) FROM looked_at")

    async def changed(self, until_day: int) -> list[str]:
        rows = await self._rows(_CHANGED, until_day)
        unwatched = [row[0] for row in rows if row[1]]
        changed = await self._rows(_CHANGED_UNWATCHED, unwatched) if unwatched else []
        return [*(row[0] for row in rows if not row[1]), *(row[0] for row in changed)]

    async def told_otherwise(self, since: Instant) -> list[str]:
        return [row[0] for row in await self._rows(_TOLD_OTHERWISE, since, Act.WITHDRAWN)]

    async def seen(self, codes: Sequence[str], *, lock: bool = False) -> list[Seen]:
        rows = await self._rows(
            "SELECT code, xmin::text, snapshot FROM dossiers WHERE code = ANY($1::text[]) "
            "ORDER BY code" + (" FOR SHARE" if lock else ""),
            codes,
        )
        told: dict[str, list[Notice]] = {}
        for row in await self._rows(
            "SELECT record FROM notice WHERE dossier = ANY($1::text[]) ORDER BY number", codes
        ):
            notice = notice_from_value(row[0])
            told.setdefault(notice.dossier, []).append(notice)
        found = {row[0]: (row[1], row[2]) for row in rows}
        return [Seen(code, *found.get(code, (None, None)), told.get(code, ())) for code in codes]

    async def remember(self, looks: Mapping[tuple[str, str | None], Instant | None]) -> None:
        kept = [(*seen, again) for seen, again in looks.items() if again is not None]
        gone = [code for (code, _), again in looks.items() if again is None]
        if kept:
            await self._execute(
                "INSERT INTO looked_at "
                "SELECT * FROM unnest($1::text[], $2::text[]::xid[], $3::bigint[]) "
                "ON CONFLICT (code) DO UPDATE SET version = excluded.version, "
                "again = excluded.again",
                *(list(column) for column in zip(*kept, strict=True)),
            )
        if gone:
            await self._execute("DELETE FROM looked_at WHERE code = ANY($1::text[])", gone)

    async def forget(self) -> None:
        await self._execute("TRUNCATE looked_at")

    async def tidy(self) -> None:
        await self._execute("VACUUM (ANALYZE) looked_at")

    async def add(self, notices: Sequence[Notice]) -> None:
        with _patience():
            await add_notices(self._connection, notices, published=False)

    async def pending(self, limit: int) -> list[Pending]:
        rows = await self._rows(
            "SELECT n.id, n.dossier, coalesce(nullif(d.resolving_unit, ''), d.receiving_unit), "
            "n.record FROM notice n LEFT JOIN dossiers d ON d.code = n.dossier "
            "WHERE NOT n.published ORDER BY n.number LIMIT $1",
            limit,
        )
        return [
            Pending(row[0], row[1], row[2] or notice_from_value(row[3]).unit, row[3])
            for row in rows
        ]

    async def published(self, ids: Sequence[str]) -> None:
        await self._execute("UPDATE notice SET published = true WHERE id = ANY($1::text[])", ids)

    async def applied(self) -> dict[tuple[str, int], int]:
        """How far each partition of the event topics has been applied."""
        rows = await self._rows('SELECT topic, "partition", next_offset FROM log_partition')
        return {(row[0], row[1]): row[2] for row in rows}

    async def are_empty(self) -> bool:
        """Whether the books hold no notice at all: new ones, or ones that were lost."""
        return await self._value("SELECT NOT EXISTS (SELECT FROM notice)")

    async def refill(self, told: AsyncIterable[Sequence[Notice]]) -> None:
        """Take in all notices that the topic has."""
        async with self.transaction():
            async for notices in told:
                await add_notices(self._connection, notices, published=True)
            await mark_withdrawn(self._connection)

    async def _rows(self, question: str, *arguments: Any) -> list[Any]:
        with _patience():
            return await self._connection.fetch(question, *arguments)

    async def _value(self, question: str, *arguments: Any) -> Any:
        with _patience():
            return await self._connection.fetchval(question, *arguments)

    async def _execute(self, statement: str, *arguments: Any) -> None:
        with _patience():
            await self._connection.execute(statement, *arguments)


async def add_notices(
    connection: AnyConnection, notices: Sequence[Notice], *, published: bool
) -> None:
    """Store notices in order; known ids are left alone."""
    if not notices:
        return
    rows = [
        (
            one.id,
            one.dossier,
            one.subject,
            one.step,
            one.act,
            one.rung,
            one.due_day,
            one.due_moment,
            one.noticed_at,
            False,
            notice_to_value(one),
            published,
        )
        for one in notices
    ]
    await connection.execute(_INSERT, *(list(column) for column in zip(*rows, strict=True)))
    withdrawn = [one.dossier for one in notices if one.act is Act.WITHDRAWN]
    if withdrawn and not published:
        await mark_withdrawn(connection, withdrawn)


async def mark_withdrawn(connection: AnyConnection, dossiers: list[str] | None = None) -> None:
    """Say of each notice of these dossiers, or of all, whether it is withdrawn."""
    await connection.execute(_MARK_WITHDRAWN, Act.WITHDRAWN, dossiers)


async def carry_pending(connection: AnyConnection, live: str, shadow: str) -> None:
    """Take over into the shadow, which is first in the search path, what waits for publication."""
    columns = ", ".join(_COLUMNS)
    await connection.execute(
        f'INSERT INTO "{shadow}".notice ({columns}) SELECT {columns} FROM "{live}".notice '
        "WHERE NOT published ORDER BY number ON CONFLICT (id) DO NOTHING"
    )
    await mark_withdrawn(connection)


@contextmanager
def _patience() -> Generator[None]:
    try:
        yield
    except transient_errors() as error:
        raise Transient(type(error).__name__) from error
