"""When a figure is good or bad: measured against the unit's objective (mục tiêu) where it has one.

A share that is compared with the objective is shown as the difference, so that zero divides good
from bad for every unit. A count is compared with what the objective allows, which a second query
tells; Grafana takes it over as the threshold. Signs stand beside colours.
"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    Threshold,
    ThresholdsMode,
)

GOOD: Final = "green"
ATTENTION: Final = "orange"
BAD: Final = "red"
PLAIN: Final = "blue"

ALLOWED: Final = "allowed"
"""The name of the query that tells what the objective allows."""


def steps(base: str, *further: tuple[float, str]) -> ThresholdsConfig:
    """A colour from below, and others from values on."""
    listed = [Threshold(None, base), *(Threshold(value, color) for value, color in further)]
    return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(listed)


def neutral() -> ThresholdsConfig:
    """Of a figure that is neither good nor bad by itself."""
    return steps(PLAIN)


def none_allowed() -> ThresholdsConfig:
    """Of a figure that has to be zero."""
    return steps(GOOD, (1, BAD))


def difference() -> ThresholdsConfig:
    """Of a rate less its objective."""
    return steps(BAD, (0, GOOD))


def attention_from(first: float, bad: float) -> ThresholdsConfig:
    """Good, then worth a look, then bad."""
    return steps(GOOD, (first, ATTENTION), (bad, BAD))


def from_objective() -> DataTransformerConfig:
    """The query named `ALLOWED` is no figure of the panel, but the threshold of the others."""
    return DataTransformerConfig(
        "configFromData",
        options={
            "configRefId": ALLOWED,
            "mappings": [{"fieldName": ALLOWED, "handlerKey": "threshold1"}],
        },
    )
