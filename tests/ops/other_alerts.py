"""The other alerts that rest on what metrics and processing serve, over a stretch that is loaded.

They wait half an hour and longer, so they are asked at every scrape: between two nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alert_replay import FAMILIES, Stretch
from alert_states import Episode, episodes, seconds
from motcua_cli.local.observability import observability
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_kernel.instant import MINUTE
from prometheus_over_blocks import Labels, prometheus_over
from rules_inlined import RuleBook
from year_of_gauges import STEP

ALERTS: Final = (
    "MotcuaOnTimeRateBelowObjective",
    "MotcuaReceptionsLate",
    "MotcuaPublisherSilent",
    "MotcuaAnomaliesGrowing",
    "MotcuaCalendarEnding",
)
OTHER_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    **FAMILIES,
    "motcua_calendar_horizon_days": (),
    "motcua_domain_time_seconds": (),
    "motcua_dossier_anomalies": (),
    "motcua_dossiers_resolved": ('period="month"',),
    "motcua_on_time_objective_ratio": (),
    "motcua_publisher_last_event_timestamp_seconds": (),
    "motcua_receptions_pending": ('timing="overdue"',),
}
"""What these alerts and the spike alert rest on."""
_SECONDS: Final = STEP // MINUTE * 60


@dataclass(frozen=True, slots=True)
class Page:
    """An alert that fired: its name, whom it is about, and when."""

    alert: str
    about: Labels
    episode: Episode


def evaluate_others(
    binaries: ObservabilityBinaries, folder: Path, stretch: Stretch
) -> tuple[list[Page], list[str]]:
    """When these alerts fired, and the names whose recorded parts have no series at all."""
    rules = RuleBook(observability() / "rules", [])
    pages: list[Page] = []
    with prometheus_over(binaries, folder) as blocks:
        for name in ALERTS:
            for rule in rules.alerts(name):
                named: dict[Labels, set[int]] = {}
                question = rules.inlined(rule.expression)
                for answer in blocks.over(question, stretch.first, stretch.last, _SECONDS):
                    for one in answer:
                        named.setdefault(one.labels, set()).update(int(at) for at, _ in one.values)
                pages += [
                    Page(name, labels, episode)
                    for labels, moments in named.items()
                    for episode in episodes(
                        range(stretch.first, stretch.last + 1, _SECONDS),
                        moments,
                        set[int](),
                        fired_within=0,
                        waits=seconds(rule.waits),
                        stays=seconds(rule.stays),
                    )
                ]
        missing = [
            family
            for family in OTHER_FAMILIES
            if not any(blocks.over(f"count({family})", stretch.first, stretch.last, _SECONDS))
        ]
    return sorted(pages, key=lambda one: one.episode.began), missing
