"""The text of every generated file: Grafana's classic model, one file a dashboard, named by uid."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import ahead, commune, department, pipeline, province, publishers

DASHBOARDS: Final[tuple[Callable[[], Dashboard], ...]] = (
    province.dashboard,
    commune.dashboard,
    department.dashboard,
    ahead.dashboard,
    publishers.dashboard,
    pipeline.dashboard,
)


def dashboards() -> dict[str, str]:
    """By file name; equal code gives equal bytes."""
    return {f"{one.uid}.json": text_of(one) for one in (build() for build in DASHBOARDS)}


def text_of(dashboard: Dashboard) -> str:
    """A dashboard as it is kept: keys sorted, letters as they are."""
    whole = json.dumps(dashboard, cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False)
    return whole + "\n"
