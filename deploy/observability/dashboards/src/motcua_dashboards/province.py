"""The province (tỉnh): how it stands, which unit needs someone today, and the dossiers behind."""

from __future__ import annotations

from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import figures, glossary, links, lists, variables
from motcua_dashboards.figures import PROVINCE
from motcua_dashboards.page import Section, page


def dashboard() -> Dashboard:
    """The page for the wall of the one-stop centre."""
    return page(
        links.PROVINCE,
        glossary.PROVINCE,
        [variables.province(), variables.period(), variables.motcua()],
        [
            Section(
                glossary.NOW,
                [
                    figures.overdue(PROVINCE),
                    figures.due_soon(PROVINCE),
                    figures.in_progress(PROVINCE),
                    figures.rate(PROVINCE),
                    figures.rate_to_objective(PROVINCE),
                    figures.as_of(),
                    figures.oldest(PROVINCE),
                    figures.receptions(PROVINCE),
                    figures.paused(PROVINCE),
                    figures.received(PROVINCE),
                    figures.resolved(PROVINCE),
                    figures.residual(PROVINCE),
                ],
            ),
            Section(glossary.UNITS, [lists.units()]),
            Section(
                glossary.COURSE,
                [
                    figures.in_progress_over_time(PROVINCE),
                    figures.rate_over_time(PROVINCE, "form06", "backlog", "index766"),
                    figures.resolved_by_outcome(PROVINCE),
                    figures.received_by_channel(PROVINCE),
                ],
            ),
            Section(
                glossary.LISTS,
                [
                    lists.overdue_dossiers("${province:sqlstring}"),
                    lists.procedures("${province:sqlstring}"),
                ],
            ),
        ],
    )
