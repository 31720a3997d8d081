"""The words of an explanation, in Vietnamese with the official wording and in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from motcua_kernel.attribution import Party
from motcua_kernel.clock import LimitUnit
from motcua_kernel.explain import Mark
from motcua_kernel.explain_reasons import Message, Reason
from motcua_kernel.instant import Instant, format_local

Language: TypeAlias = Literal["vi", "en"]
_Both: TypeAlias = dict[Language, str]


def _both(vi: str, en: str) -> _Both:
    return {"vi": vi, "en": en}


_ENTRY_VI: Final = "{reference} (lịch {layer}, bản ghi {offset})"
_ENTRY_EN: Final = "{reference} ({layer} calendar, entry {offset})"
_GROUND_VI: Final = "{name}{legal_basis}"
_PAUSE_VI: Final = "từ {from_at} đến {to_at}: " + _GROUND_VI + " (chờ {holder})"
_PAUSE_EN: Final = "from {from_at} to {to_at}: " + _GROUND_VI + " (waiting for {holder})"

REASONS: Final[dict[Reason, _Both]] = {
    Reason.RECEIVED: _both(
        "Tiếp nhận hồ sơ lúc {at}; ngày tiếp nhận là ngày 0 (Điều 147 Bộ luật Dân sự 2015)",
        "Received at {at}; the receipt day is day 0 (Civil Code 2015, art. 147)",
    ),
    Reason.AFTER_CUTOFF: _both(
        "Tiếp nhận sau {cutoff_at}: tính từ {start_at}",
        "Received after {cutoff_at}: the clock starts at {start_at}",
    ),
    Reason.OUTSIDE_HOURS: _both(
        "Tiếp nhận ngoài giờ làm việc: tính từ {start_at}",
        "Received outside working hours: the clock starts at {start_at}",
    ),
    Reason.STARTS: _both("Bắt đầu tính từ {start_at}", "The clock starts at {start_at}"),
    Reason.WIPED: _both(
        "Không tính: thời hạn tính lại từ đầu từ {start_at}",
        "Not counted: the full limit starts again at {start_at}",
    ),
    Reason.RESTARTED: _both(
        "Thời hạn tính lại từ đầu từ {start_at}, theo quy định của thủ tục",
        "The full limit starts again at {start_at}, as the procedure rules",
    ),
    Reason.WEEKLY_REST: _both(
        "Nghỉ hằng tuần (Điều {article} Bộ luật Lao động {code})",
        "Weekly rest (Labour Code {code}, art. {article})",
    ),
    Reason.CLOSED: _both("Nghỉ lễ, nghỉ theo " + _ENTRY_VI, "Closed by " + _ENTRY_EN),
    Reason.MAKE_UP: _both("Ngày làm bù theo " + _ENTRY_VI, "Make-up working day by " + _ENTRY_EN),
    Reason.OWN_HOURS: _both(
        "Ngày làm việc có giờ riêng theo " + _ENTRY_VI, "Working day set by " + _ENTRY_EN
    ),
    Reason.HALF_DAY: _both("Làm việc nửa ngày theo " + _ENTRY_VI, "Half day by " + _ENTRY_EN),
    Reason.TAKEN_BACK: _both(
        "Bản ghi lịch đã bị hủy: " + _ENTRY_VI, "A calendar entry was taken back: " + _ENTRY_EN
    ),
    Reason.DAYS_OFF_COUNT: _both(
        "Ngày nghỉ vẫn tính: thời hạn theo ngày, không phải ngày làm việc",
        "A day off counts all the same: the limit is in calendar days",
    ),
    Reason.PAUSED: _both("Tạm dừng " + _PAUSE_VI, "Paused " + _PAUSE_EN),
    Reason.PAUSE_KEEPS_RUNNING: _both(
        "Lý do không dừng thời hạn, " + _PAUSE_VI,
        "A ground on which the clock runs on, " + _PAUSE_EN,
    ),
    Reason.PAUSE_CAPPED: _both(
        "Đã hết {cap} ngày làm việc được tạm dừng, thời hạn lại tính, " + _PAUSE_VI,
        "The pause is past its cap of {cap} working days, the clock runs again, " + _PAUSE_EN,
    ),
    Reason.PAUSE_TOO_LATE: _both(
        "Tạm dừng khi đã hết hạn, không có giá trị, " + _PAUSE_VI,
        "Paused after the limit had run out, which rests nothing, " + _PAUSE_EN,
    ),
    Reason.SUSPENDED: _both(
        "Tạm dừng hàng loạt {id} theo {reference} (bản ghi {offset})",
        "Mass suspension {id} by {reference} (entry {offset})",
    ),
    Reason.SUSPENDED_TOO_LATE: _both(
        "Tạm dừng hàng loạt {id} theo {reference} (bản ghi {offset}) khi đã hết hạn",
        "Mass suspension {id} by {reference} (entry {offset}), after the limit had run out",
    ),
    Reason.CONSULTED: _both(
        "Lấy ý kiến {agency} từ {from_at} đến {to_at}, thời hạn vẫn tính",
        "Opinion of {agency} waited for from {from_at} to {to_at}, the clock runs on",
    ),
    Reason.CONSULTED_RESTING: _both(
        "Tạm dừng lấy ý kiến {agency} từ {from_at} đến {to_at}",
        "Paused for the opinion of {agency} from {from_at} to {to_at}",
    ),
    Reason.EXTENDED: _both(
        "Gia hạn {minutes} phút: {why}, mẫu {form}",
        "Extended by {minutes} minutes: {why}, form {form}",
    ),
    Reason.REAPPOINTED: _both(
        "Hẹn lại thêm {minutes} phút: {why}, mẫu {form}; hạn cũ giữ nguyên",
        "New appointment {minutes} minutes later: {why}, form {form}; the due date stays",
    ),
    Reason.EXTENSION_REFUSED: _both(
        "Gia hạn {minutes} phút không được tính: {fault}",
        "An extension of {minutes} minutes does not count: {fault}",
    ),
    Reason.PHASE_BEGINS: _both(
        "Giai đoạn {number} bắt đầu lúc {at}", "Phase {number} begins at {at}"
    ),
    Reason.PHASE_ENDS: _both("Giai đoạn {number} hết hạn lúc {at}", "Phase {number} ends at {at}"),
    Reason.UNIT_FOLLOWED: _both(
        "Từ hôm nay {unit} kế tục đơn vị giải quyết",
        "From this day {unit} takes the place of the resolving unit",
    ),
    Reason.DUE_ON_DAY: _both("Hạn trả kết quả: hết ngày này ({at})", "Due on this day ({at})"),
    Reason.DUE_AT: _both("Hạn trả kết quả: {at}", "Due at {at}"),
    Reason.ROLLED_OFF: _both(
        "Thời hạn hết vào ngày nghỉ {day}: chuyển sang ngày làm việc tiếp theo "
        "(Điều 148 Bộ luật Dân sự 2015)",
        "The limit ends on {day}, a day off: moved to the next working day "
        "(Civil Code 2015, art. 148)",
    ),
    Reason.OVERDUE: _both("Quá hạn", "Overdue"),
    Reason.NOW: _both("Thời điểm tra cứu: {at}", "Asked at {at}"),
    Reason.RESOLVED: _both("Đã xử lý xong lúc {at}", "Resolved at {at}"),
    Reason.CLOSED_OTHERWISE: _both("Kết thúc lúc {at}", "Closed at {at}"),
    Reason.NOT_RECEIVED: _both(
        "Hồ sơ chưa được tiếp nhận, thời hạn chưa tính",
        "The dossier is not received yet, no limit runs",
    ),
    Reason.NO_CALENDAR: _both(
        "Chưa có lịch làm việc của đơn vị {unit}", "There is no calendar of the unit {unit}"
    ),
    Reason.BEYOND_CALENDAR: _both(
        "Lịch làm việc mới có đến {day}", "The calendar is known until {day} only"
    ),
}

MARKS: Final[dict[Mark, _Both]] = {
    Mark.COUNTED: _both("Tính", "counted"),
    Mark.PARTLY: _both("Tính một phần", "partly"),
    Mark.SKIPPED: _both("Không tính", "skipped"),
    Mark.OVER: _both("Quá hạn", "over"),
}
UNITS: Final[dict[LimitUnit, _Both]] = {
    LimitUnit.NONE: _both("không có hạn", "no limit"),
    LimitUnit.WORKING_DAYS: _both("ngày làm việc", "working days"),
    LimitUnit.WORKING_HOURS: _both("giờ làm việc", "working hours"),
    LimitUnit.CALENDAR_DAYS: _both("ngày", "calendar days"),
}
PARTIES: Final[dict[Party, _Both]] = {
    Party.STEP: _both("Bước xử lý", "step"),
    Party.PAUSE: _both("Tạm dừng không có giá trị", "pause that rested nothing"),
    Party.SUSPENSION: _both("Tạm dừng hàng loạt khi đã hết hạn", "suspension after the limit"),
    Party.CONSULTATION: _both("Chờ ý kiến", "consultation"),
    Party.WAITING: _both("Chờ ngoài các bước", "waiting, in no step"),
}
_NAMES: Final[dict[str, _Both]] = {
    "applicant": _both("người nộp hồ sơ", "the applicant"),
    "agency": _both("cơ quan giải quyết", "the agency"),
    "consulted": _both("cơ quan được lấy ý kiến", "the consulted agency"),
    "national": _both("quốc gia", "national"),
    "province": _both("tỉnh", "province"),
    "commune": _both("xã", "commune"),
    "unit": _both("đơn vị", "unit"),
    "extension_without_ground": _both("thiếu lý do hoặc mẫu văn bản", "no reason or form"),
    "extension_out_of_bounds": _both("vượt mức được gia hạn", "beyond its bounds"),
    "extension_too_late": _both("thời hạn đã hết", "the limit had run out"),
}


def text_of(told: Message, language: Language) -> str:
    """A message as a sentence.

    >>> text_of(Message(Reason.PHASE_ENDS, {"number": 1, "at": 0}), "en")
    'Phase 1 ends at 07:00 on 01/01/1970'
    """
    shown = {name: _shown(name, value, language) for name, value in told.params.items()}
    return REASONS[told.reason][language].format(**shown)


def day_text(day: int) -> str:
    """A day number as dates are written in Vietnam.

    >>> day_text(date(2026, 1, 2).toordinal())
    '02/01/2026'
    """
    return date.fromordinal(day).strftime("%d/%m/%Y")


def params_of(told: Message) -> Mapping[str, str | int]:
    """The particulars as an API gives them: moments and days in ISO 8601.

    >>> params_of(Message(Reason.NOW, {"at": 0}))
    {'at': '1970-01-01T07:00:00+07:00'}
    """
    return {name: _iso(name, value) for name, value in told.params.items()}


def _iso(name: str, value: str | int) -> str | int:
    if isinstance(value, int) and _is_moment(name):
        return format_local(Instant(value))
    if isinstance(value, int) and name == "day":
        return date.fromordinal(value).isoformat()
    return value


def _is_moment(name: str) -> bool:
    return name == "at" or name.endswith("_at")


def _shown(name: str, value: str | int, language: Language) -> str:
    if isinstance(value, int):
        if _is_moment(name):
            return _moment_text(Instant(value), language)
        return day_text(value) if name == "day" else str(value)
    if name == "legal_basis":
        return f", {value}" if value else ""
    if name in {"holder", "layer", "fault"} and value in _NAMES:
        return _NAMES[value][language]
    return value or "–"


def _moment_text(at: Instant, language: Language) -> str:
    text = format_local(at)
    day = f"{text[8:10]}/{text[5:7]}/{text[:4]}"
    return f"{text[11:16]} ngày {day}" if language == "vi" else f"{text[11:16]} on {day}"
