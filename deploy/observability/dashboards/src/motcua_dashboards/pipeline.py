"""Health of the pipeline (sức khỏe hệ thống): from the counter to the gauge, what is late or lost.

The services' own series are read here, of one process each; what several say alike is taken once.
"""

from __future__ import annotations

from typing import Final

from grafana_foundation_sdk.models.dashboard import Dashboard

from motcua_dashboards import figures, glossary, links
from motcua_dashboards.page import Section, page
from motcua_dashboards.panels import COUNT, DAYS, PER_SECOND, SECONDS, course, number
from motcua_dashboards.sources import course as over_time
from motcua_dashboards.sources import now
from motcua_dashboards.thresholds import attention_from, none_allowed, steps

_NEWEST: Final = "time() - system:motcua_state_watermark_timestamp_seconds:min"


def _quantile(share: float, histogram: str, *also: str) -> str:
    by = ", ".join(("le", *also))
    rates = f"rate({histogram}_bucket[$__rate_interval])"
    return f"histogram_quantile({share}, sum by ({by}) ({rates}))"


def dashboard() -> Dashboard:
    """The page of the platform engineer."""
    records = "sum by (result) (rate(motcua_processing_records_total[$__rate_interval]))"
    return page(
        links.PIPELINE,
        glossary.PIPELINE,
        [],
        [
            Section(
                glossary.NOW,
                [
                    number(
                        glossary.SHARDS,
                        [now("system:motcua_shards_missing:count")],
                        COUNT,
                        none_allowed(),
                        names={"0": "Đủ"},
                    ),
                    number(
                        glossary.LAG_SECONDS,
                        [now("max(motcua_consumer_lag_seconds)")],
                        SECONDS,
                        attention_from(120, 900),
                    ),
                    number(
                        glossary.FRESHNESS,
                        [now(_quantile(0.99, "motcua_freshness_recorded_seconds"))],
                        SECONDS,
                        attention_from(1, 10),
                    ),
                    number(
                        glossary.FOREIGN_LOG,
                        [now("max(motcua_processing_foreign_log)")],
                        COUNT,
                        none_allowed(),
                        names={"0": "Không", "1": "Có"},
                    ),
                    number(
                        glossary.HORIZON,
                        [now("min(calendar:motcua_calendar_horizon_days:min)")],
                        DAYS,
                        steps("red", (14, "orange"), (60, "green")),
                    ),
                    figures.as_of(),
                    number(
                        glossary.NEWEST, [now(_NEWEST)], SECONDS, attention_from(86_400, 259_200)
                    ),
                    number(
                        glossary.DELAY,
                        [now(_quantile(0.5, "motcua_freshness_occurred_seconds"))],
                        SECONDS,
                        attention_from(3_600, 86_400),
                    ),
                    number(
                        glossary.MARKS,
                        [now("max(motcua_processing_marks_waiting)")],
                        COUNT,
                        attention_from(100, 1_000),
                    ),
                ],
            ),
            Section(
                glossary.READING,
                [
                    course(
                        glossary.LAG,
                        [
                            over_time(
                                "max by (job, topic) (motcua_consumer_lag_records)",
                                legend="{{job}} {{topic}}",
                            )
                        ],
                        COUNT,
                    ),
                    course(glossary.RECORDS, [over_time(records, legend="{{result}}")], PER_SECOND),
                ],
            ),
            Section(
                glossary.ANSWERING,
                [
                    course(
                        glossary.PROCESSING_SECONDS,
                        [
                            over_time(
                                _quantile(0.99, "motcua_processing_apply_seconds"),
                                "A",
                                legend="xử lý một lô",
                            ),
                            over_time(
                                _quantile(0.99, "motcua_processing_publish_seconds"),
                                "B",
                                legend="công bố một lượt",
                            ),
                        ],
                        SECONDS,
                    ),
                    course(
                        glossary.INTAKE_SECONDS,
                        [over_time(_quantile(0.99, "motcua_intake_request_seconds"), legend="p99")],
                        SECONDS,
                        attention_from(0.025, 0.25),
                    ),
                    course(
                        glossary.RENDERING,
                        [over_time(_quantile(0.99, "motcua_metrics_render_seconds"), legend="p99")],
                        SECONDS,
                        attention_from(0.25, 1),
                    ),
                ],
            ),
        ],
        since="now-6h",
    )
