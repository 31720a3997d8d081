"""The words of the dashboards: Vietnamese as officialdom has it, English beside it, one place.

Names of verdicts and statuses are the kernel's, as in the API and on every page (law L6). Each
figure names its definition: a heading of `docs/definitions.md`, or a metric of `docs/metrics.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motcua_kernel.life_cycle import STATUS_NAMES
from motcua_kernel.verdict import OUTCOME_NAMES, TIMING_NAMES, Outcome, Timing

NO_DATA: Final = "Không có dữ liệu"

TIMINGS: Final = {one.value: TIMING_NAMES[one] for one in Timing}
OUTCOMES: Final = {one.value: OUTCOME_NAMES[one] for one in Outcome}
STATUSES: Final = {str(int(one)): name for one, name in STATUS_NAMES.items()}
CHANNELS: Final = {
    "online": "Trực tuyến",
    "counter": "Trực tiếp",
    "post": "Bưu chính",
    "unspecified": "Chưa rõ",
}
PERIODS: Final = {"month": "Tháng", "quarter": "Quý", "year": "Năm"}

IN_PROGRESS: Final = "in-progress"
RESOLVED: Final = "resolved"
RECEIVED: Final = "received"
ON_TIME_RATE: Final = "on-time-rate"
BALANCE: Final = "balance-residual"
BESIDE: Final = "beside-the-balance"
COUNTED_FOR: Final = "whom-a-dossier-counts-for"


@dataclass(frozen=True, slots=True)
class Words:
    """What a panel is called, what it shows in English, and which definition it follows."""

    title: str
    english: str
    definition: str


@dataclass(frozen=True, slots=True)
class Headline:
    """What a dashboard or a row is called."""

    title: str
    english: str


PROVINCE: Final = Headline("Toàn tỉnh · tình hình giải quyết hồ sơ", "The province at a glance")
COMMUNE: Final = Headline("Xã, phường, sở · tình hình giải quyết hồ sơ", "One unit at a glance")
DEPARTMENT: Final = Headline("Phòng chuyên môn", "One department of a unit")
AHEAD: Final = Headline("Hạn trả sắp tới", "Deadlines of the coming ten working days")
PUBLISHERS: Final = Headline("Hệ thống gửi và chất lượng dữ liệu", "Publishers and data quality")
PIPELINE: Final = Headline("Sức khỏe hệ thống", "Health of the pipeline")

NOW: Final = Headline("Hiện nay", "Now")
COURSE: Final = Headline("Diễn biến", "The course of time")
UNITS: Final = Headline("Theo đơn vị", "By unit")
DEPARTMENTS: Final = Headline("Theo phòng chuyên môn", "By department")
LISTS: Final = Headline("Danh sách hồ sơ", "Dossiers")
WORK: Final = Headline("Công việc phía trước", "The work ahead")
SENDING: Final = Headline("Hệ thống gửi", "Publishers")
QUALITY: Final = Headline("Chất lượng dữ liệu", "Quality of the data")
READING: Final = Headline("Đọc và ghi", "Reading and writing")
ANSWERING: Final = Headline("Trả lời", "Answering")

OVERDUE_OPEN: Final = Words("Quá hạn", "In progress and overdue", IN_PROGRESS)
DUE_SOON: Final = Words("Sắp đến hạn", "Due by the end of the next working day", IN_PROGRESS)
OPEN: Final = Words("Đang giải quyết", "In progress, paused ones included", IN_PROGRESS)
PAUSED: Final = Words("Tạm dừng", "In progress, the clock rests", "paused")
RATE: Final = Words("Tỷ lệ đúng hạn trong kỳ", "On-time rate of the period, form 06", ON_TIME_RATE)
RATE_TO_OBJECTIVE: Final = Words(
    "Đúng hạn so với mục tiêu",
    "On-time rate of the period less the unit's objective; below zero the objective is missed",
    ON_TIME_RATE,
)
RATE_COURSE: Final = Words(
    "Tỷ lệ đúng hạn và mục tiêu", "On-time rates by definition beside the objective", ON_TIME_RATE
)
RECEIVED_IN: Final = Words("Tiếp nhận trong kỳ", "Received in the period", RECEIVED)
RESOLVED_IN: Final = Words("Đã giải quyết trong kỳ", "Resolved in the period", RESOLVED)
RESOLVED_BY: Final = Words(
    "Đã giải quyết theo kết quả", "Resolved in the period, by outcome", RESOLVED
)
RECEIVED_BY: Final = Words("Tiếp nhận theo kênh", "Received in the period, by channel", RECEIVED)
OPEN_COURSE: Final = Words(
    "Đang giải quyết theo tình trạng hạn", "In progress by verdict over time", IN_PROGRESS
)
OLDEST: Final = Words(
    "Quá hạn lâu nhất",
    "Working days since the due day of the oldest open overdue dossier",
    BESIDE,
)
RECEPTIONS: Final = Words(
    "Chờ tiếp nhận quá 8 giờ",
    "Online filings whose reception is overdue (8 working hours)",
    BESIDE,
)
STEPS: Final = Words(
    "Bước xử lý quá hạn", "Steps beyond their own budget, by the department that holds them", BESIDE
)
UNIT_TABLE: Final = Words(
    "Các đơn vị, nhiều quá hạn nhất trước", "Units, those with most overdue first", COUNTED_FOR
)
DEPARTMENT_TABLE: Final = Words(
    "Các phòng, nhiều quá hạn nhất trước",
    "Departments by lead department, those with most overdue first",
    COUNTED_FOR,
)
OVERDUE_LIST: Final = Words(
    "Hồ sơ quá hạn, lâu nhất trước",
    "Open overdue dossiers from the database, the oldest due date first; a code opens its page",
    IN_PROGRESS,
)
DUE_LIST: Final = Words(
    "Hồ sơ đến hạn trong 14 ngày tới",
    "Running dossiers due within fourteen days, the earliest first; a code opens its page",
    IN_PROGRESS,
)
DUE_DAYS: Final = Words(
    "Số hồ sơ đến hạn theo ngày",
    "Running dossiers by due date; counts from 1 to 4 are kept back",
    IN_PROGRESS,
)
PROCEDURES: Final = Words(
    "Kết quả theo thủ tục trong tháng",
    "Outcomes of the month by procedure; small counts are kept back, and what would tell them",
    RESOLVED,
)
DUE_WITHIN: Final = Words(
    "Đến hạn trong 1, 3, 5, 10 ngày làm việc",
    "Running dossiers due by the end of the n-th working day; each stretch holds the shorter ones",
    BESIDE,
)
DUE_NEXT_DAY: Final = Words(
    "Đến hạn hôm nay và ngày kế tiếp", "Due by the end of the next working day", BESIDE
)
DUE_IN_FIVE: Final = Words("Đến hạn trong 5 ngày", "Due within five working days", BESIDE)
DUE_IN_TEN: Final = Words("Đến hạn trong 10 ngày", "Due within ten working days", BESIDE)
LOAD: Final = Words(
    "Khối lượng đến hạn so với năng lực gần đây",
    "Due within ten working days over ten times what a working day of the last two weeks resolved; "
    "above 1 more falls due than was done lately",
    BESIDE,
)
LOAD_TABLE: Final = Words(
    "Đơn vị có đợt hạn dồn",
    "Units by what falls due within ten working days beside what they resolve in ten, of late",
    BESIDE,
)
DUE_COURSE: Final = Words(
    "Đến hạn trong 10 ngày và sức giải quyết 10 ngày",
    "Due within ten working days beside what ten working days resolve, by the last two weeks",
    BESIDE,
)
SILENCE: Final = Words(
    "Im lặng lâu nhất",
    "Domain time since the newest event of the longest silent publisher",
    "motcua_publisher_last_event_timestamp_seconds",
)
SILENT_TABLE: Final = Words(
    "Lần gửi cuối của từng hệ thống",
    "Time since each publisher's newest event",
    "motcua_publisher_last_event_timestamp_seconds",
)
CLOSED_PUBLISHERS: Final = Words(
    "Hệ thống bị tạm ngừng",
    "Publishers that intake is closed to",
    "motcua_intake_publishers_closed",
)
ANOMALIES: Final = Words("Bất thường", "Anomalies that dossiers show now", BESIDE)
ANOMALIES_BY: Final = Words("Bất thường theo loại", "Anomalies by kind over time", BESIDE)
RESIDUAL: Final = Words(
    "Chênh lệch cân đối", "Sum of the units' absolute residuals; must be 0", BALANCE
)
QUARANTINE: Final = Words(
    "Bản ghi cách ly", "Quarantined records that wait for a decision", "motcua_quarantine_records"
)
RESIDUAL_UNITS: Final = Words(
    "Đơn vị lệch cân đối", "Units whose balance does not come out", BALANCE
)
INTAKE_EVENTS: Final = Words(
    "Sự kiện nhận được theo kết quả",
    "Events per second at intake, by answer",
    "motcua_intake_events_total",
)
RECORDS: Final = Words(
    "Bản ghi xử lý theo kết quả",
    "Records per second in processing, by what became of them",
    "motcua_processing_records_total",
)
FOREIGN_LOG: Final = Words(
    "Nhật ký lạ",
    "1 while the events topic is not the one that was read before",
    "motcua_processing_foreign_log",
)
SHARDS: Final = Words(
    "Thiếu phân mảnh", "Shards of metrics without a ready replica", "motcua_metrics_shard_count"
)
NEWEST: Final = Words(
    "Trạng thái mới nhất",
    "Time since the newest state of the furthest behind shard was appended",
    "motcua_state_watermark_timestamp_seconds",
)
AS_OF: Final = Words(
    "Số liệu tính đến", "Domain time of which the figures are true", "motcua_domain_time_seconds"
)
HORIZON: Final = Words(
    "Lịch làm việc còn",
    "Days until the first working calendar ends",
    "motcua_calendar_horizon_days",
)
LAG: Final = Words(
    "Bản ghi chưa xử lý",
    "Records in the log that are not worked in, by topic",
    "motcua_consumer_lag_records",
)
LAG_SECONDS: Final = Words(
    "Độ trễ đọc",
    "Age of the newest record worked in, while there are newer ones",
    "motcua_consumer_lag_seconds",
)
FRESHNESS: Final = Words(
    "Từ bản ghi đến chỉ số (p99)",
    "From the log to the gauges, 99th percentile",
    "motcua_freshness_recorded_seconds",
)
DELAY: Final = Words(
    "Từ quầy đến chỉ số (trung vị)",
    "From the counter to the gauges, median: how late publishers tell",
    "motcua_freshness_occurred_seconds",
)
INTAKE_SECONDS: Final = Words(
    "Thời gian trả lời của intake (p99)",
    "Answers of intake, 99th percentile",
    "motcua_intake_request_seconds",
)
RENDERING: Final = Words(
    "Thời gian kết xuất chỉ số (p99)",
    "Rendering a scrape, 99th percentile",
    "motcua_metrics_render_seconds",
)
MARKS: Final = Words(
    "Chờ công bố",
    "Marks of states that are not published yet, and changes of the registry under way",
    "motcua_processing_marks_waiting",
)
PROCESSING_SECONDS: Final = Words(
    "Thời gian xử lý và công bố (p99)",
    "Applying a batch, publishing a round of states, 99th percentile",
    "motcua_processing_apply_seconds",
)
