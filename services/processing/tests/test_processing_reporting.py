"""What dashboards read from the database is what the kernel says, for the role they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from itertools import product
from typing import Any

import asyncpg
import pytest
from asyncpg import Pool
from motcua_kernel.instant import Instant, at_local, day_number
from motcua_kernel.registry import ClockMapping, Registry
from motcua_kernel.snapshot import Snapshot, decode
from motcua_kernel.verdict import Outcome, Timing, outcome, timing
from motcua_processing.adapters import shadow
from motcua_processing.adapters.postgres import connect
from motcua_processing.adapters.reporting_books import keep_reporting
from motcua_processing.domain.small_cells import suppress
from motcua_processing.migrate import migrate
from open_books_of_tests import SCHEMA
from sample_registry import sample_registry

pytestmark = pytest.mark.real

DISTRICT = "666"
SMALLEST = 5
END_OF_YEAR = at_local(date(2020, 12, 31), 1439)
MOMENTS = [
    at_local(date(2020, 10, 9), 1),
    at_local(date(2020, 10, 9), 1439),
    END_OF_YEAR,
]


def frozen(moment: Instant) -> Registry:
    """The sample's registry, in which it is a moment of the past for good."""
    registry = sample_registry()
    mapping = ClockMapping(Instant(0), moment, 0.0)
    return registry.with_entries([(registry.offset + 1, mapping)])


def of_the_role(url: str) -> str:
    """The address by which a dashboard comes in."""
    return url.replace("//postgres@", "//motcua_reporting@")


@pytest.fixture
async def pool(loaded_copy: str) -> AsyncIterator[Pool]:
    """The applied sample, as the service has it."""
    opened = await connect(loaded_copy, SCHEMA)
    yield opened
    opened.terminate()


@pytest.fixture
async def dashboard(loaded_copy: str, pool: Pool) -> AsyncIterator[Any]:
    """A connection of the role that dashboards have, at the end of the sample's year."""
    await keep_reporting(pool, frozen(END_OF_YEAR), SMALLEST)
    connection = await asyncpg.connect(of_the_role(loaded_copy))
    yield connection
    await connection.close()


async def snapshots(pool: Pool) -> dict[str, Snapshot]:
    """All dossiers of the sample that were received."""
    rows = await pool.fetch("SELECT code, snapshot FROM dossiers WHERE received_at > 0")
    found = {row[0]: decode(row[1]) for row in rows}
    return {code: one for code, one in found.items() if one is not None}


def timing_at(one: Snapshot, now: Instant) -> Timing:
    derived = one.derived
    return timing(derived.due, paused=derived.paused, now=now, soon_until=0, rests=derived.rests)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_the_list_of_overdue_dossiers_is_that_of_the_kernel(
    pool: Pool, moment: Instant
) -> None:
    await keep_reporting(pool, frozen(moment), SMALLEST)
    opened = {code: one for code, one in (await snapshots(pool)).items() if not one.state.is_ended}
    expected = {c for c, one in opened.items() if timing_at(one, moment) is Timing.OVERDUE}
    assert 0 < len(expected) < len(opened)

    rows = await pool.fetch("SELECT * FROM reporting_overdue($1, 1000)", DISTRICT)

    assert {row["code"] for row in rows} == expected
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)
    today = date.fromordinal(day_number(moment))
    assert all(row["days"] == (today - row["due"]).days for row in rows)
    assert {row["unit"] for row in rows} == {opened[code].state.reporting_unit for code in expected}


async def test_a_dossier_is_in_one_list_or_the_other(pool: Pool) -> None:
    moment = MOMENTS[0]
    await keep_reporting(pool, frozen(moment), SMALLEST)
    running = {
        code
        for code, one in (await snapshots(pool)).items()
        if not one.state.is_ended
        and one.derived.due is not None
        and timing_at(one, moment) is not Timing.PAUSED
    }

    overdue = await pool.fetch("SELECT code FROM reporting_overdue($1, 1000)", DISTRICT)
    ahead = await pool.fetch("SELECT code, days FROM reporting_due_ahead($1, 400, 1000)", DISTRICT)

    assert {row[0] for row in overdue} | {row[0] for row in ahead} == running
    assert not {row[0] for row in overdue} & {row[0] for row in ahead}
    assert all(row["days"] >= 0 for row in ahead)


async def test_counts_by_procedure_are_the_outcomes_of_the_kernel_with_small_cells_kept_back(
    pool: Pool, dashboard: Any
) -> None:
    counted: dict[str, Counter[Outcome]] = {}
    for one in (await snapshots(pool)).values():
        resolved_at = one.state.resolved_at
        if at_local(date(2020, 6, 1), 0) <= resolved_at < at_local(date(2020, 7, 1), 0):
            row = counted.setdefault(one.state.procedure, Counter())
            row[outcome(one.derived.due, resolved_at)] += 1
    assert any(0 < count < SMALLEST for row in counted.values() for count in row.values())

    rows = await dashboard.fetch(
        "SELECT * FROM motcua.reporting_procedures($1, $2)", DISTRICT, date(2020, 6, 15)
    )

    parts = ("early", "on_time", "overdue", "no_deadline")
    assert len(rows) == len(counted)
    for row in rows:
        exact = {part: counted[row["procedure"]][Outcome(part)] for part in parts}
        shown = [row[part] for part in parts]
        assert all(have in {None, exact[part]} for part, have in zip(parts, shown, strict=True))
        assert not any(have is not None and 0 < have < SMALLEST for have in shown)


