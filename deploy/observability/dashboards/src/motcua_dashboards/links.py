"""Where one goes from a figure: the dashboards by uid, the page of a dossier."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.builders.dashboard import DashboardLink
from grafana_foundation_sdk.models.dashboard import DashboardLinkType

TAG: Final = "motcua"

PROVINCE: Final = "motcua-province"
COMMUNE: Final = "motcua-commune"
DEPARTMENT: Final = "motcua-department"
AHEAD: Final = "motcua-ahead"
PUBLISHERS: Final = "motcua-publishers"
PIPELINE: Final = "motcua-pipeline"

DOSSIER: Final = "${motcua}/board/dossiers/${__data.fields.code:percentencode}"
"""The page of a dossier: its timeline, and its deadline explained day by day (giải trình hạn)."""

_KEPT: Final = "${prometheus:queryparam}&${postgresql:queryparam}&${__url_time_range}"


def to_unit(unit: str = "${__data.fields.unit}") -> str:
    """The dashboard of a unit, by default of the row that was clicked."""
    return f"/d/{COMMUNE}?var-province=$province&var-unit={unit}&{_KEPT}"


def to_department(department: str = "${__data.fields.department}") -> str:
    """The dashboard of a department of the unit that is shown."""
    return (
        f"/d/{DEPARTMENT}?var-province=$province&var-unit=$unit&var-department={department}&{_KEPT}"
    )


def to_ahead() -> str:
    """The deadlines of the unit of the row that was clicked."""
    return f"/d/{AHEAD}?var-province=$province&var-scope=${{__data.fields.unit}}&{_KEPT}"


def all_dashboards() -> DashboardLink:
    """The menu of the dashboards, which keeps the choices and the time."""
    menu = DashboardLink("Bảng theo dõi").type(DashboardLinkType.DASHBOARDS).tags([TAG])
    return menu.as_dropdown(True).include_vars(True).keep_time(True)
