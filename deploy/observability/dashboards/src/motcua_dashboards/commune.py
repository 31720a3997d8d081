"""One unit: commune (xã, phường), district (huyện) or provincial department (sở); one template."""

from __future__ import annotations

from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import figures, glossary, links, lists, variables
from motcua_dashboards.figures import UNIT
from motcua_dashboards.page import Section, page


def dashboard() -> Dashboard:
    """The page of the unit that `$unit` names."""
    chosen = [variables.province(), variables.unit(), variables.period(), variables.motcua()]
    return page(
        links.COMMUNE,
        glossary.COMMUNE,
        chosen,
        [
            Section(
                glossary.NOW,
                [
                    figures.overdue(UNIT),
                    figures.due_soon(UNIT),
                    figures.in_progress(UNIT),
                    figures.rate(UNIT),
                    figures.rate_to_objective(UNIT),
                    figures.as_of(),
                    figures.oldest(UNIT),
                    figures.receptions(UNIT),
                    figures.paused(UNIT),
                    figures.received(UNIT),
                    figures.resolved(UNIT),
                    figures.residual(UNIT),
                ],
            ),
            Section(glossary.DEPARTMENTS, [lists.departments()]),
            Section(glossary.LISTS, [lists.overdue_dossiers("${unit:sqlstring}")]),
            Section(
                glossary.COURSE,
                [
                    figures.in_progress_over_time(UNIT),
                    figures.rate_over_time(UNIT, "form06", "backlog", "index766"),
                    figures.resolved_by_outcome(UNIT),
                    figures.received_by_channel(UNIT),
                    lists.procedures("${unit:sqlstring}"),
                ],
            ),
        ],
    )