async def test_due_days_add_up_to_the_list_and_keep_small_ones_back(dashboard: Any) -> None:
    rows = await dashboard.fetch("SELECT * FROM motcua.reporting_due_days($1, 400)", DISTRICT)
    listed = await dashboard.fetch(
        "SELECT due FROM motcua.reporting_due_ahead($1, 400, 1000)", DISTRICT
    )
    exact = Counter(row["due"] for row in listed)
    assert {row["due"] for row in rows} == set(exact)
    for row in rows:
        number = exact[row["due"]]
        assert row["dossiers"] == (None if number < SMALLEST else number)


async def test_small_cells_are_kept_back_as_the_public_summary_keeps_them(pool: Pool) -> None:
    cases = [
        ({"a": a, "b": b, "c": c}, smallest)
        for a, b, c in product(range(8), repeat=3)
        for smallest in range(2, 7)
    ]
    for parts, smallest in cases:
        expected = suppress(parts, smallest)
        shown = await pool.fetchval(
            "SELECT reporting_shown($1::bigint[], $2)", list(parts.values()), smallest
        )
        assert shown == [*expected.parts.values(), expected.total], (parts, smallest)


async def test_no_list_is_longer_than_a_thousand(pool: Pool, dashboard: Any) -> None:
    columns = await pool.fetchval(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_schema = 'motcua' AND table_name = 'dossiers' AND column_name <> 'code'"
    )
    overdue = await pool.fetchval("SELECT code FROM reporting_overdue($1, 1)", DISTRICT)
    await pool.execute(
        f"INSERT INTO dossiers (code, {columns}) SELECT code || '-' || copy, {columns} "
        "FROM dossiers, generate_series(1, 1500) AS copy WHERE code = $1",
        overdue,
    )
    asked = await dashboard.fetch("SELECT * FROM motcua.reporting_overdue($1, 100000)", DISTRICT)
    usual = await dashboard.fetch("SELECT * FROM motcua.reporting_overdue($1)", DISTRICT)
    assert (len(asked), len(usual)) == (1000, 500)


async def test_a_department_has_the_dossiers_that_it_leads(dashboard: Any) -> None:
    whole = await dashboard.fetch("SELECT * FROM motcua.reporting_overdue($1, 1000)", DISTRICT)
    departments = {row["department"] for row in whole}
    assert len(departments) > 1
    for one in departments:
        rows = await dashboard.fetch(
            "SELECT * FROM motcua.reporting_overdue($1, 1000, $2)", DISTRICT, one
        )
        assert rows == [row for row in whole if row["department"] == one]


async def test_a_unit_that_nobody_knows_has_an_empty_list(dashboard: Any) -> None:
    assert await dashboard.fetch("SELECT * FROM motcua.reporting_overdue('00000')") == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT snapshot FROM motcua.dossiers LIMIT 1",
        "SELECT value FROM motcua.journal LIMIT 1",
        "SELECT * FROM motcua.reporting_unit",
        "SELECT * FROM motcua.reporting_running('666')",
        "DELETE FROM motcua.dossiers",
        "INSERT INTO motcua.reporting_terms VALUES (2, 0, 0, 0, 1, 5)",
        "CREATE TABLE motcua.mine (one int)",
        "CREATE TABLE public.mine (one int)",
        "CREATE FUNCTION motcua.reporting_now(int) RETURNS bigint LANGUAGE sql RETURN 0",
    ],
)
async def test_the_role_of_dashboards_reads_no_table_and_writes_nothing(
    dashboard: Any, statement: str
) -> None:
    await dashboard.execute("SET default_transaction_read_only = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await dashboard.execute(statement)


async def test_the_role_of_dashboards_is_read_only_and_stopped_in_time(dashboard: Any) -> None:
    shown = [
        await dashboard.fetchval(f"SHOW {name}")
        for name in ("default_transaction_read_only", "statement_timeout", "lock_timeout")
    ]
    assert shown == ["on", "10s", "500ms"]
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await dashboard.execute("CREATE TEMP TABLE mine (one int)")
    role = await dashboard.fetchrow(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolconnlimit "
        "FROM pg_roles WHERE rolname = current_user"
    )
    assert tuple(role) == (False, False, False, False, 20)


async def test_dashboards_read_on_after_a_rebuild_has_swapped_the_schema(
    loaded_copy: str, dashboard: Any
) -> None:
    question = "SELECT * FROM motcua.reporting_overdue($1)"
    before = await dashboard.fetch(question, DISTRICT)
    await migrate(loaded_copy, "motcua_rebuild")
    connection = await asyncpg.connect(loaded_copy)
    async with connection.transaction():
        await shadow.hold(connection, SCHEMA)
        await connection.execute(
            "INSERT INTO motcua_rebuild.dossiers SELECT * FROM motcua.dossiers WHERE code <> $1",
            before[0]["code"],
        )
        await connection.execute("SET LOCAL search_path TO motcua_rebuild")
        await shadow.swap(connection, SCHEMA, "motcua_rebuild")
    await connection.close()

    assert before
    assert await dashboard.fetch(question, DISTRICT) == before[1:]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await dashboard.execute("SELECT * FROM motcua.dossiers")


async def test_an_older_registry_does_not_replace_a_newer_one(pool: Pool) -> None:
    await keep_reporting(pool, frozen(END_OF_YEAR), SMALLEST)
    await keep_reporting(pool, sample_registry(), 99)
    assert await pool.fetchval("SELECT reporting_now()") == END_OF_YEAR
    assert await pool.fetchval("SELECT small_cell FROM reporting_terms") == SMALLEST
