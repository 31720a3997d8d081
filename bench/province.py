"""A province with a million dossiers in progress: Lâm Đồng's 124 communes around New Year 2026."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from motcua_cli import clock_entries
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import Sourced, read_registry
from motcua_kernel.events import (
    Change,
    Channel,
    Event,
    Forwarded,
    Kind,
    Received,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.instant import HOUR, MINUTE, Instant, at_local
from motcua_platform.kafka_connection import KafkaConnection

SAMPLES: Final = Path(__file__).parents[1] / "samples"
CALENDARS: Final = SAMPLES / "calendars" / "vietnam-2020-2026"
SWAP: Final = CALENDARS / "2026-01-swap.yaml"
NOW: Final = "2026-01-05T09:00:00+07:00"
PROVINCE: Final = "68-2025"
PUBLISHER: Final = "lam-dong-2025"
DEPARTMENTS: Final = ("van-phong", "kinh-te", "van-hoa-xa-hoi")
_PROCEDURES: Final = (
    ("1.000894", "van-hoa-xa-hoi", 20),
    ("1.004873", "van-hoa-xa-hoi", 20),
    ("1.001193", "van-hoa-xa-hoi", 4),
    ("1.001612", "kinh-te", 8),
    ("1.004441", "kinh-te", 18),
    ("1.001699", "van-hoa-xa-hoi", 12),
    ("1.003554", "kinh-te", 10),
    ("2.000346", "van-phong", 14),
)
_FIRST: Final = date(2025, 12, 1)
_WEEKDAYS: Final = 5


def fill_province(bootstrap: str) -> list[str]:
    """Write the registry as it was before the swap, its clock frozen; returns the communes."""
    folders = [file for file in sorted(CALENDARS.glob("*.yaml")) if file != SWAP]
    entries = read_registry([*folders, SAMPLES / "lam-dong" / "registry"])
    clock = clock_entries.frozen(clock_entries.moment(NOW))
    asyncio.run(
        apply_entries(KafkaConnection(bootstrap), [clock, *sorted(entries, key=_units_first)])
    )
    units = [one.entry.unit for one in entries if one.entry.HasField("unit")]
    return [unit.id for unit in units if unit.parent == PROVINCE]


def _units_first(entry: Sourced) -> bool:
    return not entry.entry.HasField("unit")


def open_dossiers(communes: list[str], number: int, seed: int = 1) -> Iterator[Event]:
    """What was told of dossiers that are all in progress: receipt, hand-over, supplements."""
    rng = random.Random(seed)
    days = [
        day
        for day in (_FIRST + timedelta(n) for n in range(36))
        if day.weekday() < _WEEKDAYS and day < date(2026, 1, 5)
    ]
    choices = rng.choices(_PROCEDURES, [weight for *_, weight in _PROCEDURES], k=number)
    for place, (procedure, department, _) in enumerate(choices):
        day = rng.choice(days)
        unit = communes[place % len(communes)]
        code = f"H36.{place % 1000:03d}-{day:%y%m%d}-{place // 1000:04d}"
        at = at_local(day, 450 + rng.randrange(480)) + rng.randrange(MINUTE)
        channel = rng.choice((Channel.ONLINE, Channel.COUNTER))
        received = Received(procedure, channel, unit, unit, department=department)
        yield _event(code, 1, at, received, Kind.RECEIVED)
        chance = rng.random()
        if chance < 0.3:  # noqa: PLR2004 - shares of the workload
            yield _event(code, 2, at + HOUR, Forwarded(department, "giai-quyet"), Kind.FORWARDED)
        if chance < 0.12:  # noqa: PLR2004
            asked = SupplementRequested("thieu-giay-to")
            yield _event(code, 3, at + 2 * HOUR, asked, Kind.SUPPLEMENT_REQUESTED)
        if chance < 0.06:  # noqa: PLR2004
            supplied = at + 26 * HOUR
            yield _event(code, 4, supplied, SupplementSupplied(), Kind.SUPPLEMENT_SUPPLIED)


def hand_overs(communes: list[str], known: int, seed: int = 1) -> Iterator[Event]:
    """Endless further events on dossiers of the same seed: papers that go to the next desk."""
    rng = random.Random(-seed)
    codes = [
        event.dossier
        for event in open_dossiers(communes, min(known, 50_000), seed)
        if event.kind is Kind.RECEIVED
    ]
    at = clock_entries.moment(NOW)
    for number in range(10**9):
        department = rng.choice(DEPARTMENTS)
        told = Forwarded(department, "ky-duyet")
        yield _event(rng.choice(codes), 100 + number, Instant(at), told, Kind.FORWARDED)


def _event(code: str, number: int, at: int, change: Change, kind: Kind) -> Event:
    source = "/lam-dong/mot-cua"
    name = f"{code}/{number}"
    return Event(PUBLISHER, name, code, kind, Instant(at), source, number, change)
