"""Events of a few dossiers, drawn from the whole vocabulary, and the deliveries of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from event_records import record
from hypothesis import strategies as st
from motcua_kernel import events as k
from motcua_kernel.instant import HOUR, Instant, parse_rfc3339
from motcua_kernel.life_cycle import TRANSITIONS, Status
from motcua_platform.records import Record
from msgspec.structs import replace
from open_books_of_tests import PARTITIONS

CODES: Final = tuple(f"000.00.31.H16-200106-{number:04}" for number in range(1, 5))
FIRST: Final = parse_rfc3339("2020-01-06T08:00:00+07:00")
APPENDED: Final = parse_rfc3339("2020-02-01T08:00:00+07:00")
_PUBLISHERS: Final = ("dak-rlap", "kien-duc")
_PROCEDURES: Final = ("2.000908", "2.000528", "1.999999")
_UNITS: Final = ("666", "24733", "99999")
_KINDS: Final = tuple(k.Kind)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as the log has it: who reads it when is another matter."""

    event: k.Event
    appended_at: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The order of reading, the partition of each delivery, and where batches end."""

    deliveries: tuple[Delivery, ...]
    partitions: tuple[int, ...]
    cuts: frozenset[int]


def change_of(draw: st.DrawFn, kind: k.Kind, ids: list[str]) -> k.Change:
    """The change of a kind, with what steers the fold drawn."""
    match kind:
        case k.Kind.FILED:
            return k.Filed(draw(st.sampled_from(_PROCEDURES)), draw(st.sampled_from(_UNITS)))
        case k.Kind.RECEIVED:
            return k.Received(
                procedure=draw(st.sampled_from(_PROCEDURES)),
                channel=draw(st.sampled_from(tuple(k.Channel)[1:])),
                receiving_unit=draw(st.sampled_from(("666", "24733"))),
                resolving_unit=draw(st.sampled_from(_UNITS)),
                department=draw(st.sampled_from(("tu-phap", ""))),
            )
        case k.Kind.FORWARDED:
            return k.Forwarded(draw(st.sampled_from(("tu-phap", "van-phong"))), "giai-quyet")
        case k.Kind.EXTENDED:
            form = draw(st.sampled_from(("04/03-2025-TT-VPCP", "")))
            return k.Extended(480, "qua-tai", form, draw(st.booleans()))
        case k.Kind.CONSULTED | k.Kind.OPINION_GIVEN:
            asked: type[Any] = k.CHANGE_OF_KIND[kind]
            return asked(draw(st.sampled_from(_UNITS)))
        case k.Kind.STOPPED:
            return k.Stopped("benh-dich", final=draw(st.booleans()))
        case k.Kind.VOIDED:
            return k.Voided(draw(st.sampled_from(ids)) if ids else "never-told", "nham")
        case _:
            bare: type[Any] = k.CHANGE_OF_KIND[kind]
            return bare()


@st.composite
def stories(draw: st.DrawFn, code: str) -> list[k.Event]:
    """Up to seven events of a dossier: mostly a legal course, with some nonsense in it."""
    status, told, ids = Status.NONE, list[k.Event](), list[str]()
    at = FIRST
    for number in range(draw(st.integers(0, 7))):
        legal = tuple(one for one in _KINDS if status in TRANSITIONS.get(one, {}))
        kind = draw(st.sampled_from(legal * 6 + _KINDS))
        event_id = f"{code[-4:]}-{number}"
        change = change_of(draw, kind, [*ids, "never-told"])
        at = Instant(at + draw(st.sampled_from((0, HOUR, 9 * HOUR, 50 * HOUR))))
        publisher = draw(st.sampled_from(_PUBLISHERS))
        told.append(
            k.Event(publisher, event_id, code, kind, at, f"/{publisher}/mot-cua", number, change)
        )
        ids.append(event_id)
        status = TRANSITIONS.get(kind, {}).get(status, status)
    return told


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Delivery, ...]:
    """Deliveries of several dossiers: each event at least once, some with a rival content."""
    told = [event for code in CODES[:-1] for event in draw(stories(code))]
    found: list[Delivery] = []
    for event in told:
        contents = [event] * draw(st.integers(1, 2))
        if draw(st.integers(0, 7)) == 0:
            contents.append(replace(event, occurred_at=Instant(event.occurred_at + HOUR)))
        if draw(st.integers(0, 11)) == 0:
            contents.append(replace(event, dossier=CODES[-1]))
        found += [Delivery(content, 0) for content in contents]
    moments = draw(st.permutations(range(len(found))))
    return tuple(
        Delivery(one.event, APPENDED + 1_000 * moment)
        for one, moment in zip(found, moments, strict=True)
    )


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Deliveries in any order of reading, over any partitions, cut into any batches."""
    shuffled = tuple(draw(st.permutations(draw(deliveries()))))
    partitions = tuple(draw(st.integers(0, PARTITIONS - 1)) for _ in shuffled)
    cuts = frozenset(number for number in range(len(shuffled)) if draw(st.integers(0, 2)) == 0)
    return Layout(shuffled, partitions, cuts)


def records_of(layout: Layout) -> list[list[Record]]:
    """The batches of the records of a layout."""
    ends = [0] * PARTITIONS
    batches: list[list[Record]] = [[]]
    placed = zip(layout.deliveries, layout.partitions, strict=True)
    for number, (delivery, partition) in enumerate(placed):
        batches[-1].append(
            record(
                delivery.event,
                partition=partition,
                offset=ends[partition],
                appended_at=delivery.appended_at,
            )
        )
        ends[partition] += 1
        if number in layout.cuts:
            batches.append([])
    return [batch for batch in batches if batch]


def counting(all_deliveries: tuple[Delivery, ...]) -> list[k.Event]:
    """The events that count: under each identity the one that the log had first."""
    first: dict[k.Identity, Delivery] = {}
    for one in all_deliveries:
        rival = first.get(one.event.identity)
        if rival is None or one.appended_at < rival.appended_at:
            first[one.event.identity] = one
    return [replace(one.event, recorded_at=Instant(one.appended_at)) for one in first.values()]
