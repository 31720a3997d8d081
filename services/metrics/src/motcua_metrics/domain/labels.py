"""The fixed sets of label values (design section 5), as enums whose values are the labels."""

from __future__ import annotations

from enum import Enum
from typing import Final

from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome, Timing


class ChannelLabel(Enum):
    """How a dossier came in (kênh tiếp nhận)."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"
    UNSPECIFIED = "unspecified"


class Closure(Enum):
    """Why a received dossier was closed without a result."""

    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    REFUSED = "refused"


class Period(Enum):
    """The calendar period around "now", in local time; its value is the label."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Definition(Enum):
    """Under which name an on-time rate (tỷ lệ đúng hạn) is computed (law L6)."""

    FORM06 = "form06"
    BACKLOG = "backlog"
    INDEX766 = "index766"


class Fact(Enum):
    """What can be taken back by a correction."""

    RECEIVED = "received"
    RESOLVED = "resolved"
    CLOSED = "closed"


class SyncOutcome(Enum):
    """How a run that brings Grafana in step ended."""

    IN_STEP = "in_step"
    INCOMPLETE = "incomplete"
    FAILED = "failed"


CHANNELS: Final = tuple(Channel)
OUTCOMES: Final = tuple(Outcome)
TIMINGS: Final = tuple(Timing)
CLOSURES: Final = tuple(Closure)
"""The order in which counts by label are kept."""

CHANNEL_LABELS: dict[Channel, ChannelLabel] = {
    Channel.ONLINE: ChannelLabel.ONLINE,
    Channel.COUNTER: ChannelLabel.COUNTER,
    Channel.POST: ChannelLabel.POST,
    Channel.UNSPECIFIED: ChannelLabel.UNSPECIFIED,
}
