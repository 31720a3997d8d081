import json
from typing import Any

import httpx
import pytest
from motcua_cli.local.alerts import await_alerts, routed_alerts
from motcua_cli.local.observability import Watching

WATCHING = Watching("http://prometheus", "http://alertmanager")


def alert(name: str, severity: str, state: str = "firing") -> dict[str, Any]:
    labels = {"alertname": name, "severity": severity, "unit": "666"}
    return {"labels": labels, "annotations": {"summary": name}, "state": state}


def told(one: dict[str, Any], receiver: str) -> dict[str, Any]:
    return {"labels": one["labels"], "receivers": [{"name": receiver}]}


def answering(alerts: list[dict[str, Any]], routes: list[dict[str, Any]]) -> httpx.Client:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "prometheus":
            assert request.url.path == "/api/v1/alerts"
            return httpx.Response(200, content=json.dumps({"data": {"alerts": alerts}}))
        assert request.url.path == "/api/v2/alerts"
        return httpx.Response(200, content=json.dumps(routes))

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_a_firing_alert_is_given_with_the_receivers_that_alertmanager_chose() -> None:
    late, lost = alert("Late", "warning"), alert("Lost", "critical")
    http = answering([late, lost], [told(late, "unit-666"), told(lost, "operator")])
    assert [(one.name, one.receivers) for one in routed_alerts(http, WATCHING)] == [
        ("Lost", ("operator",)),
        ("Late", ("unit-666",)),
    ]


@pytest.mark.parametrize(
    ("one", "is_told"),
    [
        (alert("Pending", "warning", "pending"), True),
        (alert("Watchdog", "none"), True),
        (alert("NotYetTold", "warning"), False),
    ],
)
def test_what_waits_proves_the_path_or_is_not_routed_yet_is_left_out(
    one: dict[str, Any], *, is_told: bool
) -> None:
    http = answering([one], [told(one, "operator")] if is_told else [])
    assert routed_alerts(http, WATCHING) == []


def test_only_what_is_wanted_is_waited_for() -> None:
    late = alert("Late", "warning")
    http = answering([late], [told(late, "unit-666")])
    assert await_alerts(http, WATCHING, 0, lambda each: each.name == "Spike") == []
    assert len(await_alerts(http, WATCHING, 0, lambda each: each.name == "Late")) == 1
