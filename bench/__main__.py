"""`make bench`: each figure beside its floor, in one run, into bench/results/latest.json."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from pathlib import Path

from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.registry_reader import read_registry
from motcua_processing.rebuild import Rebuild
from motcua_processing.settings import Settings

from bench.as_of import PROVINCE_YEAR, as_of_row
from bench.deadlines import due_row, province_rows, sample_row
from bench.floor import bulk_seconds, consume_seconds, merge_seconds, take_rows
from bench.fold import fold_row
from bench.freshness import freshness_row
from bench.idle import idle_rows
from bench.intake import intake_rows
from bench.live import live_seconds
from bench.metrics import metrics_rows
from bench.province import fill_province
from bench.results import Row, write
from bench.stack import Parts, bare_parts, in_schema, parts
from bench.workload import copies, district_year, load

ONLY = ("fold", "paths", "idle", "as_of", "deadlines", "intake", "metrics", "freshness")
ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run the rows that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    parser.add_argument("--only", choices=ONLY)
    asked = parser.parse_args()
    folder = ROOT / "var" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows: list[Row] = []
    if asked.only != "metrics":
        with parts(folder / "district") as running:
            rows += asyncio.run(_rows(running, asked.events, asked.only))
    if asked.only in (None, "metrics"):
        _say("metrics with a province in memory ...")
        rows += metrics_rows(folder / "metrics", asked.dossiers, _say)
    if asked.only in (None, "deadlines"):
        rows += _province(folder / "province", asked.dossiers)
    write(rows)
    _say("")
    for row in rows:
        print(row.line())


def _province(folder: Path, dossiers: int) -> list[Row]:
    """A swap day over a province's dossiers in progress."""
    _say(f"a swap day over {dossiers:,} dossiers in progress ...")
    with bare_parts(folder) as running:
        communes = fill_province(running.bootstrap)
        rows = asyncio.run(province_rows(running, communes, dossiers, _say))
        rows.append(asyncio.run(due_row(running, communes)))
    return rows


async def _rows(running: Parts, events: int, only: str | None) -> list[Row]:
    rows: list[Row] = []
    if only in (None, "idle"):
        _say("services at rest ...")
        rows += await idle_rows(running)
    if only in (None, "intake"):
        _say("intake over HTTP ...")
        rows += await intake_rows(running)
    if only in (None, "freshness"):
        _say("from a POST to the gauge ...")
        rows.append(await freshness_row(running))
    district = district_year()
    if only in (None, "fold"):
        _say("the fold alone ...")
        rows.append(fold_row(district, await read_registry(KafkaConnection(running.bootstrap))))
    if only in (None, "as_of"):
        _say(f"a summary of {PROVINCE_YEAR:,} dossiers as of a moment ...")
        rows.append(await as_of_row(running, district, PROVINCE_YEAR, _say))
    if only in (None, "deadlines"):
        _say("a swap day over the sample ...")
        rows.append(await sample_row(running, _say))
    if only in (None, "paths"):
        copied = copies(district, 1 + events // len(district))
        _say(f"loading {events:,} events into Kafka ...")
        load(running.bootstrap, copied, events)
        rows += await _paths(running, events)
    return rows


async def _paths(running: Parts, events: int) -> list[Row]:
    """The live path and the rebuild over one log, each beside its floor."""
    _say("floor: a bare consumer ...")
    consuming = consume_seconds(running.bootstrap, events)
    _say(f"  {events / consuming:,.0f} events/s; the live path ...")
    seconds, measured = await live_seconds(running, events)
    live = measured / seconds
    _say(f"  {live:,.0f} events/s; the rebuild ...")
    report = await Rebuild(_settings(running), _say).run()
    rebuild = report.records / report.fill_seconds
    _say(f"  {rebuild:,.0f} events/s, {report.differences}; floor: PostgreSQL ...")
    connection = await in_schema(running)
    taken = await take_rows(connection)
    merging = await merge_seconds(connection, taken)
    filling = await bulk_seconds(connection, taken)
    await connection.close()
    _say(f"  merging {events / merging:,.0f}, filling {events / filling:,.0f} rows/s")
    return [
        Row.of(
            "live.events_per_s",
            live,
            "events/s",
            target=20_000,
            baseline=events / (consuming + merging),
        ),
        Row.of(
            "rebuild.events_per_s",
            rebuild,
            "events/s",
            target=150_000,
            baseline=events / max(consuming, filling),
        ),
    ]


def _settings(running: Parts) -> Settings:
    return Settings.model_validate(
        {
            "environment": "development",
            "kafka_bootstrap": running.bootstrap,
            "database_url": running.database_url,
        }
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
