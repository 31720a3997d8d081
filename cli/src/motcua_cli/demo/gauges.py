"""The same figures as metrics' gauges show them at a scrape."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

from motcua_cli.demo.figures import Figures

OUTCOMES = ("early", "on_time", "overdue", "no_deadline")
TIMINGS = ("within", "due_soon", "overdue", "paused", "no_deadline")

Gauges = Mapping[str, int]
"""`received`, `resolved.<outcome>` and `in_progress.<timing>`, this year, all units together.

`balance_residual` adds the units' residuals without their signs, so that they cannot cancel out;
units that metrics cannot compare at the moment show none.
"""


def read_gauges(exposition: str) -> Gauges:
    """Sum the gauges of an exposition over units, departments and channels."""
    units = read_gauges_by_unit(exposition).values()
    return {name: sum(gauges[name] for gauges in units) for name in _names()}


def read_gauges_by_unit(exposition: str) -> Mapping[str, Gauges]:
    """The gauges of each unit, summed over departments and channels."""
    names = _names()
    units: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            name = _name(sample.name, sample.labels)
            if name in names:
                sums = units.setdefault(sample.labels["unit"], dict.fromkeys(names, 0.0))
                sums[name] += abs(sample.value)
    return {
        unit: {name: round(total) for name, total in sums.items()} for unit, sums in units.items()
    }


def _names() -> list[str]:
    resolved = (f"resolved.{outcome}" for outcome in OUTCOMES)
    in_progress = (f"in_progress.{timing}" for timing in TIMINGS)
    return ["received", "balance_residual", *resolved, *in_progress]


def _name(metric: str, labels: Mapping[str, str]) -> str:
    this_year = labels.get("period") == "year"
    match metric:
        case "motcua_dossiers_received" if this_year:
            return "received"
        case "motcua_dossiers_resolved" if this_year:
            return f"resolved.{labels.get('outcome')}"
        case "motcua_dossiers_in_progress":
            return f"in_progress.{labels.get('timing')}"
        case "motcua_balance_residual":
            return "balance_residual"
        case _:
            return ""


def expected_gauges(figures: Figures) -> Gauges:
    """What the gauges must show when they agree with the API."""
    resolved = {f"resolved.{name}": getattr(figures.resolved, name) for name in OUTCOMES}
    in_progress = {f"in_progress.{name}": getattr(figures.in_progress, name) for name in TIMINGS}
    return {"received": figures.received, "balance_residual": 0} | resolved | in_progress
