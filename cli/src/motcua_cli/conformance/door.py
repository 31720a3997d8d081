"""Probes of a door with events of our own: does it answer as the contract says?"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import httpx
import msgspec

from motcua_cli.conformance.findings import Finding, found

Event = dict[str, Any]

_BAD_REQUEST: Final = 400
_UNAUTHORIZED: Final = 401
_HANOI: Final = timezone(timedelta(hours=7))
_BATCH: Final = "application/cloudevents-batch+json"


@dataclass(frozen=True)
class Ground:
    """What the probes may name in the sandbox."""

    unit: str
    procedure: str
    moment: datetime
    """When the probes' dossiers were received; not later than the sandbox's own time."""


class Probes:
    """Events that no other run has sent."""

    def __init__(self, ground: Ground) -> None:
        """Make events on this ground."""
        self._ground = ground
        self._run = secrets.token_hex(6)
        self._number = 100_000 + secrets.randbelow(800_000)
        self._made = 0

    def event(self, data: Mapping[str, Any] | None = None, **changes: Any) -> Event:
        """A good event; `data` adds to its data, `changes` replaces attributes."""
        self._made += 1
        ground = self._ground
        local = ground.moment.astimezone(_HANOI)
        event: Event = {
            "specversion": "1.0",
            "id": f"conformance-{self._run}-{self._made}",
            "source": "/conformance",
            "type": "motcua.dossier.v1.Received",
            "subject": f"000.00.31.H16-{local:%y%m%d}-{self._number + self._made}",
            "time": local.isoformat(timespec="seconds"),
            "sequence": str(self._made),
            "data": {
                "procedure": ground.procedure,
                "channel": "counter",
                "receiving_unit": ground.unit,
                "resolving_unit": ground.unit,
                **(data or {}),
            },
        }
        return event | changes


def probe_door(http: httpx.Client, ground: Ground) -> Iterator[Finding]:
    """Every probe, in order; `http` carries the key."""
    probes = Probes(ground)
    yield _knows_no_stranger(http)
    good = probes.event()
    yield found(
        "door-accepts",
        "Nhận sự kiện đúng",
        "a good event is accepted",
        _expect(_post(http, good), 202, "accepted"),
    )
    yield found(
        "door-repeats",
        "Gửi lại được trả lời là đã có",
        "a repetition is answered as such",
        _expect(_post(http, good), 202, "repeated"),
    )
    yield found(
        "door-conflict",
        "Cùng id khác nội dung là xung đột",
        "the same id with another content is a conflict",
        _expect(_post(http, good | {"sequence": "999"}), 409, "conflict"),
    )
    yield _names_the_bad_one(http, probes)
    for check, vi, en, rule, make in _BAD:
        answer = _post(http, make(probes))
        yield found(f"door-{check}", vi, en, _expect(answer, 422, rule))
    yield _reads_no_nonsense(http)


def _future(probes: Probes) -> Event:
    ahead = datetime.now(_HANOI) + timedelta(days=1)
    return probes.event(time=ahead.isoformat(timespec="seconds"))


_BAD: Final[tuple[tuple[str, str, str, str, Callable[[Probes], Event]], ...]] = (
    (
        "ids",
        "Từ chối id ngoài bảng ký tự",
        "an id outside its alphabet is rejected",
        "id",
        lambda probes: probes.event(id="Nguyễn Văn A"),
    ),
    (
        "clock",
        "Từ chối thời điểm không có múi giờ",
        "a time without its offset is rejected",
        "time",
        lambda probes: probes.event(time="2020-01-06T08:15:00"),
    ),
    (
        "future",
        "Từ chối thời điểm chưa đến",
        "a time that has not come is rejected",
        "future",
        _future,
    ),
    (
        "person",
        "Từ chối trường họ tên",
        "a field for a name is rejected",
        "unknown-field",
        lambda probes: probes.event({"full_name": "x"}),
    ),
    (
        "number",
        "Từ chối số giống số định danh",
        "what looks like a personal number is rejected",
        "personal-number",
        lambda probes: probes.event({"department": "000000000000"}),
    ),
    (
        "dossier",
        "Từ chối mã hồ sơ sai",
        "a wrong dossier code is rejected",
        "dossier-code",
        lambda probes: probes.event(subject="ho-so-1"),
    ),
)


def _knows_no_stranger(http: httpx.Client) -> Finding:
    wrong = {"Authorization": "Bearer mc_none"}
    answer = http.get("/v1/publisher", headers=wrong)
    faults = [] if answer.status_code == _UNAUTHORIZED else [_told(answer)]
    return found("door-key", "Không nhận khóa lạ", "a strange key is refused", faults)


def _names_the_bad_one(http: httpx.Client, probes: Probes) -> Finding:
    good, bad = probes.event(), probes.event(subject="ho-so-1")
    answer = _post(http, [good, bad])
    told = [(one.get("id"), one.get("status"), one.get("rule", "")) for one in _results(answer)]
    wanted = [(good["id"], "accepted", ""), (bad["id"], "rejected", "dossier-code")]
    return found(
        "door-batch",
        "Trả lời từng sự kiện trong lô, nêu tên sự kiện bị từ chối",
        "each event of a batch has its answer, the rejected one is named",
        [] if told == wanted else [_told(answer)],
    )


def _reads_no_nonsense(http: httpx.Client) -> Finding:
    answer = http.post("/v1/events", content=b"{", headers={"Content-Type": _BATCH})
    kind = answer.headers.get("content-type", "")
    is_problem = answer.status_code == _BAD_REQUEST and "problem+json" in kind
    return found(
        "door-problem",
        "Nội dung hỏng được trả lời bằng problem+json",
        "a broken body is answered as a problem",
        [] if is_problem else [_told(answer)],
    )


def _expect(answer: httpx.Response, status: int, word: str) -> list[str]:
    """What is wrong: the status, or the result's status or rule, is not this."""
    result = (_results(answer) or [{}])[0]
    right = answer.status_code == status and word in {result.get("status"), result.get("rule")}
    return [] if right else [f"{_told(answer)} ≠ {status} {word}"]


def _post(http: httpx.Client, content: Event | list[Event]) -> httpx.Response:
    body = msgspec.json.encode(content)
    kind = _BATCH if isinstance(content, list) else "application/cloudevents+json"
    return http.post("/v1/events", content=body, headers={"Content-Type": kind})


def _members(answer: httpx.Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _results(answer: httpx.Response) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = _members(answer).get("results", [])
    return results


def _told(answer: httpx.Response) -> str:
    """What came instead, without the values of events."""
    result = (_results(answer) or [{}])[0]
    words = (*map(result.get, ("status", "field", "rule")), _members(answer).get("title"))
    return " ".join([f"HTTP {answer.status_code}", *(str(word) for word in words if word)])
