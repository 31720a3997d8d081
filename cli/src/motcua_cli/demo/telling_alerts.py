"""What the demo prints of alerts: which fire, for whom, and where they are sent."""

from collections.abc import Sequence
from typing import Final

import httpx

from motcua_cli.console import counting, heading, plain, say
from motcua_cli.local.alerts import RoutedAlert, await_alerts
from motcua_cli.local.observability import Watching

_SECONDS: Final = 60.0
_MOST: Final = 3


def show_alerts(http: httpx.Client, watching: Watching) -> None:
    """Wait until an alert fires, behind a progress bar, and print it with its route."""
    with counting() as bars:
        bars.add_task("Chờ cảnh báo · waiting for alerts", total=None)
        firing = await_alerts(http, watching, _SECONDS)
    if not firing:
        say("Không có cảnh báo nào.", f"no alert fires; see {watching.prometheus}/alerts")
        return
    heading(f"{len(firing)} cảnh báo đang phát", f"alerts firing: {len(firing)}")
    say_alerts(firing)


def say_alerts(alerts: Sequence[RoutedAlert]) -> None:
    """Print the first few alerts, each with its receivers."""
    for alert in alerts[:_MOST]:
        summary = alert.annotations.get("summary", alert.name)
        place = ", ".join(
            alert.labels[label] for label in ("unit", "department") if alert.labels.get(label)
        )
        plain(f"  ▲ {alert.name} [{alert.labels.get('severity', '')}] {place}")
        plain(f"    {summary}")
        receivers = ", ".join(alert.receivers)
        say(f"    nơi nhận: {receivers}", f"route: receiver {receivers}")
