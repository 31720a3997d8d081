"""The alerts that fire in Prometheus, and where Alertmanager sends them, from their HTTP APIs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
import msgspec

from motcua_cli.local.observability import Watching

_POLL_SECONDS: Final = 0.5
_TELLS_NOBODY: Final = frozenset({"none", "info"})
"""Severities of alerts that only prove or hold back others."""


@dataclass(frozen=True)
class RoutedAlert:
    """An alert that is firing; `receivers` are those that Alertmanager has chosen for it."""

    labels: dict[str, str]
    annotations: dict[str, str]
    receivers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.labels["alertname"]


class _Alert(msgspec.Struct, frozen=True):
    labels: dict[str, str]
    annotations: dict[str, str]
    state: str


class _Alerts(msgspec.Struct, frozen=True):
    alerts: list[_Alert]


class _Answer(msgspec.Struct, frozen=True):
    data: _Alerts


class _Receiver(msgspec.Struct, frozen=True):
    name: str


class _Told(msgspec.Struct, frozen=True):
    labels: dict[str, str]
    receivers: list[_Receiver]


def routed_alerts(http: httpx.Client, watching: Watching) -> list[RoutedAlert]:
    """The alerts that fire and that Alertmanager has been told of, the gravest first."""
    answer = http.get(f"{watching.prometheus}/api/v1/alerts").raise_for_status()
    firing = [
        alert
        for alert in msgspec.json.decode(answer.content, type=_Answer).data.alerts
        if alert.state == "firing" and alert.labels.get("severity") not in _TELLS_NOBODY
    ]
    answer = http.get(f"{watching.alertmanager}/api/v2/alerts").raise_for_status()
    told = {
        frozenset(one.labels.items()): tuple(receiver.name for receiver in one.receivers)
        for one in msgspec.json.decode(answer.content, type=list[_Told])
    }
    found = [
        RoutedAlert(alert.labels, alert.annotations, told[frozenset(alert.labels.items())])
        for alert in firing
        if frozenset(alert.labels.items()) in told
    ]
    return sorted(found, key=_gravest_first)


def _gravest_first(alert: RoutedAlert) -> tuple[bool, list[tuple[str, str]]]:
    return alert.labels.get("severity") != "critical", sorted(alert.labels.items())


def await_alerts(
    http: httpx.Client,
    watching: Watching,
    seconds: float,
    wanted: Callable[[RoutedAlert], bool] = lambda _: True,
) -> list[RoutedAlert]:
    """Poll until an alert that is wanted fires and is routed; none after `seconds`."""
    give_up = time.monotonic() + seconds
    while True:
        found = [alert for alert in routed_alerts(http, watching) if wanted(alert)]
        if found or time.monotonic() > give_up:
            return found
        time.sleep(_POLL_SECONDS)
