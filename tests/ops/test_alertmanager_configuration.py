"""Alertmanager's configuration: what its own tool says of it, and of where alerts go."""

from __future__ import annotations

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from alert_rules import ALERTS, ROOT
from motcua_cli.alerting.alertmanager import (
    OUTAGES,
    alertmanager_configuration,
    standing_units,
)
from motcua_cli.alerting.receivers import Receivers, Smtp, Target, read_receivers
from motcua_cli.commands.observability import registry_of
from motcua_cli.errors import CommandError
from motcua_cli.main import app
from motcua_kernel.calendar import DayKind, Layer, Window
from motcua_kernel.instant import at_local
from motcua_kernel.registry import CalendarDay, Registry
from typer.testing import CliRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motcua_cli.stack.observability_binaries import ObservabilityBinaries

TODAY: Final = date(2026, 1, 5)
_CALENDARS: Final = ROOT / "samples" / "calendars" / "vietnam-2020-2026"
_UNITS: Final = ROOT / "samples" / "lam-dong" / "registry"
_KIEN_DUC: Final = "24733-2025"
_HALF_DAY: Final = date(2026, 3, 4)
_RECEIVERS: Final = Receivers(
    operator=Target(email="van-hanh@example.org"),
    each_unit=Target(webhook="http://gate.example.org/{unit}"),
    smtp=Smtp("mail.example.org:587", "motcua@example.org", "motcua", "/etc/motcua/smtp-password"),
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The 124 communes, and one that closes at noon on a day of its own."""
    read = registry_of([_CALENDARS, _UNITS])
    morning = (Window(450, 690),)
    half = CalendarDay(Layer.COMMUNE, _KIEN_DUC, _HALF_DAY, DayKind.HALF, morning)
    return read.with_entries([(read.offset + 1, half)])


@pytest.fixture(scope="module")
def configuration(registry: Registry) -> str:
    return alertmanager_configuration(registry, _RECEIVERS, TODAY)


@pytest.fixture(scope="module")
def route(
    configuration: str,
    observability: ObservabilityBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Router:
    file = tmp_path_factory.mktemp("alertmanager") / "alertmanager.yml"
    file.write_text(configuration, "utf-8")
    return Router(observability.amtool, file)


class Router:
    """amtool on one configuration."""

    def __init__(self, amtool: Path, file: Path) -> None:
        self._amtool = amtool
        self._file = file

    def check(self) -> str:
        return self._run("check-config", str(self._file))

    def receiver(self, **labels: str) -> str:
        named = [f"{name}={value}" for name, value in labels.items()]
        file = f"--config.file={self._file}"
        return self._run("config", "routes", "test", file, *named).strip()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            (str(self._amtool), *arguments), capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_alertmanager_accepts_a_province_of_124_communes(route: Router) -> None:
    assert "SUCCESS" in route.check()


def test_each_unit_that_stands_has_a_route_to_its_own_receiver(
    registry: Registry, configuration: str
) -> None:
    units = standing_units(registry, TODAY)
    assert len(units) == 125
    told = {one["name"]: one for one in yaml.safe_load(configuration)["receivers"]}
    for unit in units:
        hooks = told[f"unit-{unit.id}"]["webhook_configs"]
        assert hooks == [{"url": f"http://gate.example.org/{unit.id}"}]


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ({"audience": "unit", "severity": "warning", "unit": _KIEN_DUC}, f"unit-{_KIEN_DUC}"),
        ({"audience": "unit", "severity": "warning", "unit": "24733"}, "province"),
        ({"audience": "province", "severity": "critical"}, "province"),
        ({"audience": "publisher", "severity": "warning"}, "publisher"),
        ({"audience": "operator", "severity": "critical"}, "operator"),
        ({"audience": "operator", "severity": "warning"}, "operator"),
        ({"audience": "operator", "severity": "info"}, "shown-only"),
        ({"alertname": "Watchdog", "severity": "none", "audience": "operator"}, "watchdog"),
    ],
)
def test_an_alert_goes_to_those_whom_it_concerns(
    route: Router, labels: dict[str, str], receiver: str
) -> None:
    assert route.receiver(**labels) == receiver


def test_routes_are_open_in_exactly_the_working_time_of_the_unit(
    registry: Registry, configuration: str
) -> None:
    document = yaml.safe_load(configuration)
    intervals = {one["name"]: one["time_intervals"] for one in document["time_intervals"]}
    units = next(one for one in document["route"]["routes"] if "routes" in one)["routes"]
    offices: set[tuple[str, ...]] = set()
    for unit in (_KIEN_DUC, "24751-2025"):
        own = next(one for one in units if one["matchers"] == [f'unit="{unit}"'])
        (opened,), (shut,) = own["active_time_intervals"], own["mute_time_intervals"]
        offices.add((opened, shut))
        calendar = registry.calendar(unit)
        assert calendar is not None
        for day, minute in _half_hours(TODAY, calendar.horizon):
            told = _within(intervals[opened], day, minute) and not _within(
                intervals[shut], day, minute
            )
            assert told == calendar.is_working(at_local(day, minute)), (unit, day, minute)
    assert len(offices) == 2, "the commune with a half day keeps a time of its own"


def test_critical_alerts_of_the_operator_wait_for_nothing(configuration: str) -> None:
    routes = yaml.safe_load(configuration)["route"]["routes"]
    critical = next(one for one in routes if one["matchers"] == ['severity="critical"'])
    assert not {"active_time_intervals", "mute_time_intervals"} & critical.keys()


def test_an_outage_of_the_province_holds_the_alerts_of_communes_back(configuration: str) -> None:
    outage, lag, storm, worse = yaml.safe_load(configuration)["inhibit_rules"]
    assert outage["source_matchers"] == [f'alertname=~"{"|".join(OUTAGES)}"']
    assert outage["target_matchers"] == lag["target_matchers"]
    assert outage["target_matchers"] == ['audience=~"unit|province|publisher"']
    assert "equal" not in outage
    assert storm["target_matchers"] == ['alertname="MotcuaOverdueSpike"']
    assert "alertname" in worse["equal"]


def test_the_alerts_that_hold_others_back_exist_and_are_critical() -> None:
    severities = {rule.alert: rule.labels["severity"] for rule in ALERTS}
    for name in (*OUTAGES, "MotcuaOverdueSpikeWidespread"):
        assert severities[name] == "critical"
    assert ("MotcuaConsumerLag", "critical") in {
        (rule.alert, rule.labels["severity"]) for rule in ALERTS
    }


def test_the_command_writes_what_the_registry_and_the_receivers_make(
    tmp_path: Path, observability: ObservabilityBinaries
) -> None:
    out = tmp_path / "alertmanager.yml"
    shipped = ROOT / "deploy" / "observability" / "alertmanager" / "receivers.yaml"
    places = [str(_CALENDARS), str(_UNITS), "--receivers", str(shipped), "--out", str(out)]
    done = CliRunner().invoke(
        app, ["observability", "alertmanager", *places, "--on", TODAY.isoformat()]
    )
    assert done.exit_code == 0, done.output
    assert "SUCCESS" in Router(observability.amtool, out).check()
    assert f"unit-{_KIEN_DUC}" in out.read_text("utf-8")


def test_the_shipped_receivers_can_be_read_and_tell_nobody() -> None:
    file = ROOT / "deploy" / "observability" / "alertmanager" / "receivers.yaml"
    assert read_receivers(file) == Receivers()


def test_a_misspelt_receiver_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "receivers.yaml"
    file.write_text("each_unit: {webhok: http://example.org}\n", "utf-8")
    with pytest.raises(CommandError, match="webhok"):
        read_receivers(file)


def test_an_address_without_a_mail_server_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "receivers.yaml"
    file.write_text("units: {24733-2025: {email: a@example.org}}\n", "utf-8")
    with pytest.raises(CommandError, match="smtp"):
        read_receivers(file)


def _half_hours(first: date, last: date) -> Iterator[tuple[date, int]]:
    day = first
    while day <= last:
        yield from ((day, minute) for minute in range(0, 1440, 30))
        day += timedelta(days=1)


_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _within(intervals: list[dict[str, Any]], day: date, minute: int) -> bool:
    """Whether one of the intervals holds the minute: what Alertmanager's documentation says."""
    return any(_holds(one, day, minute) for one in intervals)


def _holds(interval: dict[str, Any], day: date, minute: int) -> bool:
    assert interval["location"] == "Asia/Ho_Chi_Minh"
    weekdays = interval.get("weekdays")
    if weekdays and not _in_ranges(weekdays, _WEEKDAYS.index, day.weekday()):
        return False
    for key, value in (("days_of_month", day.day), ("months", day.month), ("years", day.year)):
        if key in interval and not _in_ranges(interval[key], int, value):
            return False
    return any(
        _minute(one["start_time"]) <= minute < _minute(one["end_time"]) for one in interval["times"]
    )


def _in_ranges(ranges: list[str], read: Any, value: int) -> bool:
    for one in ranges:
        first, *last = one.split(":")
        if read(first) <= value <= read(last[0] if last else first):
            return True
    return False


def _minute(text: str) -> int:
    assert re.fullmatch(r"\d\d:\d\d", text)
    return int(text[:2]) * 60 + int(text[3:])
