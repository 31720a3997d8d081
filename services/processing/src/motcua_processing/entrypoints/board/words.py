"""The words of the board: Vietnamese as in the official forms, English beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from markupsafe import Markup
from motcua_kernel.explain_texts import Language


class Term(NamedTuple):
    """A term in both languages."""

    vi: str
    en: str


TERMS: Final[Mapping[str, Term]] = {
    "board": Term("Bảng theo dõi hồ sơ", "Dossier board"),
    "skip": Term("Đến nội dung chính", "Skip to the content"),
    "where": Term("Vị trí", "You are here"),
    "as_of": Term("Số liệu tính đến", "Figures as of"),
    "known": Term("theo thông tin có đến", "as known at"),
    "applied": Term("đã cập nhật đủ", "up to date"),
    "applied_until": Term("mới cập nhật đến", "applied only until"),
    "applied_unknown": Term("chưa hỏi được mức cập nhật", "how far applied: unknown"),
    "period": Term("Kỳ báo cáo", "Period"),
    "period_year": Term("Từ đầu năm", "This year"),
    "period_quarter": Term("Quý này", "This quarter"),
    "period_month": Term("Tháng này", "This month"),
    "view": Term("Đơn vị", "Units"),
    "view_as_now": Term("hiện nay", "as now"),
    "view_as_then": Term("khi tiếp nhận", "as then"),
    "refresh_on": Term("Tự làm mới mỗi phút", "Refresh every minute"),
    "refresh_off": Term("Thôi tự làm mới", "Stop refreshing"),
    "unit": Term("Đơn vị", "Unit"),
    "department": Term("Bộ phận", "Department"),
    "every_department": Term("Tất cả bộ phận", "All departments"),
    "choose": Term("Chọn đơn vị", "Choose a unit"),
    "carried_over": Term("Từ kỳ trước", "Carried over"),
    "received": Term("Tiếp nhận", "Received"),
    "resolved": Term("Đã giải quyết", "Resolved"),
    "in_progress": Term("Đang giải quyết", "In progress"),
    "total": Term("Tổng số", "Total"),
    "early": Term("Trước hạn", "Early"),
    "on_time": Term("Đúng hạn", "On time"),
    "overdue": Term("Quá hạn", "Overdue"),
    "no_deadline": Term("Không có hạn", "No deadline"),
    "within": Term("Trong hạn", "Within"),
    "due_soon": Term("Sắp đến hạn", "Due soon"),
    "paused": Term("Tạm dừng", "Paused"),
    "on_time_percent": Term("Tỷ lệ đúng hạn", "On-time rate"),
    "trend": Term("12 tuần qua", "last 12 weeks"),
    "sum": Term("Tổng cộng", "Sum"),
    "sorted_by": Term("Sắp xếp theo", "Sort by"),
    "figures": Term("Tình hình giải quyết hồ sơ", "How dossiers are dealt with"),
    "open_overdue": Term("Hồ sơ quá hạn", "Overdue dossiers"),
    "open_due_soon": Term("Hồ sơ sắp đến hạn", "Dossiers due soon"),
    "none_overdue": Term("Không có hồ sơ quá hạn.", "No dossier is overdue."),
    "none_due_soon": Term("Không có hồ sơ sắp đến hạn.", "No dossier is due soon."),
    "more": Term("hồ sơ nữa", "more dossiers"),
    "present_only": Term(
        "Danh sách hồ sơ chỉ có ở thời điểm hiện tại.", "Lists of dossiers are of the present only."
    ),
    "ahead": Term("Hạn trả kết quả 10 ngày làm việc tới", "Due in the coming 10 working days"),
    "today": Term("hôm nay", "today"),
    "dossier": Term("Hồ sơ", "Dossier"),
    "procedure": Term("Thủ tục", "Procedure"),
    "status": Term("Trạng thái", "Status"),
    "due": Term("Hạn trả kết quả", "Due"),
    "days_over": Term("Quá hạn (ngày làm việc)", "Working days over"),
    "received_at": Term("Ngày tiếp nhận", "Received"),
    "resolved_at": Term("Đã xử lý xong", "Resolved"),
    "closed_at": Term("Kết thúc", "Closed"),
    "reappointed_due": Term("Hẹn lại", "Re-appointed"),
    "limit": Term("Thời hạn giải quyết", "Time limit"),
    "used": Term("Đã sử dụng", "Used"),
    "left": Term("Còn lại", "Left"),
    "over_limit": Term("Sử dụng vượt thời hạn", "Used beyond the limit"),
    "none": Term("chưa xác định", "none"),
    "days": Term("Từng ngày của thời hạn", "The limit day by day"),
    "week": Term("Tuần", "Week"),
    "legend": Term("Chú giải", "Legend"),
    "day_counted": Term("Tính", "Counted"),
    "day_partly": Term("Tính một phần", "Partly counted"),
    "day_over": Term("Quá hạn", "Overdue"),
    "day_paused": Term("Tạm dừng", "Paused"),
    "day_holiday": Term("Nghỉ lễ", "Holiday"),
    "day_rest": Term("Nghỉ", "Day off"),
    "day_left_out": Term("Không tính", "Not counted"),
    "day_make_up": Term("Làm bù", "Make-up day"),
    "day_ahead": Term("sắp tới", "to come"),
    "flag_received": Term("Tiếp nhận", "Received"),
    "flag_due": Term("Hạn trả", "Due"),
    "flag_ended": Term("Xong", "Done"),
    "flag_now": Term("Hôm nay", "Today"),
    "weeks_alike": Term("tuần như trên", "weeks alike"),
    "reasons": Term("Vì sao", "Why"),
    "attribution": Term("Thời gian ở đâu", "Where the time went"),
    "holder": Term("Nơi giữ hồ sơ", "Held by"),
    "over_minutes": Term("Vượt (+) hoặc còn (−), phút", "Beyond (+) or within (−), minutes"),
    "steps": Term("Các bước xử lý", "Steps"),
    "step": Term("Bước", "Step"),
    "entered": Term("Từ", "From"),
    "left_at": Term("Đến", "To"),
    "budget": Term("Được dùng, phút", "Budget, minutes"),
    "used_minutes": Term("Đã dùng, phút", "Used, minutes"),
    "timeline": Term("Quá trình xử lý", "Timeline"),
    "event": Term("Sự kiện", "Event"),
    "occurred": Term("Xảy ra", "Occurred"),
    "recorded": Term("Ghi nhận", "Recorded"),
    "told_by": Term("Hệ thống gửi", "Told by"),
    "anomalies": Term("Bất thường", "Anomalies"),
    "no_anomalies": Term("Không có bất thường.", "None."),
    "sign_in": Term("Đăng nhập", "Sign in"),
    "sign_out": Term("Đăng xuất", "Sign out"),
    "key": Term("Khóa API hoặc mã thông báo", "API key or token"),
    "key_hint": Term(
        "Khóa được giữ tối đa 8 giờ trong trình duyệt này, chỉ để xem bảng theo dõi.",
        "The key is kept in this browser for 8 hours at most, to read this board only.",
    ),
    "key_refused": Term(
        "Khóa không được nhận biết hoặc không còn hiệu lực.",
        "The key is unknown or no longer valid.",
    ),
    "problem": Term("Không hiển thị được trang này", "This page cannot be shown"),
    "back": Term("Về bảng theo dõi", "Back to the board"),
}

KINDS: Final[Mapping[str, Term]] = {
    "filed": Term("Mới đăng ký", "Filed online"),
    "received": Term("Được tiếp nhận", "Received"),
    "refused": Term("Không được tiếp nhận", "Refused"),
    "forwarded": Term("Chuyển xử lý", "Forwarded"),
    "supplement_requested": Term("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
    "supplement_supplied": Term("Đã bổ sung giấy tờ", "Supplement supplied"),
    "payment_requested": Term("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested"),
    "payment_paid": Term("Đã thực hiện nghĩa vụ tài chính", "Paid"),
    "extended": Term("Gia hạn", "Extended"),
    "stopped": Term("Dừng xử lý", "Stopped"),
    "resumed": Term("Tiếp tục xử lý", "Resumed"),
    "withdrawn": Term("Công dân yêu cầu rút hồ sơ", "Withdrawn"),
    "resolved": Term("Đã xử lý xong", "Resolved"),
    "returned": Term("Đã trả kết quả", "Result returned"),
    "voided": Term("Hủy một sự kiện", "An event voided"),
    "consulted": Term("Lấy ý kiến", "Opinion asked for"),
    "opinion_given": Term("Đã có ý kiến", "Opinion given"),
}

ANOMALIES: Final[Mapping[str, Term]] = {
    "out_of_place": Term("Sự kiện không đúng trình tự", "An event out of place"),
    "without_authority": Term("Hệ thống gửi không có thẩm quyền", "Told without authority"),
    "void_of_unknown_event": Term("Hủy sự kiện chưa có", "A void of an unknown event"),
    "procedure_unknown": Term("Thủ tục chưa có trong danh mục", "Unknown procedure"),
    "unit_unknown": Term("Đơn vị chưa có trong danh mục", "Unknown unit"),
    "calendar_unknown": Term("Chưa có lịch làm việc", "No calendar"),
    "beyond_calendar": Term("Vượt quá lịch làm việc đã có", "Beyond the calendar"),
    "pause_reason_unknown": Term("Lý do tạm dừng chưa có trong danh mục", "Unknown ground"),
    "extension_without_ground": Term("Gia hạn thiếu lý do hoặc mẫu văn bản", "No ground or form"),
    "extension_out_of_bounds": Term("Gia hạn vượt mức cho phép", "Extension beyond its bounds"),
    "extension_too_late": Term("Gia hạn khi thời hạn đã hết", "Extension too late"),
}

GROUNDS: Final[Mapping[str, Term]] = {
    "thieu-giay-to": Term("Thiếu giấy tờ", "Papers missing"),
    "giay-to-het-han": Term("Giấy tờ hết hạn", "Papers out of date"),
    "sai-mau-don": Term("Đơn sai mẫu", "Wrong form"),
    "le-phi": Term("Phí, lệ phí", "Fee"),
    "nghia-vu-thue-dat": Term("Nghĩa vụ thuế đất", "Land tax"),
    "tien-su-dung-dat": Term("Tiền sử dụng đất", "Land use levy"),
    "cho-xac-minh": Term("Chờ xác minh", "Waiting for verification"),
    "co-tranh-chap": Term("Có tranh chấp", "Disputed"),
    "xac-minh-thuc-dia": Term("Xác minh thực địa", "Verification on site"),
    "da-xac-minh": Term("Đã xác minh", "Verified"),
    "nop-nham": Term("Nộp nhầm", "Filed by mistake"),
    "het-han-bo-sung": Term("Hết hạn bổ sung giấy tờ", "Supplement never came"),
    "bo-sung-khong-kip": Term("Không kịp bổ sung giấy tờ", "Supplement not in time"),
    "thay-doi-nhu-cau": Term("Thay đổi nhu cầu", "No longer needed"),
    "khong-thuoc-tham-quyen": Term("Không thuộc thẩm quyền", "Not in charge"),
    "trung-ho-so": Term("Trùng hồ sơ", "Filed twice"),
    "khong-du-dieu-kien": Term("Không đủ điều kiện", "Conditions not met"),
    "nhap-sai": Term("Nhập sai", "Wrong entry"),
    "nham-ho-so": Term("Nhầm hồ sơ", "Wrong dossier"),
}
"""Usual grounds (lý do) in words, where the registry has no name for a code."""

WEEKDAYS: Final[tuple[Term, ...]] = (
    Term("T2", "Mon"),
    Term("T3", "Tue"),
    Term("T4", "Wed"),
    Term("T5", "Thu"),
    Term("T6", "Fri"),
    Term("T7", "Sat"),
    Term("CN", "Sun"),
)


class Words:
    """The words in the language of a page."""

    def __init__(self, lang: Language) -> None:
        self.lang: Language = lang
        self.other: Language = "en" if lang == "vi" else "vi"

    def __call__(self, key: str) -> str:
        """A term in the page's language."""
        return self.of(TERMS[key])

    def of(self, term: Term) -> str:
        """One of a term's two forms."""
        return term.en if self.lang == "en" else term.vi

    def both(self, key: str) -> Markup:
        """A term with its other language small beside it."""
        return self.both_of(TERMS[key])

    def both_of(self, term: Term) -> Markup:
        """The same for a term at hand."""
        first, second = (term.en, term.vi) if self.lang == "en" else (term.vi, term.en)
        small = Markup('<small lang="{}">{}</small>').format(self.other, second)
        return Markup("{} {}").format(first, small)

    def kind(self, kind: str) -> str:
        """What an event is called."""
        return self.of(KINDS.get(kind, Term(kind, kind)))

    def anomaly(self, kind: str) -> str:
        """What an anomaly is called; the rule by which a record was set aside stays as it is."""
        return self.of(ANOMALIES.get(kind, Term(kind, kind)))

    def ground(self, code: str) -> str:
        """A ground in words; nothing for a code that is not among the usual ones."""
        known = GROUNDS.get(code)
        return self.of(known) if known else ""

    def weekday(self, place: int) -> str:
        """The short name of a day of the week, Monday 0."""
        return self.of(WEEKDAYS[place])
