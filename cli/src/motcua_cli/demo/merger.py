"""The scenario of the merger: the eleven communes of Đắk R'Lấp become three overnight.

Resolution 1671/NQ-UBTVQH15, in force from 01/07/2025. What the old communes were told stays
theirs as then; as now it is the new communes', and every total is the same in both views.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from motcua_kernel.registry import Registry
from motcua_platform.registry_codec import entry_from_proto
from motcua_sample_lam_dong import (
    CALENDAR,
    DISTRICT,
    DISTRICT_PUBLISHER,
    EVE,
    MORNING,
    PROVINCE,
    PROVINCE_PUBLISHER,
    REGISTRY,
    merger,
)

from motcua_cli.console import heading, out, plain, say
from motcua_cli.demo.checks import Checks
from motcua_cli.demo.communes import (
    ByUnit,
    Counts,
    communes_table,
    of_departments,
    of_gauges,
    total_of,
)
from motcua_cli.demo.figures import Question
from motcua_cli.demo.settling import Settled
from motcua_cli.demo.stage import Stage, stage
from motcua_cli.local.waiting import say_addresses, wait_for_end
from motcua_cli.registry.files import read_registry

_FIRST_DAY: Final = date(2025, 1, 1)
_JUNE: Final = Question(DISTRICT, _FIRST_DAY, date(2025, 6, 30), "as_then")
_JULY: Final = date(2025, 7, 1)
_OLD_AS_THEN: Final = Question(DISTRICT, _FIRST_DAY, _JULY, "as_then")
_NEW_AS_THEN: Final = Question(PROVINCE, _FIRST_DAY, _JULY, "as_then")
_AS_NOW: Final = Question(PROVINCE, _FIRST_DAY, _JULY, "as_now")


def play_merger(folder: Path, *, seed: int, leave: bool) -> int:
    """Play the scenario; how many checks have failed. `leave` ends it, else Ctrl-C does.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
        CommandError: a part does not do what it must.
    """
    publishers = [DISTRICT_PUBLISHER, PROVINCE_PUBLISHER]
    with stage(folder, [CALENDAR], EVE, publishers) as here:
        checks = Checks()
        _Night(here, checks).play(seed)
        say_addresses(here.system)
        if not leave:
            say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop.")
            wait_for_end()
    return checks.failed


class _Night:
    """The evening, the morning, and what the new communes do on it."""

    def __init__(self, here: Stage, checks: Checks) -> None:
        self._here = here
        self._checks = checks
        entries = [entry_from_proto(one.entry) for one in read_registry([REGISTRY])]
        self._registry = Registry().with_entries(enumerate(entries))
        self._names = {one.id: one.name for one in self._registry.units.values()}

    def play(self, seed: int) -> None:
        told = merger(seed)
        heading("1. Thứ Hai 30/06/2025, 16:00: 11 xã, thị trấn", "Monday 30 June 2025: 11 communes")
        self._here.publish(told.june)
        eleven = self._evening()

        heading("2. Thứ Ba 01/07/2025, 08:00: 3 xã", "Tuesday 1 July 2025: 3 communes")
        self._here.move_clock(MORNING, _AS_NOW)
        self._morning(eleven)

        received = len(told.received)
        heading(
            f"3. Xã mới tiếp nhận {received} hồ sơ", f"The new communes receive {received} dossiers"
        )
        self._here.publish(told.received)
        now = self._both_views()
        since = total_of(now).received - total_of(eleven).received
        self._checks.equal("Tiếp nhận thêm", "received since", since, received)

        resolved = len(told.resolved)
        heading(
            f"4. Xã mới giải quyết xong {resolved} hồ sơ của xã cũ",
            f"The new communes resolve {resolved} dossiers of the old ones",
        )
        self._here.publish(told.resolved)
        then = self._both_views()
        since = total_of(then).resolved - total_of(now).resolved
        self._checks.equal("Giải quyết thêm", "resolved since", since, resolved)
        code = told.resolved[0].event["subject"]
        plain(f"  {self._here.system.addresses.processing}/v1/dossiers/{code}")

    def _evening(self) -> ByUnit:
        settled = self._here.settle(_JUNE)
        eleven = of_departments(self._here.ask(_JUNE).departments())
        out.print(communes_table(eleven, self._names))
        checks = self._checks
        checks.equal("Số đơn vị", "communes", len(eleven), 11)
        self._check_gauges(settled, eleven)
        return eleven

    def _morning(self, eleven: ByUnit) -> None:
        three = self._both_views()
        then = of_departments(self._here.ask(_OLD_AS_THEN).departments())
        checks = self._checks
        checks.equal("Theo đơn vị khi đó", "communes as then", len(then), 11)
        checks.equal("Theo đơn vị hiện nay", "communes as now", len(three), 3)
        checks.that(
            "Tiếp nhận, đã giải quyết của 11 xã không đổi qua đêm",
            "received and resolved of the eleven are what they were",
            holds=_flows(then) == _flows(eleven),
        )
        for successor, counts in sorted(three.items()):
            self._check_sum(successor, counts, then)

    def _both_views(self) -> ByUnit:
        """The communes as now, once all has settled; the totals are held against each other."""
        here, checks = self._here, self._checks
        settled = here.settle(_AS_NOW)
        now = of_departments(here.ask(_AS_NOW).departments())
        old = of_departments(here.ask(_OLD_AS_THEN).departments())
        new = of_departments(here.ask(_NEW_AS_THEN).departments())
        out.print(communes_table(now, self._names))
        checks.equal(
            "Tiếp nhận / đã giải quyết / đang giải quyết / quá hạn: hiện nay, khi đó, chỉ số",
            "totals as now, as then, and of the gauges",
            total_of(now),
            total_of(old) + total_of(new),
            total_of(of_gauges(here.gauges())),
            Counts.of_api(settled.figures),
        )
        self._check_gauges(settled, now)
        return now

    def _check_gauges(self, settled: Settled, units: ByUnit) -> None:
        gauges = of_gauges(self._here.gauges())
        differing = [
            f"{unit}: {gauges.get(unit)} ≠ {units.get(unit)}"
            for unit in sorted(gauges.keys() | units.keys())
            if gauges.get(unit) != units.get(unit)
        ]
        self._checks.none(
            "Chỉ số từng xã giống API",
            "the gauges of each commune are the API's figures",
            [*settled.disagreements(), *differing],
        )

    def _check_sum(self, successor: str, counts: Counts, then: ByUnit) -> None:
        """A new commune is the sum of the old ones that went into it."""
        follow = self._registry.unit_map.on
        parts = {unit: one for unit, one in then.items() if follow(unit, _JULY) == successor}
        names = ", ".join(f"{unit} {self._names[unit]}" for unit in sorted(parts))
        self._checks.equal(
            f"{successor} {self._names[successor]}", f"= {names}", counts, total_of(parts)
        )


def _flows(units: ByUnit) -> Mapping[str, tuple[int, int]]:
    return {unit: (counts.received, counts.resolved) for unit, counts in units.items()}
