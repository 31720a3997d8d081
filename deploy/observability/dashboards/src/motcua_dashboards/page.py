"""A dashboard put together: rows of panels in reading order, read-only, in local time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, GridPos, VariableModel

from motcua_dashboards.glossary import Headline
from motcua_dashboards.links import TAG, all_dashboards
from motcua_dashboards.variables import sources

_SCHEMA_VERSION: Final = 41
"""Of the classic model in Grafana 11.6; later servers read it and raise it themselves."""
_WIDTH: Final = 24
_AS_OF: Final = "tính đến ${as_of:date:HH:mm DD/MM/YYYY}"


@dataclass(frozen=True, slots=True)
class Section:
    """A row: its headline, and panels side by side as far as they fit."""

    headline: Headline
    panels: Sequence[Builder[model.Panel]]


def page(
    uid: str,
    headline: Headline,
    chosen: Sequence[Builder[VariableModel]],
    sections: Sequence[Section],
    *,
    since: str = "now-30d",
) -> model.Dashboard:
    """A dashboard; the moment of its figures stands in the title of each row."""
    built = Dashboard(headline.title).uid(uid).description(headline.english).tags([TAG])
    built = built.readonly().tooltip(DashboardCursorSync.CROSSHAIR).refresh("30s")
    built = built.timezone("Asia/Ho_Chi_Minh").week_start("monday").time(since, "now")
    built = built.link(all_dashboards())
    for variable in [*sources(), *chosen]:
        built = built.with_variable(variable)
    whole = built.build()
    whole.id_val = None
    whole.schema_version = _SCHEMA_VERSION
    whole.panels = _placed(sections)
    return whole


def _placed(sections: Sequence[Section]) -> list[model.Panel | model.RowPanel]:
    placed: list[model.Panel | model.RowPanel] = []
    top = 0
    for section in sections:
        row = Row(f"{section.headline.title} · {_AS_OF}").build()
        row.id_val, row.grid_pos = len(placed) + 1, GridPos(h=1, w=_WIDTH, x=0, y=top)
        placed.append(row)
        left, top, tallest = 0, top + 1, 0
        for builder in section.panels:
            panel = builder.build()
            size = panel.grid_pos or GridPos()
            if left + size.w > _WIDTH:
                left, top, tallest = 0, top + tallest, 0
            panel.id_val = len(placed) + 1
            panel.grid_pos = GridPos(h=size.h, w=size.w, x=left, y=top)
            left, tallest = left + size.w, max(tallest, size.h)
            placed.append(panel)
        top += tallest
    return placed
