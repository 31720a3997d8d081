"""Alerts of the local stack wait seconds, not minutes, and not while targets are being found."""

from __future__ import annotations

import yaml
from motcua_cli.local.time_lapse import time_lapsed

_RULES = """
groups:
  - name: some
    rules:
      - {alert: Soon, expr: up == 0, for: 5m, keep_firing_for: 5m}
      - {alert: Later, expr: late > 0, for: 1h, keep_firing_for: 1h}
      - {record: "a:b:sum", expr: sum(b)}
"""


def test_a_minute_is_a_second_and_no_alert_fires_before_the_targets_are_scraped() -> None:
    soon, later, recorded = yaml.safe_load(time_lapsed(_RULES))["groups"][0]["rules"]

    assert (soon["for"], soon["keep_firing_for"]) == ("20s", "5s")
    assert (later["for"], later["keep_firing_for"]) == ("60s", "60s")
    assert recorded == {"record": "a:b:sum", "expr": "sum(b)"}
