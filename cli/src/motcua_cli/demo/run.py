"""The demo's story: registry, a year of events, settled figures, and what they say."""

import time
from pathlib import Path

import httpx
from motcua_sample_dak_rlap import generate

from motcua_cli.console import counting, out, plain, say
from motcua_cli.demo.figures import FiguresClient
from motcua_cli.demo.outcome import Outcome, say_outcome
from motcua_cli.demo.playing import publish_all, settle_all
from motcua_cli.demo.sample import fill_registry, keys_of
from motcua_cli.demo.table import departments_table
from motcua_cli.demo.telling_alerts import show_alerts
from motcua_cli.local.running import Running, running_system
from motcua_cli.local.waiting import say_addresses, wait_for_end
from motcua_cli.publishing.deliveries import Delivery
from motcua_cli.vietnamese import whole


def run_demo(
    data: Path, summary: Path, *, seed: int, altered: bool, leave: bool, observability: bool
) -> Outcome:
    """Run the demo over `data`; `leave` ends it after the figures, else Ctrl-C does.

    The figures are written to `summary` before anything is printed.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
        CommandError: a part does not do what it must.
    """
    began = time.monotonic()
    deliveries = sample_year(seed, altered=altered)
    keys = keys_of(data)
    with (
        running_system(
            data, lambda kafka: fill_registry(kafka, keys), observability=observability
        ) as system,
        httpx.Client(timeout=30.0, trust_env=False) as http,
    ):
        client = FiguresClient(http, system.addresses.processing)
        publish_all(deliveries, system.addresses, keys)
        settled = settle_all(http, client, system.addresses)
        outcome = Outcome(settled, len(deliveries), time.monotonic() - began)
        outcome.write(summary)
        _show(outcome, client, system)
        if system.watching is not None:
            show_alerts(http, system.watching)
        if not leave:
            say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop.")
            wait_for_end()
    return outcome


def sample_year(seed: int, *, altered: bool) -> list[Delivery]:
    """What the systems of the district hand in, made behind a progress bar."""
    with counting() as bars:
        bars.add_task("Dựng năm mẫu · generating the sample year", total=None)
        return [
            Delivery(one.publisher, one.event, one.delivered_at)
            for one in generate(seed, altered=altered)
        ]


def _show(outcome: Outcome, client: FiguresClient, system: Running) -> None:
    out.print(departments_table(client.departments(), outcome.figures))
    say_outcome(outcome)
    say(
        f"{whole(outcome.events)} sự kiện, {outcome.seconds:.0f} giây.",
        f"{outcome.events:,} deliveries, {outcome.seconds:.0f} s.",
    )
    say_addresses(system)
    overdue = client.an_overdue_dossier()
    if overdue is not None:
        where = f"{system.addresses.processing}/v1/dossiers/{overdue}"
        plain(f"  {'Một hồ sơ quá hạn / overdue':<28} {where}")
