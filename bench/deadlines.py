"""A swap day over a million dossiers in progress, while events go on flowing.

What-if: the slowest of three. Apply: from writing the entries until the rows are committed, their
states are acknowledged by Kafka, and every gauge agrees with processing. Notices are left for
later: telling those of a million dossiers for the first time takes minutes, and no other day does.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import asyncpg
import httpx
import numpy as np
from google.protobuf.json_format import MessageToDict
from motcua_cli.local.addresses import Addresses, choose_addresses
from motcua_cli.local.services import Servers, program
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import read_registry
from motcua_kernel.clock import Ledger, Limit, LimitUnit, due
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant, at_local
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.registry_reader import read_registry as registry_in_log
from motcua_processing.domain.columnar import due_columns
from prometheus_client.parser import text_string_to_metric_families

from bench.province import PROVINCE, SWAP, hand_overs, open_dossiers
from bench.results import Row
from bench.stack import Parts, end, fresh_schema, until
from bench.workload import copies, district_year, load

RATE: Final = 500
_BATCH: Final = 50
_TRIES: Final = 3
Counts = dict[tuple[str, str, str], int]
Say = Callable[[str], None]


async def sample_row(running: Parts, say: Say) -> Row:
    """The what-if on the district's year of the sample, of which all dossiers are known."""
    events = district_year()
    load(running.bootstrap, copies(events, 1), len(events))
    connection = await fresh_schema(running)
    with services(running, ("processing",)) as addresses:
        await _applied(connection, len(events))
        entries = [
            {"calendarDay": {"layer": "CALENDAR_LAYER_NATIONAL", "day": day, "kind": kind}}
            for day, kind in (("2020-09-04", "DAY_KIND_CLOSED"), ("2020-09-05", "DAY_KIND_WORKING"))
        ]
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            seconds, answer = await _what_if(http, addresses, entries)
    await connection.close()
    say(f"  what-if on the sample {seconds:.3f} s: {_said(answer)}")
    return Row.of("deadlines.whatif_sample_s", seconds, "s", target=0.5, baseline=0.5)


async def province_rows(running: Parts, communes: list[str], number: int, say: Say) -> list[Row]:
    """What-if and apply over `number` dossiers, with events flowing."""
    say(f"  loading {number:,} dossiers into Kafka ...")
    told = load(running.bootstrap, open_dossiers(communes, number), 10 * number)
    connection = await fresh_schema(running)
    with services(running, ("processing", "metrics")) as addresses:
        say(f"  {told:,} events; processing and metrics take them in ...")
        await _applied(connection, told)
        async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
            await until(lambda: _gauges_agree(http, addresses), 600)
            with _flow(running.bootstrap, hand_overs(communes, number)):
                rows = await _swap(running, http, addresses, connection, say)
    await connection.close()
    return rows


async def _swap(
    running: Parts,
    http: httpx.AsyncClient,
    addresses: Addresses,
    connection: asyncpg.Connection[Any],
    say: Say,
) -> list[Row]:
    wanted = read_registry([SWAP])
    entries = [MessageToDict(one.entry) for one in wanted]
    tries = [await _what_if(http, addresses, entries) for _ in range(_TRIES)]
    slowest = max(seconds for seconds, _ in tries)
    answer = tries[-1][1]
    say(f"  what-if {[round(seconds, 2) for seconds, _ in tries]} s: {_said(answer)}")
    crossing = int(answer["total"]["crossing"])
    started = time.monotonic()
    await apply_entries(KafkaConnection(running.bootstrap), wanted)
    committed = await until(lambda: _works_done(http, addresses)) - started
    newest = await connection.fetchval("SELECT coalesce(max(id), 0) FROM publication")
    acknowledged = await until(lambda: _published(connection, newest)) - started
    counted = await _counted(http, addresses)
    agreed = await until(lambda: _shows(http, addresses, counted)) - started
    say(f"  committed {committed:.1f} s, acknowledged {acknowledged:.1f} s, agreed {agreed:.1f} s")
    restated = (await http.get(f"{addresses.processing}/v1/restatements")).json()["restatements"][0]
    say(f"  restated: crossing {restated['crossing']}, moved {restated['moved']}")
    floor = await _update_seconds(connection, crossing)
    return [
        Row.of("deadlines.crossing", crossing, "dossiers", target=300_000, baseline=1_000_000),
        Row.of("deadlines.whatif_1m_s", slowest, "s", target=3, baseline=3),
        Row.of("deadlines.apply_1m_s", agreed, "s", target=60, baseline=floor),
    ]


