"""The budget of series, counted on the real units of Lâm Đồng with every figure in use."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from metrics_cases import due_on, state
from metrics_exposition import Bench
from motcua_cli.registry.files import read_registry
from motcua_kernel.instant import at_local
from motcua_kernel.life_cycle import Status
from motcua_kernel.registry import Registry
from motcua_kernel.state import NEVER
from motcua_metrics.application.reading import read_accounted
from motcua_metrics.application.residual import Sides
from motcua_metrics.catalogue import PROCESS_BUDGET, PROVINCE_BUDGET
from motcua_platform.registry_codec import entry_from_proto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motcua_kernel.units import Unit
    from motcua_platform.state_codec import PublishedState

_SAMPLES = Path(__file__).parents[3] / "samples"
_CALENDAR = _SAMPLES / "calendars" / "vietnam-2020-2026"
_UNITS = [_SAMPLES / "lam-dong" / "registry" / f"units-{year}.yaml" for year in (2024, 2025)]


@pytest.fixture(scope="module")
def lam_dong() -> Registry:
    """Both maps, with the nation's calendar."""
    entries = [entry_from_proto(one.entry) for one in read_registry([_CALENDAR, *_UNITS])]
    return Registry().with_entries(enumerate(entries))


def test_the_new_province_with_every_figure_in_use_keeps_within_the_budget_of_a_process(
    lam_dong: Registry,
) -> None:
    series = _series(lam_dong, date(2025, 7, 16))
    assert 15_000 < series <= PROCESS_BUDGET


def test_the_three_old_provinces_together_keep_within_the_budget_of_a_province(
    lam_dong: Registry,
) -> None:
    assert _series(lam_dong, date(2025, 6, 16)) <= PROVINCE_BUDGET


def _series(registry: Registry, day: date) -> int:
    bench = Bench(now=at_local(day, 600))
    bench.books.advance(registry)
    standing = [
        unit
        for unit in registry.units.values()
        if unit.valid_from <= day.isoformat() <= (unit.valid_until or "9999")
    ]
    bench.read(*(one for unit in standing for one in _busy(unit, day)))
    for _ in range(2):
        accounted = read_accounted(bench.books)
        bench.residual.observe(Sides("1", accounted, accounted))
    assert {unit.id for unit in standing} == set(bench.residual.residuals)
    return len(bench.samples())


def _busy(unit: Unit, day: date) -> Iterator[PublishedState]:
    """Dossiers for whatever is shown only where there is one, in every department of a unit."""
    numbers = count()
    after = date(day.year, day.month, 28)
    before = day - timedelta(days=2)
    at = at_local(date(day.year, day.month, 3), 600)

    def told(**changes: Any) -> PublishedState:
        fields: dict[str, Any] = {
            "receiving_unit": unit.id,
            "resolving_unit": unit.id,
            "reporting_unit": unit.id,
            "received_at": at,
        }
        return state(f"{unit.id}-{next(numbers)}", **fields | changes)

    yield told(
        status=Status.FILED,
        filed_at=at,
        received_at=NEVER,
        reception_due=due_on(after),
        anomalies=("out_of_place",),
    )
    for department in (department.id for department in unit.departments):
        for due in (due_on(before), due_on(after)):
            yield told(department=department, step_department=department, due=due, step_due=due)
            yield told(department=department, status=Status.RESOLVED, resolved_at=at, due=due)
        for status in (Status.WITHDRAWN, Status.STOPPED, Status.REFUSED):
            yield told(department=department, status=status, closed_at=at)
