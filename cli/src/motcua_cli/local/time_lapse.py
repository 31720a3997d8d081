"""Rules for someone who looks on: an alert waits seconds where in production it waits minutes.

Only how long an alert waits (`for`) and stays (`keep_firing_for`) is cut; what it asks is the same.
"""

import re
from typing import Any, Final

import yaml

_WAITS: Final = ("for", "keep_firing_for")
_LEAST_SECONDS: Final = {"for": 20, "keep_firing_for": 1}
"""Prometheus finds and scrapes its targets within fifteen seconds; until then they look away."""
_PART: Final = re.compile(r"(\d+)([smhd])")
_MINUTES: Final = {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}


def time_lapsed(rules: str) -> str:
    """A file of rules with a second for each minute that its alerts wait or stay."""
    content: dict[str, Any] = yaml.safe_load(rules)
    for group in content["groups"]:
        for rule in group["rules"]:
            rule |= {
                name: f"{max(_LEAST_SECONDS[name], _minutes(rule[name]))}s"
                for name in _WAITS
                if name in rule
            }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _minutes(duration: str) -> int:
    """The minutes of a duration as Prometheus writes it.

    >>> _minutes("1h30m")
    90
    """
    return round(sum(int(count) * _MINUTES[unit] for count, unit in _PART.findall(duration)))
