"""Alertmanager's configuration for the units of a registry.

Each unit that stands has a receiver and a route of its own, open in its own working time. What the
operator is told of as critical comes at once; all other alerts wait for working time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import yaml
from motcua_kernel.calendar_entries import week_entry
from motcua_kernel.registry import Registry
from motcua_kernel.units import Unit, UnitLevel

from motcua_cli.alerting.intervals import WorkingTime, working_time
from motcua_cli.alerting.receivers import Receivers, Target

OUTAGES: Final = ("MotcuaServiceDown", "MotcuaShardsMissing", "MotcuaForeignLog")
"""While one of these fires the figures of the units are missing or stand still."""

_HEADER: Final = """\
# Written by `motcua observability alertmanager`; make it anew when units or calendars change.
"""
_Part = dict[str, object]


@dataclass(frozen=True)
class _Office:
    """The name of a working time that routes keep to."""

    name: str
    hours: WorkingTime

    def gates(self) -> _Part:
        """What makes a route wait for working time."""
        muted = {"mute_time_intervals": [f"{self.name}-days-off"]} if self.hours.shut else {}
        return {"active_time_intervals": [self.name], **muted}

    def intervals(self) -> Iterator[_Part]:
        yield {"name": self.name, "time_intervals": list(self.hours.opened)}
        if self.hours.shut:
            yield {"name": f"{self.name}-days-off", "time_intervals": list(self.hours.shut)}


def alertmanager_configuration(registry: Registry, receivers: Receivers, today: date) -> str:
    """The configuration, as YAML, for the units that stand today and the days from today on."""
    units = standing_units(registry, today)
    offices = _offices(registry, units, today)
    shared = next((offices[unit.id] for unit in units if unit.id in offices), None)
    configuration: _Part = {
        **_smtp(receivers),
        "route": _route(units, offices, shared.gates() if shared else {}),
        "inhibit_rules": list(_inhibitions()),
        "receivers": list(_receivers(units, receivers)),
        "time_intervals": [
            interval
            for office in {one.name: one for one in offices.values()}.values()
            for interval in office.intervals()
        ],
    }
    return _HEADER + yaml.dump(
        configuration, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=100
    )


class _PlainDumper(yaml.SafeDumper):
    """Says what stands twice twice."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base's signature
        return True


def standing_units(registry: Registry, today: date) -> list[Unit]:
    """The units that stand on a day, those of the province first."""
    day = today.isoformat()
    standing = [
        unit
        for unit in registry.units.values()
        if registry.unit_map.on(unit.id, today) == unit.id
        and unit.valid_from <= day
        and (not unit.valid_until or day <= unit.valid_until)
    ]
    return sorted(standing, key=lambda unit: (unit.level is not UnitLevel.PROVINCE, unit.id))


def _offices(registry: Registry, units: Iterable[Unit], today: date) -> dict[str, _Office]:
    """The working time of each unit that has a calendar; equal ones are one, under one name."""
    found: dict[str, _Office] = {}
    for unit in units:
        calendar, week = registry.calendar(unit.id), week_entry(registry, unit.id, today)
        if calendar is None or week is None:
            continue
        hours = working_time(calendar, week.days, today, calendar.horizon)
        same = next((one for one in found.values() if one.hours == hours), None)
        name = f"working-time-{unit.id}" if found else "working-time"
        found[unit.id] = same or _Office(name, hours)
    return found


def _route(units: Sequence[Unit], offices: dict[str, _Office], shared: _Part) -> _Part:
    own = [
        {
            "matchers": [f'unit="{unit.id}"'],
            "receiver": _unit_receiver(unit),
            **(offices[unit.id].gates() if unit.id in offices else {}),
        }
        for unit in units
    ]
    return {
        "receiver": "operator",
        "group_by": ["alertname", "unit"],
        "group_wait": "1m",
        "group_interval": "10m",
        "repeat_interval": "120h",
        "routes": [
            {
                "matchers": ['alertname="Watchdog"'],
                "receiver": "watchdog",
                "group_wait": "0s",
                "group_interval": "1m",
                "repeat_interval": "5m",
            },
            {"matchers": ['severity=~"info|none"'], "receiver": "shown-only"},
            {"matchers": ['audience="unit"'], "receiver": "province", **shared, "routes": own},
            {"matchers": ['audience="province"'], "receiver": "province", **shared},
            {"matchers": ['audience="publisher"'], "receiver": "publisher", **shared},
            {"matchers": ['severity="critical"'], "receiver": "operator", "group_wait": "10s"},
            {"matchers": ['severity="warning"'], "receiver": "operator", **shared},
        ],
    }


def _inhibitions() -> Iterator[_Part]:
    held_back = ['audience=~"unit|province|publisher"']
    outage = f'alertname=~"{"|".join(OUTAGES)}"'
    lagging = ['alertname="MotcuaConsumerLag"', 'severity="critical"']
    yield {"source_matchers": [outage], "target_matchers": held_back}
    yield {"source_matchers": lagging, "target_matchers": held_back}
    yield {
        "source_matchers": ['alertname="MotcuaOverdueSpikeWidespread"'],
        "target_matchers": ['alertname="MotcuaOverdueSpike"'],
    }
    yield {
        "source_matchers": ['severity="critical"'],
        "target_matchers": ['severity="warning"'],
        "equal": ["alertname", "unit", "calendar", "job", "topic"],
    }


def _receivers(units: Iterable[Unit], receivers: Receivers) -> Iterator[_Part]:
    yield _receiver("operator", receivers.operator)
    yield _receiver("province", receivers.province)
    yield _receiver("publisher", receivers.publisher)
    yield _receiver("watchdog", receivers.watchdog)
    yield {"name": "shown-only"}
    for unit in units:
        yield _receiver(_unit_receiver(unit), receivers.unit(unit.id))


def _unit_receiver(unit: Unit) -> str:
    return f"unit-{unit.id}"


def _receiver(name: str, target: Target) -> _Part:
    part: _Part = {"name": name}
    if target.webhook:
        part["webhook_configs"] = [{"url": target.webhook}]
    if target.email:
        subject = "{{ .CommonAnnotations.summary }}"
        part["email_configs"] = [{"to": target.email, "headers": {"Subject": subject}}]
    return part


def _smtp(receivers: Receivers) -> _Part:
    smtp = receivers.smtp
    if smtp is None:
        return {}
    settings: _Part = {
        "smtp_smarthost": smtp.smarthost,
        "smtp_from": smtp.sender,
        "smtp_require_tls": smtp.require_tls,
    }
    if smtp.username:
        settings["smtp_auth_username"] = smtp.username
        settings["smtp_auth_password_file"] = smtp.password_file
    return {"global": settings}
