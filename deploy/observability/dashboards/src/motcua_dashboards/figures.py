"""The figures of a place (tỉnh, đơn vị, phòng): the same panels with the same names on each page.

Every expression reads recorded series, in which replicas and shards are already one: raw series
are never added up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders.bargauge import Panel as BarGauge
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.timeseries import Panel as TimeSeries

from motcua_dashboards import glossary as words
from motcua_dashboards.panels import COUNT, DAYS, MOMENT, SHARE, bars, course, number
from motcua_dashboards.sources import course as over_time
from motcua_dashboards.sources import now
from motcua_dashboards.thresholds import (
    ALLOWED,
    attention_from,
    difference,
    neutral,
    none_allowed,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Which series are those of a place: level of the rules, matchers, and its period."""

    level: str
    matchers: str
    objective: str
    period: str = "$period"

    def series(self, figure: str, more: str = "", kind: str = "sum") -> str:
        """The recorded series of a figure."""
        labels = f"{self.matchers},{more}" if more else self.matchers
        return f"{self.level}:motcua_{figure}:{kind}{{{labels}}}"

    def in_progress(self, timings: str = ".*") -> str:
        """How many dossiers in progress have one of some verdicts."""
        chosen = f'timing=~"{timings}"'
        return f"sum({self.series('dossiers_in_progress', chosen)})"

    def rate(self, definition: str = "form06") -> str:
        """The on-time rate of the period by a definition."""
        chosen = f'period="{self.period}",definition="{definition}"'
        return self.series("on_time", chosen, "ratio")


PROVINCE: Final = Place(
    "province",
    'province="$province"',
    'province:motcua_on_time_objective:ratio{province="$province"}',
)
UNIT: Final = Place("unit", 'unit="$unit"', 'unit:motcua_on_time_objective:ratio{unit="$unit"}')
DEPARTMENT: Final = Place(
    "department",
    'unit="$unit",department="$department"',
    'unit:motcua_on_time_objective:ratio{unit="$unit"}',
    period="month",
)


def overdue(place: Place) -> Stat:
    """Open and overdue; bad beyond the share that the objective leaves of those that run."""
    running = place.in_progress("within|due_soon|overdue")
    allowed = f"floor((1 - max({place.objective})) * {running}) + 1"
    targets = [now(place.in_progress("overdue")), now(allowed, ALLOWED, legend=ALLOWED)]
    return number(words.OVERDUE_OPEN, targets, COUNT, by_objective=True)


def due_soon(place: Place) -> Stat:
    """Due by the end of the next working day."""
    return number(words.DUE_SOON, [now(place.in_progress("due_soon"))], COUNT, neutral())


def in_progress(place: Place) -> Stat:
    """Everything in progress."""
    return number(words.OPEN, [now(place.in_progress())], COUNT, neutral())


def paused(place: Place) -> Stat:
    """In progress while the clock rests."""
    return number(words.PAUSED, [now(place.in_progress("paused"))], COUNT, neutral())


def rate(place: Place) -> Stat:
    """The on-time rate of the period."""
    return number(words.RATE, [now(place.rate())], SHARE, neutral())


def rate_to_objective(place: Place) -> Stat:
    """The on-time rate less the objective."""
    missed = f"max({place.rate()}) - max({place.objective})"
    return number(words.RATE_TO_OBJECTIVE, [now(missed)], SHARE, difference())


def as_of() -> Stat:
    """The moment of which the figures are true."""
    moment = "1000 * system:motcua_domain_time_seconds:max"
    return number(words.AS_OF, [now(moment)], MOMENT, neutral())


def received(place: Place) -> Stat:
    """Received in the period."""
    counted = place.series("dossiers_received", f'period="{place.period}"')
    return number(words.RECEIVED_IN, [now(f"sum({counted})")], COUNT, neutral())


def resolved(place: Place) -> Stat:
    """Resolved in the period."""
    counted = place.series("dossiers_resolved", f'period="{place.period}"')
    return number(words.RESOLVED_IN, [now(f"sum({counted})")], COUNT, neutral())


def oldest(place: Place) -> Stat:
    """How long the oldest overdue dossier has been overdue."""
    age = place.series("oldest_overdue_working_days", kind="max")
    return number(words.OLDEST, [now(age)], DAYS, attention_from(1, 5))


def receptions(place: Place) -> Stat:
    """Online filings that wait too long for their reception."""
    waiting = place.series("receptions_pending", 'timing="overdue"')
    return number(words.RECEPTIONS, [now(f"sum({waiting})")], COUNT, none_allowed())


def residual(place: Place) -> Stat:
    """Whether the figures of the place balance."""
    off = f"sum(abs({place.series('balance_residual')}))"
    return number(words.RESIDUAL, [now(off)], COUNT, none_allowed())


def in_progress_over_time(place: Place) -> TimeSeries:
    """What is in progress by verdict, as areas that add up."""
    counted = f"sum by (timing) ({place.series('dossiers_in_progress')})"
    targets = [over_time(counted, legend="{{timing}}")]
    return course(words.OPEN_COURSE, targets, COUNT, stacked=True, names=words.TIMINGS)


def rate_over_time(place: Place, *definitions: str) -> TimeSeries:
    """On-time rates by definition beside the objective."""
    targets = [over_time(place.rate(one), ref=one, legend=f"Tỷ lệ ({one})") for one in definitions]
    targets.append(over_time(f"max({place.objective})", ref="objective", legend="Mục tiêu"))
    return course(words.RATE_COURSE, targets, SHARE)


def resolved_by_outcome(place: Place) -> BarGauge:
    """What was resolved in the period, by outcome."""
    counted = place.series("dossiers_resolved", f'period="{place.period}"')
    targets = [now(f"sum by (outcome) ({counted})", legend="{{outcome}}")]
    return bars(words.RESOLVED_BY, targets, COUNT, neutral(), names=words.OUTCOMES)


def received_by_channel(place: Place) -> BarGauge:
    """What was received in the period, by channel."""
    counted = place.series("dossiers_received", f'period="{place.period}"')
    targets = [now(f"sum by (channel) ({counted})", legend="{{channel}}")]
    return bars(words.RECEIVED_BY, targets, COUNT, neutral(), names=words.CHANNELS)
