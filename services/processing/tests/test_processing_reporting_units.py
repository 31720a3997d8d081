"""The rows by which SQL follows mergers are the map of units."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from motcua_cli.registry.files import read_registry
from motcua_kernel.registry import Registry
from motcua_platform.registry_codec import entry_from_proto
from motcua_processing.domain.reporting_units import UnitTerm, unit_terms
from motcua_processing.domain.views import View, counted_units

_MAPS = Path(__file__).parents[3] / "samples" / "lam-dong" / "registry"


@pytest.fixture(scope="module")
def both_maps() -> Registry:
    """Lâm Đồng before and after the merger of 1 July 2025."""
    files = [_MAPS / f"units-{year}.yaml" for year in (2024, 2025)]
    entries = [entry_from_proto(one.entry) for one in read_registry(files)]
    return Registry().with_entries(enumerate(entries))


@pytest.mark.parametrize("day", [date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 25)])
def test_a_scope_holds_the_units_that_the_summary_counts_below_it(
    both_maps: Registry, day: date
) -> None:
    on_the_day: dict[str, UnitTerm] = {}
    for term in unit_terms(both_maps):
        if term.first_day <= day.toordinal():
            on_the_day[term.told] = term
    found: dict[str, dict[str, str]] = {}
    for term in on_the_day.values():
        for scope in term.above:
            found.setdefault(scope, {})[term.told] = term.counts_for

    assert set(on_the_day) == set(both_maps.units)
    for scope in both_maps.units:
        told = counted_units(both_maps, scope, View.AS_NOW, day)
        assert found.get(scope, {}) == told, scope


def test_a_merged_commune_has_one_term_before_the_merger_and_one_after(
    both_maps: Registry,
) -> None:
    terms = [term for term in unit_terms(both_maps) if term.told == "24754"]
    assert [(date.fromordinal(one.first_day), one.counts_for) for one in terms] == [
        (date.min, "24754"),
        (date(2025, 7, 1), "24733-2025"),
    ]
    assert terms[-1].name == "Xã Kiến Đức"
