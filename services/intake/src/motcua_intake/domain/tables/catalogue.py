"""The fields of an import, the headers they usually have, and the words of their values."""

from __future__ import annotations

from typing import Final, NamedTuple

from motcua_kernel.events import Channel
from motcua_kernel.life_cycle import STATUS_NAMES, Status

from motcua_intake.domain.tables.cells import folded


class Field(NamedTuple):
    """A field: its usual headers, whether a table must have it, and the minute of a bare date."""

    headers: tuple[str, ...]
    is_required: bool = False
    minute: int | None = None


FIELDS: Final[dict[str, Field]] = {
    "dossier": Field(("Mã hồ sơ", "Số hồ sơ", "Mã HS", "Số biên nhận"), is_required=True),
    "procedure": Field(
        ("Mã thủ tục", "Mã TTHC", "Mã thủ tục hành chính", "Thủ tục", "Tên thủ tục hành chính"),
        is_required=True,
    ),
    "filed_at": Field(("Ngày nộp", "Ngày nộp hồ sơ", "Thời gian nộp"), minute=7 * 60 + 30),
    "received_at": Field(
        ("Ngày tiếp nhận", "Ngày nhận", "Ngày tiếp nhận hồ sơ", "Thời gian tiếp nhận"),
        minute=8 * 60,
    ),
    "paused_at": Field(
        ("Ngày yêu cầu bổ sung", "Ngày tạm dừng", "Ngày dừng xử lý"), minute=10 * 60
    ),
    "resumed_at": Field(
        ("Ngày bổ sung", "Ngày tiếp nhận bổ sung", "Ngày tiếp tục"), minute=14 * 60
    ),
    "resolved_at": Field(
        (
            "Ngày kết thúc xử lý",
            "Ngày xử lý xong",
            "Ngày hoàn thành",
            "Ngày có kết quả",
            "Ngày giải quyết xong",
        ),
        minute=16 * 60,
    ),
    "closed_at": Field(("Ngày rút hồ sơ", "Ngày từ chối", "Ngày kết thúc"), minute=16 * 60),
    "returned_at": Field(("Ngày trả", "Ngày trả kết quả", "Thời gian trả"), minute=16 * 60 + 30),
    "status": Field(("Trạng thái", "Trạng thái hồ sơ", "Tình trạng", "Tình trạng hồ sơ")),
    "channel": Field(("Hình thức nộp", "Hình thức", "Kênh tiếp nhận", "Hình thức tiếp nhận")),
    "receiving_unit": Field(("Đơn vị tiếp nhận", "Cơ quan tiếp nhận", "Nơi tiếp nhận")),
    "resolving_unit": Field(
        ("Đơn vị xử lý", "Đơn vị giải quyết", "Cơ quan giải quyết", "Cơ quan thực hiện", "Đơn vị")
    ),
    "department": Field(("Phòng ban", "Phòng chủ trì", "Phòng ban xử lý", "Bộ phận xử lý")),
}
"""Columns that are not here are never read: a name or a number of a person in a table stays there
(law L7)."""

CHANNEL_WORDS: Final[dict[str, Channel]] = {
    folded(word): channel
    for channel, words in {
        Channel.COUNTER: ("counter", "Trực tiếp", "Tại quầy", "Nộp trực tiếp", "Một cửa"),
        Channel.ONLINE: ("online", "Trực tuyến", "Qua mạng", "Nộp trực tuyến", "DVC trực tuyến"),
        Channel.POST: ("post", "Bưu chính", "Bưu chính công ích", "Qua bưu điện", "BCCI"),
    }.items()
    for word in words
}

STATUS_WORDS: Final[dict[str, Status]] = {
    folded(word): status
    for status, words in {
        Status.FILED: ("Mới đăng ký", "Chờ tiếp nhận"),
        Status.RECEIVED: ("Được tiếp nhận", "Đã tiếp nhận", "Mới tiếp nhận"),
        Status.REFUSED: ("Không được tiếp nhận", "Từ chối tiếp nhận", "Từ chối"),
        Status.IN_PROCESS: ("Đang xử lý", "Đang giải quyết", "Đang thụ lý"),
        Status.SUPPLEMENT_REQUESTED: ("Yêu cầu bổ sung giấy tờ", "Yêu cầu bổ sung", "Chờ bổ sung"),
        Status.PAYMENT_DUE: (
            "Yêu cầu thực hiện nghĩa vụ tài chính",
            "Chờ thực hiện nghĩa vụ tài chính",
        ),
        Status.WITHDRAWN: ("Công dân yêu cầu rút hồ sơ", "Rút hồ sơ", "Đã rút"),
        Status.STOPPED: ("Dừng xử lý", "Tạm dừng", "Tạm dừng xử lý"),
        Status.RESOLVED: ("Đã xử lý xong", "Đã giải quyết", "Đã có kết quả", "Hoàn thành"),
        Status.RETURNED: ("Đã trả kết quả", "Đã trả"),
    }.items()
    for word in (str(int(status)), STATUS_NAMES[status], *words)
}
"""The ten national codes (domain: trạng thái hồ sơ), by number, official name and usual wording."""
