"""The final comparison: every number of the stack against the independent count of what was told.

`differences` looks once; `assert_exact` gives what is still on its way the time to arrive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import asyncpg
import httpx
from gauges_read import read_gauges
from loopback import HTTP
from motcua_kernel.snapshot import decode
from motcua_platform.state_codec import state_to_value
from motcua_sample_dak_rlap import Counts
from sample_share import FIRST_DAY, LAST_DAY, MONTH, figures, identities
from stack_under_fault import SCHEMA, Stack
from states_read import last_states
from waiting import until

SETTLE_SECONDS: Final = 180.0
AGREE_SECONDS: Final = 60.0


def assert_exact(stack: Stack, agree_seconds: float = AGREE_SECONDS) -> None:
    """Wait until all work is done, then until every number agrees."""
    wait_settled(stack)
    seen: list[str] = []

    def agree() -> bool:
        seen[:] = differences(stack)
        return not seen

    try:
        until("every figure is exact", agree, agree_seconds)
    except AssertionError:
        raise AssertionError("the figures are not exact:\n" + "\n".join(seen[:40])) from None


def wait_settled(stack: Stack) -> None:
    """Wait until processing has applied the log and published every state."""
    told: Any = None

    def settled() -> bool:
        nonlocal told
        told = _get(stack, "/v1/progress")
        return told is not None and told["lag"] + told["unpublished"] == 0

    try:
        until("all is applied and published", settled, SETTLE_SECONDS)
    except AssertionError as error:
        raise AssertionError(f"{error}; progress {told!r}; see {stack.logs}") from None


def _get(stack: Stack, path: str, **query: str) -> Any:
    try:
        answer = HTTP.get(f"{stack.addresses.processing}{path}", params=query)
    except httpx.TransportError:
        return None
    return answer.json() if answer.is_success else None


def differences(stack: Stack) -> list[str]:
    """Every number that differs now, as a line that names it."""
    books = asyncio.run(_read_books(stack))
    return [
        *_of_books(stack, books),
        *_of_states(stack, books),
        *_of_summary(stack),
        *_of_gauges(stack),
    ]


@dataclass(frozen=True)
class _Books:
    journal: int
    quarantined: int
    snapshots: dict[str, bytes]


async def _read_books(stack: Stack) -> _Books:
    connection = await asyncpg.connect(
        stack.servers.database_url, server_settings={"search_path": SCHEMA}
    )
    try:
        rows = await connection.fetch("SELECT code, snapshot FROM dossiers")
        return _Books(
            await connection.fetchval("SELECT count(*) FROM journal"),
            await connection.fetchval("SELECT count(*) FROM quarantine"),
            {row["code"]: row["snapshot"] for row in rows},
        )
    finally:
        await connection.close()


def _of_books(stack: Stack, books: _Books) -> Iterator[str]:
    yield from _differ("journal rows", books.journal, len(identities(stack.delivered)))
    yield from _differ("quarantined", books.quarantined, 0)
    dossiers = {one.event["subject"] for one in stack.delivered}
    yield from _differ("dossiers", len(books.snapshots), len(dossiers))


def _of_states(stack: Stack, books: _Books) -> Iterator[str]:
    """The last record of each key is the row as it is now."""
    published = last_states(stack.servers.kafka.bootstrap)
    for code in sorted(published.keys() | books.snapshots.keys()):
        snapshot = decode(books.snapshots.get(code, b""))
        wanted = state_to_value(snapshot) if snapshot else None
        if published.get(code) != wanted:
            yield f"lost or stale state of {code}"


def _of_summary(stack: Stack) -> Iterator[str]:
    told = {"unit": "666", "from": str(FIRST_DAY), "to": str(LAST_DAY)}
    answer = _get(stack, "/v1/summary/departments", **told)
    whole = _get(stack, "/v1/summary", **told)
    if answer is None or whole is None:
        yield "the summary does not answer"
        return
    yield from _differ("residual of the summary", whole["balance_residual"], 0)
    rows = {(row["unit"], row["department"]): _counts(row) for row in answer["rows"]}
    expected = figures(stack.delivered, FIRST_DAY, LAST_DAY)
    for row in sorted(rows.keys() | expected.keys()):
        yield from _differ(
            f"summary of {row}", rows.get(row, Counts()), expected.get(row, Counts())
        )


def _counts(row: dict[str, Any]) -> Counts:
    resolved = row["resolved"]
    return Counts(
        carried_over=row["carried_over"],
        received=row["received"],
        resolved_early=resolved["early"],
        resolved_on_time=resolved["on_time"],
        resolved_overdue=resolved["overdue"],
        withdrawn=row["withdrawn"],
        stopped=row["stopped"],
        refused=row["refused"],
        in_progress=row["in_progress"]["total"],
        resolved_no_deadline=resolved["no_deadline"],
    )


def _of_gauges(stack: Stack) -> Iterator[str]:
    """By department for the month, by unit for the year; open dossiers as they are now."""
    gauges = read_gauges(stack.addresses.metrics)
    if not gauges.residuals:
        yield "no balance residual is shown"
    for unit, residual in gauges.residuals.items():
        yield from _differ(f"balance residual of {unit}", residual, 0)
    month = figures(stack.delivered, MONTH, LAST_DAY)
    year = _by_unit(stack, FIRST_DAY)
    for row in sorted(month.keys() | gauges.month.keys()):
        yield from _differ(
            f"gauges of the month of {row}",
            gauges.month.get(row, Counts()),
            _without_carried(month.get(row, Counts())),
        )
    for unit in sorted(year.keys() | gauges.year.keys()):
        yield from _differ(
            f"gauges of the year of {unit}",
            gauges.year.get(unit, Counts()),
            _without_open(year.get(unit, Counts())),
        )


def _by_unit(stack: Stack, first: date) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for (unit, _), counts in figures(stack.delivered, first, LAST_DAY).items():
        found.setdefault(unit, Counts()).add(counts)
    return found


def _without_carried(counts: Counts) -> Counts:
    """No gauge shows what was carried over."""
    return Counts(**(vars(counts) | {"carried_over": 0}))


def _without_open(counts: Counts) -> Counts:
    """Open dossiers belong to no period; the gauges show them by department."""
    return Counts(**(vars(counts) | {"carried_over": 0, "in_progress": 0}))


def _differ(what: str, found: object, wanted: object) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found} instead of {wanted}"
