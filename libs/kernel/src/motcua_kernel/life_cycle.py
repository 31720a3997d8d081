"""The life cycle (vòng đời hồ sơ): ten national status codes and the legal transitions.

Source: the ten codes of the National Public Service Portal; the transitions are those seen in
running provincial systems. What the table does not allow is not refused, it is kept as an anomaly
of the dossier until what was missing arrives (law L2).
"""

from __future__ import annotations

from enum import IntEnum

from motcua_kernel.events import Kind


class Status(IntEnum):
    """The ten external states; the numbers are the national codes. 0: nothing made sense yet."""

    NONE = 0
    FILED = 1
    RECEIVED = 2
    REFUSED = 3
    IN_PROCESS = 4
    SUPPLEMENT_REQUESTED = 5
    PAYMENT_DUE = 6
    WITHDRAWN = 7
    STOPPED = 8
    RESOLVED = 9
    RETURNED = 10


STATUS_NAMES: dict[Status, str] = {
    Status.NONE: "Chưa xác định",
    Status.FILED: "Mới đăng ký",
    Status.RECEIVED: "Được tiếp nhận",
    Status.REFUSED: "Không được tiếp nhận",
    Status.IN_PROCESS: "Đang xử lý",
    Status.SUPPLEMENT_REQUESTED: "Yêu cầu bổ sung giấy tờ",
    Status.PAYMENT_DUE: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.RESOLVED: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}
"""The official wording."""

_S = Status

TRANSITIONS: dict[Kind, dict[Status, Status]] = {
    Kind.FILED: {_S.NONE: _S.FILED},
    Kind.RECEIVED: {_S.NONE: _S.RECEIVED, _S.FILED: _S.RECEIVED},
    Kind.REFUSED: {
        _S.NONE: _S.REFUSED,
        _S.FILED: _S.REFUSED,
        _S.SUPPLEMENT_REQUESTED: _S.REFUSED,
    },
    Kind.FORWARDED: {_S.RECEIVED: _S.IN_PROCESS, _S.IN_PROCESS: _S.IN_PROCESS},
    Kind.SUPPLEMENT_REQUESTED: {
        _S.FILED: _S.SUPPLEMENT_REQUESTED,
        _S.RECEIVED: _S.SUPPLEMENT_REQUESTED,
        _S.IN_PROCESS: _S.SUPPLEMENT_REQUESTED,
    },
    # Back to where the request was made: the fold keeps that status.
    Kind.SUPPLEMENT_SUPPLIED: {_S.SUPPLEMENT_REQUESTED: _S.IN_PROCESS},
    Kind.PAYMENT_REQUESTED: {_S.IN_PROCESS: _S.PAYMENT_DUE},
    Kind.PAYMENT_PAID: {_S.PAYMENT_DUE: _S.IN_PROCESS},
    Kind.EXTENDED: {
        _S.RECEIVED: _S.RECEIVED,
        _S.IN_PROCESS: _S.IN_PROCESS,
        _S.SUPPLEMENT_REQUESTED: _S.SUPPLEMENT_REQUESTED,
        _S.PAYMENT_DUE: _S.PAYMENT_DUE,
        _S.STOPPED: _S.STOPPED,
    },
    Kind.STOPPED: {_S.IN_PROCESS: _S.STOPPED},
    Kind.RESUMED: {_S.STOPPED: _S.IN_PROCESS},
    Kind.WITHDRAWN: {
        _S.FILED: _S.WITHDRAWN,
        _S.RECEIVED: _S.WITHDRAWN,
        _S.IN_PROCESS: _S.WITHDRAWN,
        _S.SUPPLEMENT_REQUESTED: _S.WITHDRAWN,
        _S.PAYMENT_DUE: _S.WITHDRAWN,
    },
    Kind.RESOLVED: {_S.RECEIVED: _S.RESOLVED, _S.IN_PROCESS: _S.RESOLVED},
    Kind.RETURNED: {_S.RESOLVED: _S.RETURNED},
    Kind.VOIDED: {},
    Kind.CONSULTED: {_S.RECEIVED: _S.RECEIVED, _S.IN_PROCESS: _S.IN_PROCESS},
    # The opinion may come while the dossier rests for another reason.
    Kind.OPINION_GIVEN: {
        _S.RECEIVED: _S.RECEIVED,
        _S.IN_PROCESS: _S.IN_PROCESS,
        _S.SUPPLEMENT_REQUESTED: _S.SUPPLEMENT_REQUESTED,
        _S.PAYMENT_DUE: _S.PAYMENT_DUE,
        _S.STOPPED: _S.STOPPED,
    },
}
"""From which status an event of each kind leads where. Void events are resolved before the fold."""
