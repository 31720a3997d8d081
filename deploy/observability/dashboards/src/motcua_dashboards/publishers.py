"""Publishers (hệ thống gửi) and the quality of what they send: silence, quarantine, anomalies."""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import figures, glossary, links, variables
from motcua_dashboards.figures import PROVINCE
from motcua_dashboards.page import Section, page
from motcua_dashboards.panels import COUNT, PER_SECOND, SECONDS, Column, course, number, rows
from motcua_dashboards.sources import course as over_time
from motcua_dashboards.sources import now, table
from motcua_dashboards.thresholds import attention_from, none_allowed

_SILENCE: Final = (
    "scalar(system:motcua_domain_time_seconds:max) "
    "- publisher:motcua_publisher_last_event_timestamp_seconds:max"
)
_A_DAY: Final = 86_400
_SILENT: Final = attention_from(_A_DAY / 2, 3 * _A_DAY)
"""A weekend is silent too: red from three days on; the alert knows working time."""
_QUARANTINED: Final = "publisher:motcua_quarantine_records:max"


def dashboard() -> Dashboard:
    """The page of whoever looks after the systems that publish."""
    anomalies = PROVINCE.series("dossier_anomalies")
    of_province = 'on (unit) unit:motcua_unit_info:max{province="$province"}'
    off = f"unit:motcua_balance_residual:sum and {of_province}"
    answers = "sum by (result) (rate(motcua_intake_events_total[$__rate_interval]))"
    return page(
        links.PUBLISHERS,
        glossary.PUBLISHERS,
        [variables.province()],
        [
            Section(
                glossary.NOW,
                [
                    number(glossary.SILENCE, [now(f"max({_SILENCE})")], SECONDS, _SILENT),
                    number(
                        glossary.CLOSED_PUBLISHERS,
                        [now("max(motcua_intake_publishers_closed)")],
                        COUNT,
                        none_allowed(),
                    ),
                    number(
                        glossary.QUARANTINE,
                        [now(f"sum({_QUARANTINED})")],
                        COUNT,
                        attention_from(1, 10),
                    ),
                    number(
                        glossary.ANOMALIES,
                        [now(f"sum({anomalies})")],
                        COUNT,
                        attention_from(1, 20),
                    ),
                    figures.residual(PROVINCE),
                    figures.as_of(),
                ],
            ),
            Section(
                glossary.SENDING,
                [
                    rows(
                        glossary.SILENT_TABLE,
                        [table(_SILENCE, "A"), table(_QUARANTINED, "B")],
                        [
                            Column("publisher", "Hệ thống gửi", width=280),
                            Column("Value #A", "Im lặng", SECONDS, _SILENT),
                            Column("Value #B", "Đang cách ly", COUNT, attention_from(1, 10)),
                        ],
                        wide=12,
                        sort="Im lặng",
                    ),
                    course(
                        glossary.INTAKE_EVENTS,
                        [over_time(answers, legend="{{result}}")],
                        PER_SECOND,
                    ),
                ],
            ),
            Section(
                glossary.QUALITY,
                [
                    course(
                        glossary.ANOMALIES_BY,
                        [over_time(f"sum by (kind) ({anomalies})", legend="{{kind}}")],
                        COUNT,
                        stacked=True,
                    ),
                    rows(
                        glossary.RESIDUAL_UNITS,
                        [table(f"({off}) != 0")],
                        [
                            Column("unit", "Mã đơn vị", width=160),
                            Column("Value", "Chênh lệch", COUNT, none_allowed()),
                        ],
                        wide=12,
                        tall=9,
                    ),
                ],
            ),
        ],
        since="now-7d",
    )
