"""One department (phòng) of a unit: what it leads, and the steps that lie with it now."""

from __future__ import annotations

from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import figures, glossary, links, lists, variables
from motcua_dashboards.figures import DEPARTMENT
from motcua_dashboards.page import Section, page
from motcua_dashboards.panels import COUNT, number
from motcua_dashboards.sources import now
from motcua_dashboards.thresholds import none_allowed


def dashboard() -> Dashboard:
    """The page of the department that `$department` names; its period is the month."""
    scope = "${unit:sqlstring}"
    chosen = [
        variables.province(),
        variables.unit(),
        variables.department(),
        variables.motcua(),
    ]
    return page(
        links.DEPARTMENT,
        glossary.DEPARTMENT,
        chosen,
        [
            Section(
                glossary.NOW,
                [
                    figures.overdue(DEPARTMENT),
                    figures.due_soon(DEPARTMENT),
                    figures.in_progress(DEPARTMENT),
                    figures.rate(DEPARTMENT),
                    figures.rate_to_objective(DEPARTMENT),
                    figures.as_of(),
                    figures.oldest(DEPARTMENT),
                    _late_steps(),
                    figures.paused(DEPARTMENT),
                    figures.received(DEPARTMENT),
                    figures.resolved(DEPARTMENT),
                ],
            ),
            Section(
                glossary.LISTS,
                [
                    lists.overdue_dossiers(scope, department=True),
                    lists.due_dossiers(scope, department=True),
                ],
            ),
            Section(
                glossary.COURSE,
                [
                    figures.in_progress_over_time(DEPARTMENT),
                    figures.rate_over_time(DEPARTMENT, "form06"),
                    figures.resolved_by_outcome(DEPARTMENT),
                    figures.received_by_channel(DEPARTMENT),
                ],
            ),
        ],
    )


def _late_steps() -> Stat:
    late = DEPARTMENT.series("steps_in_progress", 'timing="overdue"')
    return number(glossary.STEPS, [now(f"sum({late})")], COUNT, none_allowed())
