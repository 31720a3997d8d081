"""An independent count over raw JSON events, in the words of form 06 (biểu 06/VPCP/KSTT).

It shares nothing with the services: repeated and voided events are taken out, the rest of each
dossier is sorted by time and walked once, and due dates come from the finger counting of `due`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from motcua_sample_dak_rlap.catalogue import procedures
from motcua_sample_dak_rlap.due import Pause, due
from motcua_sample_dak_rlap.instants import DAY, local, midnight, parse_rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_FINAL = {"Withdrawn": "withdrawn", "Refused": "refused"}
_PAUSES = {"SupplementRequested", "PaymentRequested", "Stopped"}
_RESUMPTIONS = {"SupplementSupplied", "PaymentPaid", "Resumed"}


@dataclass
class Counts:
    """The balance of a period: the first two add up to all the others together."""

    carried_over: int = 0
    received: int = 0
    resolved_early: int = 0
    resolved_on_time: int = 0
    resolved_overdue: int = 0
    withdrawn: int = 0
    stopped: int = 0
    refused: int = 0
    in_progress: int = 0
    resolved_no_deadline: int = 0

    @property
    def resolved(self) -> int:
        """All resolved dossiers (đã giải quyết)."""
        return (
            self.resolved_early
            + self.resolved_on_time
            + self.resolved_overdue
            + self.resolved_no_deadline
        )

    @property
    def residual(self) -> int:
        """What the balance leaves over: 0."""
        out = self.resolved + self.withdrawn + self.stopped + self.refused + self.in_progress
        return self.carried_over + self.received - out

    def add(self, other: Counts) -> None:
        """Add the figures of another unit or department."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass
class _Dossier:
    procedure: str = ""
    channel: str = ""
    unit: str = ""
    department: str = ""
    received: int | None = None
    pauses: list[Pause] = field(default_factory=list[Pause])
    opened: tuple[int, str] | None = None
    added: int = 0
    end: tuple[int, str] | None = None


def count(events: Iterable[dict[str, Any]], first: date, last: date) -> Counts:
    """The figures of the days from `first` to `last`, both counted."""
    total = Counts()
    for counts in count_by_department(events, first, last).values():
        total.add(counts)
    return total


def count_by_department(
    events: Iterable[dict[str, Any]], first: date, last: date
) -> dict[tuple[str, str], Counts]:
    """The same by (reporting unit, lead department)."""
    opens, closes = midnight(first), midnight(last) + DAY
    found: dict[tuple[str, str], Counts] = defaultdict(Counts)
    for story in clean(events).values():
        dossier = _walk(story, closes)
        if dossier.received is None:
            continue
        counts = found[dossier.unit, dossier.department]
        if dossier.end is not None and dossier.end[0] < opens:
            continue
        if dossier.received < opens:
            counts.carried_over += 1
        else:
            counts.received += 1
        kind = "in_progress" if dossier.end is None else dossier.end[1]
        setattr(counts, kind, getattr(counts, kind) + 1)
    return dict(found)


def clean(events: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The events of each dossier in order of time, without repetitions, voids and the voided."""
    once = {(event["source"], event["id"]): event for event in events}
    void = {
        (event["source"], event["data"]["event_id"])
        for event in once.values()
        if kind_of(event) == "Voided"
    }
    stories: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, event in once.items():
        if key not in void and kind_of(event) != "Voided":
            stories[event["subject"]].append(event)
    for story in stories.values():
        story.sort(key=lambda e: (parse_rfc3339(e["time"]), e["source"], int(e["sequence"])))
    return stories


def kind_of(event: dict[str, Any]) -> str:
    """The message name, for example `Received`."""
    return event["type"].rpartition(".")[2]


def _walk(story: list[dict[str, Any]], closes: int) -> _Dossier:
    dossier = _Dossier()
    for event in story:
        at = parse_rfc3339(event["time"])
        if at < closes:
            _take(dossier, kind_of(event), at, event["data"])
    return dossier


def _take(dossier: _Dossier, kind: str, at: int, data: dict[str, Any]) -> None:
    if kind == "Received":
        dossier.received = at
        dossier.procedure, dossier.channel = data["procedure"], data["channel"]
        dossier.unit = data.get("reporting_unit") or data["resolving_unit"]
        dossier.department = data["department"]
    elif kind in _PAUSES and not data.get("final"):
        dossier.opened = (at, kind)
    elif kind in _RESUMPTIONS and dossier.opened is not None:
        opened, cause = dossier.opened
        restarts = procedures()[dossier.procedure].supplement_restarts
        dossier.pauses.append(Pause(opened, at, restarts and cause == "SupplementRequested"))
        dossier.opened = None
    elif kind == "Extended" and data["replaces_due"]:
        dossier.added += data["added_minutes"]
    elif kind == "Stopped":
        dossier.end = (at, "stopped")
    elif kind in _FINAL:
        dossier.end = (at, _FINAL[kind])
    elif kind == "Resolved":
        dossier.end = (at, _outcome(dossier, at))


def _outcome(dossier: _Dossier, at: int) -> str:
    if dossier.received is None:
        return "resolved_no_deadline"
    limit = procedures()[dossier.procedure].limit(dossier.channel)
    end = due(limit, dossier.received, dossier.pauses, dossier.added)
    if end is None:
        return "resolved_no_deadline"
    resolved = local(at)
    late = resolved.date() > end.day if end.moment is None else resolved > end.moment
    if late:
        return "resolved_overdue"
    return "resolved_early" if resolved.date() < end.day else "resolved_on_time"
