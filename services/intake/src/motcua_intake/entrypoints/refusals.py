"""Every problem that intake answers with as a whole, each made in one place, in both languages."""

from __future__ import annotations

from typing import Final

from motcua_platform.access.limits import Left, headers_of
from motcua_platform.problems import Problem

from motcua_intake.domain.tables.catalogue import FIELDS
from motcua_intake.domain.tables.contents import REASONS

_RETRY_SOON: Final = {"Retry-After": "2"}
_RETRY_LATE: Final = {"Retry-After": "300"}


def no_publisher() -> Problem:
    """A good key, but of an account that publishes nothing: use that of a publisher."""
    return Problem(
        403,
        "no-publisher",
        "This key belongs to no publisher",
        vi=("Khóa này không thuộc hệ thống gửi nào", ""),
    )


def too_many_events(left: list[Left]) -> Problem:
    """More events than the publisher's limits leave room for now."""
    wait = max(one.wait_seconds for one in left if one.exceeded)
    return Problem(
        429,
        "rate-limit",
        "More events than the publisher's limits allow",
        headers=headers_of(left) | {"Retry-After": str(wait)},
        vi=("Vượt quá hạn mức gửi của hệ thống", ""),
        limits=[
            {"name": one.limit.name, "quota": one.limit.quota, "remaining": one.remaining}
            for one in left
        ],
    )


def unsupported_media_type(accepted: tuple[str, ...]) -> Problem:
    """A content type that carries no events; `expected` lists those that do."""
    return Problem(
        415,
        "content-type",
        "Unsupported content type",
        field="Content-Type",
        expected=accepted,
        vi=("Kiểu nội dung không được hỗ trợ", ""),
    )


def unsupported_encoding(accepted: tuple[str, ...]) -> Problem:
    """A content encoding that is not read here; `expected` lists those that are."""
    return Problem(
        415,
        "content-encoding",
        "Unsupported content encoding",
        field="Content-Encoding",
        expected=accepted,
        headers={"Accept-Encoding": ", ".join(accepted)},
        vi=("Kiểu nén không được hỗ trợ", ""),
    )


def body_too_large(limit: int) -> Problem:
    """More bytes than a request may have, as sent or unpacked: send it in parts."""
    return Problem(
        413,
        "body-too-large",
        "The body is too large",
        limit_bytes=limit,
        vi=("Nội dung quá lớn", ""),
    )


def body_too_slow() -> Problem:
    """The body did not arrive in time: send it again, or in parts."""
    return Problem(
        408,
        "body-too-slow",
        "The body did not arrive in time",
        vi=("Nội dung không đến kịp thời gian cho phép", ""),
    )


def malformed(detail: str) -> Problem:
    """Not what its content type and encoding say; `detail` says what was looked for."""
    return Problem(
        400,
        "malformed-body",
        "The body cannot be read",
        detail,
        vi=("Không đọc được nội dung", ""),
    )


def event_count(count: int, limit: int) -> Problem:
    """A batch with none, or with more than `limit`: send it in parts."""
    return Problem(
        422,
        "event-count",
        "Too many events, or none",
        rule="event-count",
        count=count,
        limit=limit,
        vi=("Quá nhiều sự kiện, hoặc không có sự kiện nào", ""),
    )


def publisher_closed(rule: str, quarantined: int, looked_at: int) -> Problem:
    """Too much of what this publisher sent was set aside; somebody has to look first."""
    return Problem(
        503,
        "publisher-closed",
        "Intake is closed to this publisher: too many of its records were quarantined",
        "Keep your events; the province's operators open again once the cause is mended.",
        headers=_RETRY_LATE,
        vi=(
            "Tạm ngừng tiếp nhận từ hệ thống gửi này: quá nhiều bản ghi bị cách ly",
            "Hãy giữ lại sự kiện; tiếp nhận mở lại khi nguyên nhân đã được xử lý.",
        ),
        rule=rule,
        quarantined=quarantined,
        looked_at=looked_at,
    )


def log_away() -> Problem:
    """Nothing was promised; what was written nevertheless will be recognised as a repetition."""
    return Problem(
        503,
        "log-away",
        "The event log does not acknowledge; send the same request again",
        headers=_RETRY_SOON,
        vi=("Nhật ký sự kiện chưa xác nhận; hãy gửi lại đúng yêu cầu này", ""),
    )


def processing_away() -> Problem:
    """What became of an event cannot be told for now; it is in the log all the same."""
    return Problem(
        503,
        "processing-away",
        "Processing does not answer; ask again",
        headers=_RETRY_SOON,
        vi=("Dịch vụ xử lý chưa trả lời; hãy hỏi lại", ""),
    )


def unknown_event() -> Problem:
    """No event of this id, or not yet: ask again in a moment."""
    return Problem(
        404, "unknown-event", "No such event, or not yet", vi=("Chưa có sự kiện này", "")
    )


def busy() -> Problem:
    """As many requests are waiting as may wait."""
    return Problem(
        503,
        "busy",
        "Too many requests at once",
        headers=_RETRY_SOON,
        vi=("Quá nhiều yêu cầu cùng lúc", ""),
    )


def unknown_mapping() -> Problem:
    """A name of a mapping that this publisher has not saved (`motcua registry apply`)."""
    return Problem(
        422,
        "mapping",
        "This publisher has no mapping of this name",
        vi=("Hệ thống gửi này không có cấu hình nhập mang tên đó", ""),
        field="mapping",
        rule="mapping",
    )


def unreadable_table(reason: str) -> Problem:
    """A file that is no table, or breaks off; `reason` is a word of `REASONS`."""
    vi, en = REASONS[reason]
    return Problem(
        422,
        "table",
        "The table cannot be read",
        en,
        vi=("Không đọc được bảng", vi),
        rule="table",
        reason=reason,
    )


def no_headers(missing: tuple[str, ...]) -> Problem:
    """A table without a column for a required field; `missing` names it and its usual headers."""
    return Problem(
        422,
        "headers",
        "No row of the table has the headers of all required fields",
        vi=("Không có dòng nào mang đủ tiêu đề cột bắt buộc", ""),
        rule="headers",
        missing={name: FIELDS[name].headers for name in missing},
    )
