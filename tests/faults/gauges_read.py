"""The gauges of metrics as counts, and as text to compare two scrapes by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import httpx
from loopback import HTTP
from motcua_metrics.catalogue import BALANCE_RESIDUAL, METRICS, WHOLE_UNIT
from motcua_sample_dak_rlap import Counts
from prometheus_client.parser import text_string_to_metric_families
from sample_share import Row

_FIGURES = {
    one.name
    for one in METRICS
    if one.kind == "gauge" and not one.always and one is not BALANCE_RESIDUAL
}
"""What a process that has caught up shows at once, whatever it has seen since its start."""


@dataclass
class Gauges:
    """What a scrape shows."""

    month: dict[Row, Counts] = field(default_factory=lambda: defaultdict(Counts))
    """By unit and department: what happened this month, and what is in progress."""
    year: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    """By unit: what happened this year."""
    timings: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """In progress by timing, all units together."""
    residuals: dict[str, int] = field(default_factory=dict[str, int])


def exposition(url: str) -> str:
    """The text of a scrape; empty while metrics does not answer."""
    try:
        answer = HTTP.get(f"{url}/metrics")
    except httpx.TransportError:
        return ""
    return answer.text if answer.is_success else ""


def business_lines(url: str) -> list[str]:
    """The samples of a scrape that rest on states and clock alone, in order."""
    return sorted(
        f"{sample.name}{sorted(sample.labels.items())} {sample.value}"
        for family in text_string_to_metric_families(exposition(url))
        for sample in family.samples
        if sample.name in _FIGURES
    )


def read_gauges(url: str) -> Gauges:
    """The gauges of a scrape; rows of zeros left out."""
    gauges = Gauges()
    for family in text_string_to_metric_families(exposition(url)):
        for sample in family.samples:
            _take(gauges, sample.name, sample.labels, round(sample.value))
    gauges.month = {row: counts for row, counts in gauges.month.items() if counts != Counts()}
    gauges.year = {unit: counts for unit, counts in gauges.year.items() if counts != Counts()}
    return gauges


def _take(gauges: Gauges, name: str, labels: dict[str, str], value: int) -> None:
    if name == "motcua_balance_residual":
        gauges.residuals[labels["unit"]] = value
        return
    if name == "motcua_dossiers_in_progress":
        gauges.timings[labels["timing"]] += value
        _add(gauges.month[labels["unit"], labels["department"]], "in_progress", value)
        return
    figure = {
        "motcua_dossiers_received": "received",
        "motcua_dossiers_resolved": f"resolved_{labels.get('outcome')}",
        "motcua_dossiers_closed": labels.get("reason", ""),
    }.get(name)
    if figure is None:
        return
    if labels["period"] == "year" and labels["department"] == WHOLE_UNIT:
        _add(gauges.year[labels["unit"]], figure, value)
    if labels["period"] == "month" and labels["department"] != WHOLE_UNIT:
        _add(gauges.month[labels["unit"], labels["department"]], figure, value)


def _add(counts: Counts, figure: str, value: int) -> None:
    setattr(counts, figure, getattr(counts, figure) + value)