async def due_row(running: Parts, communes: list[str], number: int = 300_000) -> Row:
    """Due dates in columns, beside the same one by one."""
    registry = await registry_in_log(KafkaConnection(running.bootstrap))
    calendar = registry.calendar(communes[0])
    assert calendar is not None  # noqa: S101 - the registry has just been written
    limit = Limit(LimitUnit.WORKING_DAYS, 10 * 480)
    rng = np.random.default_rng(1)
    first = at_local(date(2025, 1, 6), 0)
    received = first + rng.integers(0, 250 * 86_400_000, number)
    started = time.perf_counter()
    due_columns(calendar, limit, received)
    together = (time.perf_counter() - started) / number * 1e6
    some = [Instant(one) for one in received[: number // 10].tolist()]
    started = time.perf_counter()
    for one in some:
        due(Ledger(limit, one), calendar)
    alone = (time.perf_counter() - started) / len(some) * 1e6
    return Row.of("deadlines.due_date_us", together, "us", target=3, baseline=alone)


async def _what_if(
    http: httpx.AsyncClient, addresses: Addresses, entries: list[dict[str, Any]]
) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    answer = await http.post(
        f"{addresses.processing}/v1/registry/preview", json={"entries": entries}
    )
    answer.raise_for_status()
    return time.perf_counter() - started, answer.json()


def _said(answer: dict[str, Any]) -> str:
    total = answer["total"]
    return json.dumps(
        {name: total[name] for name in ("crossing", "moved", "withdrawn", "appeared")}
    )


async def _works_done(http: httpx.AsyncClient, addresses: Addresses) -> bool:
    progress = (await http.get(f"{addresses.processing}/v1/registry/progress")).json()
    return (
        not progress["works"]
        and (await http.get(f"{addresses.processing}/v1/restatements")).json()["restatements"] != []
    )


async def _published(connection: asyncpg.Connection[Any], newest: int) -> bool:
    return not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM publication WHERE id <= $1)", newest
    )


async def _gauges_agree(http: httpx.AsyncClient, addresses: Addresses) -> bool:
    """Whether every gauge of open dossiers is what processing counts, by unit and department."""
    try:
        return await _shows(http, addresses, await _counted(http, addresses))
    except httpx.HTTPError:
        return False


async def _counted(http: httpx.AsyncClient, addresses: Addresses) -> Counts:
    """Open dossiers by unit, department and timing, by processing."""
    answer = await http.get(
        f"{addresses.processing}/v1/summary/departments",
        params={"unit": PROVINCE, "from": "2025-01-01", "to": "2026-12-31"},
    )
    answer.raise_for_status()
    return {
        (row["unit"], row["department"], timing): count
        for row in answer.json()["rows"]
        for timing, count in row["in_progress"].items()
        if timing != "total" and count
    }


async def _shows(http: httpx.AsyncClient, addresses: Addresses, counted: Counts) -> bool:
    """Whether the gauges show these counts and nothing else; the events that flow change none."""
    exposition = await http.get(f"{addresses.metrics}/metrics")
    shown: Counts = {}
    for family in text_string_to_metric_families(exposition.text):
        if family.name == "motcua_dossiers_in_progress":
            for sample in family.samples:
                labels = sample.labels
                key = (labels["unit"], labels["department"], labels["timing"])
                shown[key] = shown.get(key, 0) + int(sample.value)
    return bool(counted) and counted == {key: count for key, count in shown.items() if count}


async def _update_seconds(connection: asyncpg.Connection[Any], number: int) -> float:
    """The floor of an apply: PostgreSQL rewriting as many rows, in one statement."""
    started = time.monotonic()
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "UPDATE dossiers SET due_day = due_day WHERE code IN "
        "(SELECT code FROM dossiers ORDER BY code LIMIT $1)",
        number,
    )
    await transaction.rollback()
    return time.monotonic() - started


async def _applied(connection: asyncpg.Connection[Any], events: int) -> None:
    async def done() -> bool:
        applied = await connection.fetchval(
            "SELECT coalesce(sum(next_offset), 0) FROM log_partition"
        )
        return applied >= events and not await connection.fetchval(
            "SELECT EXISTS (SELECT FROM publication)"
        )

    await until(done, 900)
    await connection.execute("ANALYZE dossiers")


@contextmanager
def services(running: Parts, names: tuple[str, ...]) -> Generator[Addresses]:
    addresses = choose_addresses()
    servers = Servers(KafkaConnection(running.bootstrap), running.database_url)
    processes: list[subprocess.Popen[bytes]] = []
    for name in names:
        one = program(name, servers, addresses)
        own = {"MOTCUA_NOTICE_TICK_SECONDS": "3600"} if name == "processing" else {}
        with (running.folder / f"{name}.log").open("ab") as errors:
            processes.append(
                subprocess.Popen(one.argv, env=dict(one.env or {}) | own, stderr=errors)
            )
    try:
        yield addresses
    finally:
        for process in processes:
            end(process)


@contextmanager
def _flow(bootstrap: str, events: Iterator[Event]) -> Generator[None]:
    """Write events at `RATE` a second until left."""
    ended = threading.Event()

    def write() -> None:
        following = time.monotonic()
        while not ended.is_set():
            load(bootstrap, events, _BATCH)
            following += _BATCH / RATE
            ended.wait(max(0.0, following - time.monotonic()))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
