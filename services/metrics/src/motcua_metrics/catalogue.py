"""The catalogue of metrics: the one place where a name, its labels and its meaning are written.

The figures are rendered from here, and so is their part of `docs/metrics.md`. Names and labels:
design section 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from motcua_kernel.verdict import Outcome, Timing
from motcua_platform.consumer_metrics import METRICS as CONSUMER_METRICS
from motcua_platform.metric_catalogue import DURATIONS, Label, Metric, declared, table

from motcua_metrics.domain.day_marks import AHEAD_DAYS, BEHIND_DAYS
from motcua_metrics.domain.labels import (
    ChannelLabel,
    Closure,
    Definition,
    Fact,
    Period,
    SyncOutcome,
)

if TYPE_CHECKING:
    from enum import Enum

PROVINCE_BUDGET: Final = 45_000
PROCESS_BUDGET: Final = 20_000

WHOLE_UNIT: Final = ""
"""The `department` of a series that stands for the unit as a whole."""
NO_DEPARTMENT: Final = "unassigned"
"""The `department` of dossiers whose events named none."""


def _enum(name: str, values: type[Enum]) -> Label:
    return Label(name, tuple(str(member.value) for member in values))


_UNIT = Label("unit", source="stable id in the registry")
_DEPARTMENT = Label("department", source="lead department (phòng) in the registry")
_TIMING = _enum("timing", Timing)
_CHANNEL = _enum("channel", ChannelLabel)
_OUTCOME = _enum("outcome", Outcome)
_REASON = _enum("reason", Closure)
_PERIOD = _enum("period", Period)
_SHARD = Label("shard", source="ordinal of the process")
_PLACE = (_UNIT, _DEPARTMENT)

IN_PROGRESS = Metric(
    "motcua_dossiers_in_progress",
    "gauge",
    "Dossiers received and not ended (hồ sơ đang giải quyết), by the verdict of now.",
    (*_PLACE, _TIMING),
)
RECEIVED = Metric(
    "motcua_dossiers_received",
    "gauge",
    "Dossiers received (hồ sơ tiếp nhận) in the calendar period of now.",
    (*_PLACE, _CHANNEL, _PERIOD),
)
RESOLVED = Metric(
    "motcua_dossiers_resolved",
    "gauge",
    "Dossiers resolved (hồ sơ đã giải quyết) in the calendar period of now.",
    (*_PLACE, _OUTCOME, _PERIOD),
)
CLOSED = Metric(
    "motcua_dossiers_closed",
    "gauge",
    "Received dossiers closed without a result (rút, dừng, không được tiếp nhận) in the period.",
    (*_PLACE, _REASON, _PERIOD),
)
RECEIVED_TOTAL = Metric(
    "motcua_dossiers_received_total",
    "counter",
    "Receipts (tiếp nhận) that became known while this process looked on.",
    (*_PLACE, _CHANNEL),
)
RESOLVED_TOTAL = Metric(
    "motcua_dossiers_resolved_total",
    "counter",
    "Resolutions (giải quyết xong) that became known while this process looked on.",
    (*_PLACE, _OUTCOME),
)
CLOSED_TOTAL = Metric(
    "motcua_dossiers_closed_total",
    "counter",
    "Closures without a result (rút, dừng) that became known while this process looked on, for "
    "the whole unit.",
    (*_PLACE, _REASON),
)
REVERSED_TOTAL = Metric(
    "motcua_dossiers_reversed_total",
    "counter",
    "Facts taken back or moved to another label by a correction (đính chính), for the whole unit.",
    (*_PLACE, _enum("fact", Fact)),
)
ON_TIME_RATIO = Metric(
    "motcua_on_time_ratio",
    "gauge",
    "On-time rate (tỷ lệ đúng hạn) of the period, 0 to 1; absent without dossiers. form06: "
    "(early + on time) / (early + on time + overdue), dossiers without deadline on neither side; "
    "backlog: the open overdue ones in the denominator too; index766: withdrawn ones and those in "
    "progress in the view of Decision 766.",
    (*_PLACE, _PERIOD, _enum("definition", Definition)),
)
STEPS_IN_PROGRESS = Metric(
    "motcua_steps_in_progress",
    "gauge",
    "Steps (bước) that dossiers in progress are at, under the department that holds them, by the "
    "verdict of now on the step's own due date; no_deadline: the step has no budget.",
    (*_PLACE, _TIMING),
)
RECEPTIONS_PENDING = Metric(
    "motcua_receptions_pending",
    "gauge",
    "Online filings (mới đăng ký) that wait for their reception, by the verdict of now.",
    (_UNIT, _TIMING),
)
DUE_WITHIN_DAYS = Metric(
    "motcua_due_within_days",
    "gauge",
    "Open dossiers, neither paused nor overdue, due (đến hạn) by the end of the n-th working day "
    "after today; each stretch contains the shorter ones.",
    (*_PLACE, Label("days", tuple(str(days) for days in AHEAD_DAYS))),
)
OVERDUE_WITHIN_DAYS = Metric(
    "motcua_overdue_within_days",
    "gauge",
    "Open overdue dossiers whose due day is today or not before the n-th working day before today: "
    "those newly overdue (mới quá hạn). Served only where there is one.",
    (*_PLACE, Label("days", tuple(str(days) for days in BEHIND_DAYS))),
)
OLDEST_OVERDUE = Metric(
    "motcua_oldest_overdue_working_days",
    "gauge",
    "Working days since the due day of the oldest open overdue (quá hạn) dossier; absent if none.",
    _PLACE,
)
BALANCE_RESIDUAL = Metric(
    "motcua_balance_residual",
    "gauge",
    "Carried over + received by the journal, less resolved + in progress + closed by the states; "
    "must be 0.",
    (_UNIT,),
)
ANOMALIES = Metric(
    "motcua_dossier_anomalies",
    "gauge",
    "Anomalies (bất thường) that dossiers show now.",
    (_UNIT, Label("kind", source="kinds of anomaly of the fold")),
)
UNIT_INFO = Metric(
    "motcua_unit_info",
    "gauge",
    "1 for each unit (đơn vị) of the registry that stands now.",
    (
        _UNIT,
        Label("name", source="registry"),
        Label("level", source="level of the unit"),
        Label("parent", source="unit above"),
        Label("province", source="topmost unit"),
    ),
)
WORKING_TIME = Metric(
    "motcua_working_time", "gauge", "1 in the unit's working time (giờ làm việc).", (_UNIT,)
)
OBJECTIVE = Metric(
    "motcua_on_time_objective_ratio",
    "gauge",
    "The on-time rate (mục tiêu đúng hạn) that a unit means to reach, 0 to 1: its own in the "
    "registry, else that of the unit above, else the setting MOTCUA_ON_TIME_OBJECTIVE.",
    (_UNIT,),
)
DOMAIN_TIME = Metric(
    "motcua_domain_time_seconds",
    "gauge",
    "Now in domain time, of which the figures are true (tính đến); in production real time.",
)
STATE_WATERMARK = Metric(
    "motcua_state_watermark_timestamp_seconds",
    "gauge",
    "Real time at which the newest state read was appended to the log; 0 before the first.",
    (_SHARD,),
    always=True,
)
READY = Metric(
    "motcua_metrics_ready",
    "gauge",
    "1 once the registry and the states have been read to their ends as of the start.",
    (_SHARD,),
    always=True,
)
SHARD_COUNT = Metric(
    "motcua_metrics_shard_count",
    "gauge",
    "How many shards there have to be.",
    (_SHARD,),
    always=True,
)
CALENDAR_HORIZON = Metric(
    "motcua_calendar_horizon_days",
    "gauge",
    "Days from today to the last day that a working calendar (lịch làm việc) knows.",
    (Label("calendar", source="scope of the working week, or national"),),
)
REGISTRY_OFFSET = Metric(
    "motcua_metrics_registry_offset",
    "gauge",
    "Offset of the newest registry entry that the figures are computed with.",
    (_SHARD,),
    always=True,
)
DOSSIERS_HELD = Metric(
    "motcua_metrics_dossiers",
    "gauge",
    "Dossiers in memory.",
    (_SHARD,),
    always=True,
)
STATES_WAITING = Metric(
    "motcua_metrics_states_waiting",
    "gauge",
    "States that wait for a registry entry not read yet.",
    (_SHARD,),
    always=True,
)
STATES_READ = Metric(
    "motcua_metrics_states_read_total", "counter", "States read.", (_SHARD,), always=True
)
TOMBSTONES_READ = Metric(
    "motcua_metrics_tombstones_read_total", "counter", "Tombstones read.", (_SHARD,), always=True
)
REGRESSIONS = Metric(
    "motcua_metrics_state_regressions_total",
    "counter",
    "States older than the one they replaced; the last record of a key wins all the same.",
    (_SHARD,),
    always=True,
)

FIGURES: Final = declared(globals())
"""What is computed at each scrape; the others are written where things happen."""

_FRESHNESS: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_DELAYS: Final = (1.0, 10.0, 60.0, 600.0, 3600.0, 14_400.0, 86_400.0, 259_200.0, 604_800.0)

FRESHNESS_RECORDED = Metric(
    "motcua_freshness_recorded_seconds",
    "histogram",
    "Real time from when the log had a dossier's newest event to when the gauges count it; not "
    "observed while domain time stands still.",
    always=True,
    buckets=_FRESHNESS,
)
FRESHNESS_OCCURRED = Metric(
    "motcua_freshness_occurred_seconds",
    "histogram",
    "Domain time from when a dossier's newest event occurred at the counter to when the gauges "
    "count it: the delay of publishers is in it.",
    always=True,
    buckets=_DELAYS,
)
APPLY_SECONDS = Metric(
    "motcua_metrics_apply_seconds",
    "histogram",
    "Time in which a batch of states is written into the books.",
    always=True,
    buckets=DURATIONS,
)
RENDER_SECONDS = Metric(
    "motcua_metrics_render_seconds",
    "histogram",
    "Time in which the figures of a scrape are computed and written.",
    always=True,
    buckets=DURATIONS,
)
GRAFANA_SYNCS = Metric(
    "motcua_metrics_grafana_syncs_total",
    "counter",
    "Runs that bring Grafana in step with the registry; served only where that is switched on.",
    (_enum("outcome", SyncOutcome),),
    always=True,
)
METRICS: Final = (*declared(globals()), *CONSUMER_METRICS)

INTRODUCTION: Final = f"""\
Budget: at most {PROVINCE_BUDGET:,} series for a province, {PROCESS_BUDGET:,} a process. Received,
resolved and closed are shown by department for the month; for quarter and year, and for the
on-time rate, `department` is empty and the series stands for the whole unit. The rate of a
department is no series of the process: the recording rule `department:motcua_on_time:ratio`
computes it from what the department resolved, and dashboards ask for that. Counters of closures
and reversals are of the whole unit. Dossiers without a department have
`department="{NO_DEPARTMENT}"`. Series with `no_deadline` or `unspecified` are served only where
there is one.

Units are as they are now: a dossier is shown under the unit that stands for its reporting unit
(đơn vị báo cáo) today, so a commune that was merged (sáp nhập) gives way to its successor, with
what is open and with the flows of the period, on the successor's first day. Each dossier is judged
by the calendar of the unit that it was told under. The counters count for the unit that stood
when the fact became known.

Until the registry and the states topic have been read to their ends, only the metrics marked with
* and those of the Python process are served. Dossiers whose state was tombstoned (closed before
the previous calendar year) are in no figure.

"""


def document() -> str:
    """The catalogue as Markdown."""
    return INTRODUCTION + table(METRICS)
