"""A province's summary as of a moment in the middle of what is loaded (law L4).

One district's ten months are folded and then copied inside PostgreSQL, with codes and identities
of their own, until there are as many dossiers as a province of 1.25 million a year has. One event
in a hundred was recorded up to ten days late, the others within a minute. What the registry got
later are the holidays of the next year.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

import asyncpg
from motcua_contracts.topics import DOSSIER_EVENTS, topics
from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.events import Event, content_hash, identity_hash
from motcua_kernel.fold import fold
from motcua_kernel.instant import DAY, MINUTE, Instant, at_local
from motcua_kernel.registry import CalendarDay, Registry
from motcua_platform.dossier_codec import event_to_value
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.registry_history import RegistryHistory
from motcua_platform.registry_reader import read_registry
from motcua_processing.adapters import bulk
from motcua_processing.adapters.log_books import open_books
from motcua_processing.adapters.log_identity import log_identity
from motcua_processing.adapters.postgres import DOSSIER_COLUMNS, JOURNAL_COLUMNS, connect
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.application.as_of import Answer, figures_as_of
from motcua_processing.application.questions import Question, Span
from motcua_processing.domain.identity import Entry, Place
from motcua_processing.domain.projection import project
from motcua_processing.domain.views import View, counted_units
from motcua_processing.migrate import sqlalchemy_url
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import create_async_engine

from bench.results import Row
from bench.stack import SCHEMA, Parts, fresh_schema

PROVINCE_YEAR: Final = 1_250_000
"""Dossiers that a province receives."""
_PROVINCE: Final = "67"
_FIRST, _LAST = date(2020, 1, 1), date(2020, 12, 31)
_MOMENT: Final = at_local(date(2020, 6, 30), 24 * 60 - 1)
_ENACTED: Final = at_local(date(2020, 10, 1), 9 * 60)
_REPEATED: Final = 3

Say = Callable[[str], None]


async def as_of_row(parts: Parts, district: list[Event], dossiers: int, say: Say) -> Row:
    """Seconds of the slowest of several questions, beside one bare pass over the dossiers."""
    registry = await read_registry(KafkaConnection(parts.bootstrap))
    connection = await fresh_schema(parts)
    pool = await connect(parts.database_url, SCHEMA)
    started = time.perf_counter()
    indexes = await bulk.drop_indexes(connection, SCHEMA)
    one = await _fill(parts, pool, district, registry)
    copies = dossiers // one
    await asyncio.gather(_copy(pool, _JOURNAL_COPY, copies), _copy(pool, _DOSSIER_COPY, copies))
    await bulk.build_indexes(pool, indexes)
    for table in ("journal", "dossiers"):
        await connection.execute(f"VACUUM (ANALYZE) {table}")
    say(f"  {one * (copies + 1):,} dossiers in {time.perf_counter() - started:.0f} s")
    bare = await _seconds(lambda: connection.fetchval("SELECT sum(due_day) FROM dossiers"))
    taken = await _ask(parts, registry, connection, say)
    await connection.close()
    await pool.close()
    return Row.of("asof.province_year_s", max(taken), "s", target=5, baseline=bare)


async def _fill(parts: Parts, pool: asyncpg.Pool, district: list[Event], registry: Registry) -> int:
    """The district's events and dossiers as processing leaves them; returns how many dossiers."""
    log = await log_identity(KafkaConnection(parts.bootstrap), DOSSIER_EVENTS)
    await open_books(pool, DOSSIER_EVENTS, log)
    rows = await pool.fetch('SELECT topic, "partition", id FROM log_partition')
    books = {(row[0], row[1]): row[2] for row in rows}
    events: dict[tuple[str, str], Event] = {}
    for number, event in enumerate(district):
        lag = (number % 1_000) * DAY // 100 if number % 100 == 0 else number % MINUTE
        recorded = Instant(event.occurred_at + lag)
        events.setdefault(event.identity, replace(event, recorded_at=recorded))
    told: dict[str, list[Event]] = {}
    for event in events.values():
        told.setdefault(event.dossier, []).append(event)
    partitions = topics()[DOSSIER_EVENTS].partitions
    in_order = sorted(events.values(), key=lambda event: event.recorded_at)
    entries = (_entry(event, number, partitions) for number, event in enumerate(in_order))
    async with pool.acquire() as connection:
        await bulk.copy_journal(connection, entries, books)
        projected = [project(fold(code, one, registry), registry) for code, one in told.items()]
        await bulk.copy_dossiers(connection, projected)
        await connection.execute(
            "UPDATE registry_position SET registry_offset = $1", registry.offset
        )
    return len(told)


