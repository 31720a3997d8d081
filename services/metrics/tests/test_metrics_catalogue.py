"""The catalogue is the only source: a scrape shows all of it and nothing else."""

from __future__ import annotations

from datetime import date

from metrics_cases import COMMUNE, due_on, resolved, state
from metrics_exposition import Bench
from motcua_metrics.application.residual import Sides
from motcua_metrics.catalogue import FIGURES


def _full() -> Bench:
    bench = Bench()
    late = state("d-2", due=due_on(date(2020, 10, 1)), anomalies=("out_of_place",))
    newly_late = state("d-3", due=due_on(date(2020, 10, 27)))
    bench.read(resolved("d-1"), late, newly_late)
    for _ in range(2):
        bench.residual.observe(Sides("1", {COMMUNE: 2}, {COMMUNE: 2}))
    return bench


def test_the_page_shows_the_whole_catalogue_and_nothing_else() -> None:
    labels = {metric.name: [label.name for label in metric.labels] for metric in FIGURES}
    shown = {
        sample.name: list(sample.labels)
        for family in _full().families()
        for sample in family.samples
    }
    assert shown == labels


def test_every_label_of_a_fixed_set_has_a_value_of_its_set() -> None:
    fixed = {(m.name, label.name): label.values for m in FIGURES for label in m.labels}
    for family in _full().families():
        for sample in family.samples:
            for name, value in sample.labels.items():
                values = fixed[sample.name, name]
                assert not values or value in values
