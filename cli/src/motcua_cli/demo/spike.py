"""The scenario of the spike: one department's dossiers turn overdue together, and it is paged.

Twelve dossiers of a district's department end their due day without a result. In the evening
nothing is wrong yet; on the morning after, the clock alone has made them overdue.
"""

import asyncio
from datetime import date
from pathlib import Path
from typing import Final

import httpx
from motcua_kernel.instant import HOUR, Instant, local_date
from motcua_platform.kafka_connection import KafkaConnection
from motcua_sample_dak_rlap.publishers import publisher_of
from motcua_sample_dak_rlap.spikes import Spike, spiked_year

from motcua_cli import clock_entries
from motcua_cli.console import counting, heading, plain, say
from motcua_cli.demo.checks import Checks
from motcua_cli.demo.figures import UNIT, Question
from motcua_cli.demo.playing import publish_all, settle_all
from motcua_cli.demo.sample import keys_of, sample_entries
from motcua_cli.demo.stage import Stage
from motcua_cli.demo.telling_alerts import say_alerts
from motcua_cli.errors import CommandError
from motcua_cli.local.alerts import RoutedAlert, await_alerts, routed_alerts
from motcua_cli.local.observability import Watching
from motcua_cli.local.running import running_system
from motcua_cli.local.waiting import say_addresses, wait_for_end
from motcua_cli.publishing.deliveries import Delivery
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import Sourced
from motcua_cli.vietnamese import day

ALERT: Final = "MotcuaOverdueSpike"
_EVENING: Final = -6 * HOUR
_MORNING: Final = 9 * HOUR
"""From the midnight at which the due day ends."""
_PAGED_SECONDS: Final = 120.0


def play_spike(folder: Path, *, seed: int, leave: bool) -> int:
    """Play the scenario; how many checks have failed. `leave` ends it, else Ctrl-C does.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
        CommandError: there is no Prometheus, or a part does not do what it must.
    """
    year = spiked_year(seed)
    spike = max((one for one in year.spikes if one.unit == UNIT), key=lambda one: one.begins)
    evening = Instant(spike.begins + _EVENING)
    keys = keys_of(folder)
    _, *entries = sample_entries(keys)
    entries = [clock_entries.frozen(evening), *entries]
    told = [
        Delivery(one.publisher, one.event, one.delivered_at)
        for one in year.deliveries
        if one.publisher == publisher_of(UNIT) and one.delivered_at <= evening
    ]
    with (
        running_system(folder, lambda kafka: _fill(kafka, entries)) as system,
        httpx.Client(timeout=30.0, trust_env=False) as http,
    ):
        if system.watching is None:
            raise CommandError("Kịch bản cần Prometheus.", "This scenario needs Prometheus.")
        here = Stage(system, http, keys)
        publish_all(told, system.addresses, keys)
        checks = Checks()
        _play(here, system.watching, spike, checks)
        say_addresses(system)
        if not leave:
            say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop.")
            wait_for_end()
    return checks.failed


def _fill(kafka: KafkaConnection, entries: list[Sourced]) -> None:
    asyncio.run(apply_entries(kafka, entries))


def _play(here: Stage, watching: Watching, spike: Spike, checks: Checks) -> None:
    morning = Instant(spike.begins + _MORNING)
    question = Question(UNIT, date(2020, 1, 1), spike.due_day)
    next_day = Question(UNIT, date(2020, 1, 1), local_date(morning))
    heading(
        f"1. Chiều {day(spike.due_day)}, hết ngày hẹn trả",
        "The evening of the due day: nothing is overdue yet",
    )
    settled = settle_all(here.http, here.ask(question), here.system.addresses)
    plain(f"  {spike.unit} / {spike.department}: {spike.dossiers} hồ sơ · dossiers")
    before = _overdue(here, question, spike)
    early = [one.name for one in routed_alerts(here.http, watching) if one.name == ALERT]

    heading("2. Sáng hôm sau: chỉ có đồng hồ chạy", "The next morning: the clock alone has moved")
    here.move_clock(morning, next_day)
    after = _overdue(here, next_day, spike)
    say(f"Quá hạn: {before} → {after}", f"overdue: {before} → {after}")

    heading("3. Cảnh báo", "The page")
    with counting() as bars:
        bars.add_task("Chờ cảnh báo · waiting for the alert", total=None)
        alerts = await_alerts(here.http, watching, _PAGED_SECONDS, _is_spike)
    say_alerts(alerts)

    heading("Đối chiếu", "Checks")
    checks.none(
        "Buổi chiều, mọi chỉ số giống API",
        "in the evening every gauge is the API's figure",
        settled.disagreements(),
    )
    checks.none("Buổi chiều chưa có cảnh báo", "no spike alert in the evening", early)
    checks.equal("Số quá hạn tăng thêm", "overdue grew by", after - before, spike.dossiers)
    checks.that(
        "Chỉ phòng đó được cảnh báo, gửi cho đơn vị đó",
        "that department alone is paged, to its unit's receiver",
        holds=[(one.labels["unit"], one.labels["department"], one.receivers) for one in alerts]
        == [(spike.unit, spike.department, (f"unit-{spike.unit}",))],
    )


def _is_spike(alert: RoutedAlert) -> bool:
    return alert.name == ALERT


def _overdue(here: Stage, question: Question, spike: Spike) -> int:
    """In progress and overdue in the department, as the API answers."""
    return sum(
        row.in_progress.overdue
        for row in here.ask(question).departments()
        if (row.unit, row.department) == (spike.unit, spike.department)
    )
