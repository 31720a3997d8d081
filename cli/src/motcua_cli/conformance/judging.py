"""The judgement of a publisher by what it sent: order, repetition, retries, rejected events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from motcua_client.answers import Verdict

from motcua_cli.conformance.exchanges import BUSY, DROPPED, LIMITED, Exchange, Sent
from motcua_cli.conformance.findings import Finding, found, skipped

_TOLERANCE: Final = 0.9
"""A wait may be shorter than asked by what clocks and lines differ."""
_FORMS: Final = (
    ("ids", frozenset({"id", "source"}), "Mã sự kiện đúng bảng ký tự", "ids in their alphabet"),
    ("clock", frozenset({"time", "future", "past"}), "Thời điểm có múi giờ, đồng hồ đúng",
     "times with their offset, a true clock"),
    ("person", frozenset({"unknown-field", "code", "personal-number", "mark"}),
     "Không có dữ liệu cá nhân", "no personal data"),
    ("authority", frozenset({"authority", "unit", "procedure", "department"}),
     "Đơn vị, thủ tục có trong danh mục và đúng thẩm quyền", "units and procedures one may name"),
)  # fmt: skip
_OTHERS: Final = frozenset[str]().union(*(rules for _, rules, _, _ in _FORMS)) | {"conflict"}


def judge(exchanges: Sequence[Exchange]) -> list[Finding]:
    """Every check over what a publisher sent, in order of time."""
    if not any(one.events for one in exchanges):
        nothing = ["0"]
        return [found("events", "Có sự kiện để đánh giá", "there are events to judge", nothing)]
    return [
        _all_settled(exchanges),
        *_of_faults(exchanges),
        _same_content(exchanges),
        _in_order(exchanges),
        _one_at_a_time(exchanges),
        *_of_rejections(exchanges),
        _rejected_once(exchanges),
    ]


def _all_settled(exchanges: Sequence[Exchange]) -> Finding:
    """Nothing is given up: each event got its answer in the end."""
    answered = [one for one in exchanges if one.fate != DROPPED and one.verdicts]
    settled = {event.id for one in answered for event in one.events}
    lost = dict.fromkeys(
        event.id for one in exchanges for event in one.events if event.id not in settled
    )
    return found(
        "settled",
        "Mỗi sự kiện được gửi đến khi có trả lời",
        "each event is sent until it is answered",
        [f"{name}: bỏ dở · given up" for name in lost],
    )


def _of_faults(exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    texts = {
        BUSY: ("Gửi lại sau 503, đúng Retry-After", "a retry after 503, at Retry-After"),
        DROPPED: ("Gửi lại khi mất trả lời", "a retry after a lost answer"),
        LIMITED: ("Gửi lại sau 429, đúng Retry-After", "a retry after 429, at Retry-After"),
    }
    for fate, (vi, en) in texts.items():
        struck = [(place, one) for place, one in enumerate(exchanges) if one.fate == fate]
        name = f"retry-{fate}"
        if not struck:
            yield skipped(name, vi, en)
            continue
        faults = [fault for place, one in struck for fault in _retry_faults(exchanges, place, one)]
        yield found(name, vi, en, faults)


def _retry_faults(exchanges: Sequence[Exchange], place: int, struck: Exchange) -> Iterator[str]:
    later = exchanges[place + 1 :]
    for event in struck.events:
        again = next((one for one in later if event in one.events), None)
        if again is None:
            yield f"{event.id}: không gửi lại nguyên vẹn · not sent again unchanged"
        elif again.started - struck.ended < struck.retry_after * _TOLERANCE:
            waited, asked = again.started - struck.ended, struck.retry_after
            yield f"{event.id}: {waited:.1f} s < Retry-After {asked:.0f} s"


def _same_content(exchanges: Sequence[Exchange]) -> Finding:
    first: dict[str, bytes] = {}
    faults = {
        event.id: None
        for one in exchanges
        for event in one.events
        if first.setdefault(event.id, event.content) != event.content
    }
    conflicts = [verdict.id for verdict, _ in _answers(exchanges) if verdict.rule == "conflict"]
    return found(
        "conflict",
        "Một id luôn mang một nội dung",
        "one id always has one content",
        [f"{name} [conflict]" for name in dict.fromkeys([*faults, *conflicts])],
    )


def _in_order(exchanges: Sequence[Exchange]) -> Finding:
    """The events of a dossier and source come as they happened, each judged at its first sight."""
    seen: set[str] = set()
    last: dict[tuple[str, str], tuple[float, int]] = {}
    faults: list[str] = []
    for event in (event for one in exchanges for event in one.events):
        moment = _moment(event.time)
        if event.id in seen or moment is None:
            continue
        seen.add(event.id)
        here = (event.dossier, event.source)
        now = (moment, int(event.sequence) if event.sequence.isdecimal() else 0)
        if now < last.get(here, now):
            faults.append(f"{event.id}: sau một sự kiện muộn hơn · after a later one")
        last[here] = max(now, last.get(here, now))
    return found(
        "order",
        "Sự kiện của một hồ sơ theo thứ tự xảy ra",
        "the events of a dossier in the order in which they happened",
        faults,
    )


def _one_at_a_time(exchanges: Sequence[Exchange]) -> Finding:
    faults: list[str] = []
    flying: list[Exchange] = []
    for one in sorted(exchanges, key=lambda each: each.started):
        flying = [other for other in flying if other.ended > one.started]
        own = {event.dossier for event in one.events}
        shared = own & {event.dossier for other in flying for event in other.events}
        faults += [f"{dossier}: hai yêu cầu cùng lúc · two requests at once" for dossier in shared]
        flying.append(one)
    return found(
        "one-at-a-time",
        "Không có hai yêu cầu cùng lúc về một hồ sơ",
        "never two requests about one dossier at the same time",
        sorted(set(faults)),
    )


def _of_rejections(exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    rejected = [verdict for verdict, _ in _answers(exchanges) if verdict.status == "rejected"]
    for name, rules, vi, en in _FORMS:
        yield found(name, vi, en, _named(rejected, rules.__contains__))
    yield found(
        "rejections",
        "Không sự kiện nào bị từ chối vì lý do khác",
        "no event is rejected for another reason",
        _named(rejected, lambda rule: rule not in _OTHERS),
    )


def _named(rejected: Iterable[Verdict], of_ours: Callable[[str], bool]) -> list[str]:
    lines = (
        f"{one.id or '?'} {one.field} [{one.rule}]: {one.expected}"
        for one in rejected
        if of_ours(one.rule)
    )
    return list(dict.fromkeys(lines))


def _rejected_once(exchanges: Sequence[Exchange]) -> Finding:
    """A rejected event is set aside for a person; sent again unchanged it is rejected again."""
    told: set[tuple[str, bytes]] = set()
    faults: dict[str, None] = {}
    for one in exchanges:
        faults |= {
            f"{event.id}: gửi lại nguyên vẹn · sent again unchanged": None
            for event in one.events
            if (event.id, event.content) in told
        }
        if one.fate != DROPPED:
            pairs = zip(one.events, one.verdicts, strict=False)
            told |= {(event.id, event.content) for event, its in pairs if its.status == "rejected"}
    return found(
        "rejected-once",
        "Sự kiện bị từ chối không bị gửi lại nguyên vẹn",
        "a rejected event is not sent again unchanged",
        list(faults),
    )


def _answers(exchanges: Sequence[Exchange]) -> Iterator[tuple[Verdict, Sent]]:
    for one in exchanges:
        yield from zip(one.verdicts, one.events, strict=False)


def _moment(text: str) -> float | None:
    """Seconds since the epoch; None for a time without an offset, which is judged elsewhere."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.timestamp() if read.tzinfo else None