def _entry(event: Event, number: int, partitions: int) -> Entry:
    place = Place(event.recorded_at, DOSSIER_EVENTS, number % partitions, number // partitions)
    identity = identity_hash(event.publisher, event.event_id)
    return Entry(event, identity, content_hash(event), place, event_to_value(event))


_RENAMED: Final = "replace({0}, '.31.H16', '.' || (100 + copy) || '.H16')"
_JOURNAL_RENAMED: Final = {
    "identity": "decode(md5(identity || int4send(copy)), 'hex')",
    "dossier": _RENAMED.format("dossier"),
    "event_id": "event_id || '-' || copy",
    "voids": "voids || '-' || copy",
}
_DOSSIER_RENAMED: Final = {"code": _RENAMED.format("code")}


def _copying(table: str, columns: Sequence[str], renamed: Mapping[str, str], order: str) -> str:
    """The statement that appends copies of all rows of a table, in the order of a column."""
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(renamed.get(one, one) for one in columns)} "
        f"FROM {table}, generate_series(1, $1::int) copy ORDER BY {order}"
    )


_JOURNAL_COPY: Final = _copying("journal", JOURNAL_COLUMNS, _JOURNAL_RENAMED, "recorded_at")
_DOSSIER_COPY: Final = _copying("dossiers", DOSSIER_COLUMNS, _DOSSIER_RENAMED, "received_at")


async def _copy(pool: asyncpg.Pool, statement: str, copies: int) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL work_mem = '1GB'")
        await connection.execute(statement, copies, timeout=1_200)


async def _ask(
    parts: Parts, registry: Registry, connection: asyncpg.Connection[Any], say: Say
) -> list[float]:
    engine = create_async_engine(
        sqlalchemy_url(parts.database_url),
        connect_args={"server_settings": {"search_path": SCHEMA}},
    )
    history = await _holidays_later(registry, connection)
    units = counted_units(registry, _PROVINCE, View.AS_THEN, _LAST)
    question = Question(units, Span.of(_FIRST, _LAST, _MOMENT), _MOMENT)
    projections = SqlProjections(engine)
    answers: list[Answer] = []

    async def ask() -> None:
        known = history.as_known(_MOMENT)
        answers.append(await figures_as_of(projections.past, known, question, history))

    taken = [await _seconds(ask) for _ in range(1 + _REPEATED)]
    await engine.dispose()
    total = answers[0].total
    if any(answer != answers[0] for answer in answers) or total.balance_residual:
        raise RuntimeError("the answers differ, or do not balance")
    say(f"  {total.received:,} received, {total.in_progress.total():,} in progress then;")
    say(f"  first {taken[0]:.2f} s, then {median(taken[1:]):.2f} s")
    return taken


async def _holidays_later(
    registry: Registry, connection: asyncpg.Connection[Any]
) -> RegistryHistory:
    history = RegistryHistory(registry)
    new_year = date(2021, 1, 1)
    entries = [
        (
            registry.offset + 1 + number,
            CalendarDay(
                Layer.NATIONAL,
                "",
                new_year + timedelta(days=number),
                DayKind.CLOSED,
                (),
                "a notice",
            ),
        )
        for number in range(10)
    ]
    history.append(registry.with_entries(entries), entries, [_ENACTED] * len(entries))
    await connection.execute("UPDATE registry_position SET registry_offset = $1", entries[-1][0])
    return history


async def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started
