"""A publisher is judged by what the registry granted it when its event was recorded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.events import Channel, Event, Forwarded, Kind, Received
from motcua_kernel.fold import advance, fold
from motcua_kernel.instant import HOUR, Instant
from motcua_kernel.parties import Publisher
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import ClockMapping, Registry
from motcua_kernel.speakers import Speakers
from motcua_kernel.units import Unit, UnitLevel

if TYPE_CHECKING:
    from motcua_kernel.registry import Entry

CODE = "000.00.31.H16-200106-0001"
AT = Instant(1_600_000_000_000)
UNITS = (
    Unit("67", "67", "Tỉnh", UnitLevel.PROVINCE),
    Unit("666", "666", "Huyện", UnitLevel.DISTRICT, parent="67"),
    Unit("24733", "24733", "Thị trấn", UnitLevel.COMMUNE, parent="666"),
    Unit("664", "664", "Huyện khác", UnitLevel.DISTRICT, parent="67"),
)


def registry(*entries: Entry) -> Registry:
    procedure = Procedure("1.000894", "Đăng ký kết hôn", date(2010, 1, 1))
    return Registry().with_entries(enumerate([*UNITS, procedure, *entries]))


def publisher(name: str, *units: str, at: int, revoked: bool = False) -> Publisher:
    return Publisher(name, name, units, revoked=revoked, recorded_at=Instant(at))


def event(who: str, number: int, change: Any, recorded: int) -> Event:
    kind = Kind.RECEIVED if isinstance(change, Received) else Kind.FORWARDED
    at = Instant(AT + number * HOUR)
    return Event(who, f"e-{number}", CODE, kind, at, "/s", number, change, Instant(recorded))


RECEIPT = Received("1.000894", Channel.COUNTER, "24733", "24733")
MOVE = Forwarded("tu-phap")


def steps(known: Registry, who: str, recorded: int) -> tuple[int, list[str]]:
    """Steps and anomalies after a receipt of *own* and a move by `who`."""
    told = [event("own", 1, RECEIPT, AT), event(who, 2, MOVE, recorded)]
    state = fold(CODE, told, known)
    first = fold(CODE, told[:1], known)
    assert advance(first, told[1:], known) == state
    return len(state.steps), [one.kind for one in state.anomalies]


def test_another_commune_cannot_move_a_dossier_and_a_publisher_above_it_can() -> None:
    known = registry(
        publisher("own", "24733", at=0),
        publisher("district", "666", at=0),
        publisher("stranger", "664", at=0),
    )
    assert steps(known, "own", AT) == (1, [])
    assert steps(known, "district", AT) == (1, [])
    assert steps(known, "stranger", AT) == (0, ["without_authority"])


def test_a_right_taken_away_changes_nothing_that_was_said_before() -> None:
    known = registry(
        publisher("own", "24733", at=0),
        publisher("district", "666", at=0),
        publisher("district", "666", at=AT, revoked=True),
    )
    assert steps(known, "district", AT - 1) == (1, [])
    assert steps(known, "district", AT) == (0, ["without_authority"])


def test_a_right_given_later_changes_nothing_that_was_said_before() -> None:
    known = registry(
        publisher("own", "24733", at=0),
        publisher("district", "664", at=0),
        publisher("district", "666", at=AT),
    )
    assert steps(known, "district", AT - 1) == (0, ["without_authority"])
    assert steps(known, "district", AT) == (1, [])


def test_who_was_not_known_then_is_not_judged() -> None:
    assert steps(registry(), "anybody", AT) == (1, [])
    assert steps(registry(publisher("late", "664", at=AT + 1)), "late", AT) == (1, [])


def test_what_was_recorded_before_domain_time_was_mapped_was_known_from_then_on() -> None:
    real = AT + 10**11
    mapping = ClockMapping(Instant(real), AT, 1.0, recorded_at=Instant(real))
    known = registry(publisher("stranger", "664", at=real - 5), mapping)
    assert steps(known, "stranger", AT) == (0, ["without_authority"])


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from([("a",), ("b",), ()]))))
def test_entries_change_nothing_before_they_were_recorded(
    told: list[tuple[int, tuple[str, ...]]],
) -> None:
    told.sort(key=lambda one: one[0])
    speakers = Speakers()
    for at, units in told:
        before = [speakers.units_at("p", Instant(moment)) for moment in range(at)]
        speakers = speakers.with_publisher(Publisher("p", "p", units), Instant(at))
        assert [speakers.units_at("p", Instant(moment)) for moment in range(at)] == before
        assert speakers.units_at("p", Instant(at)) == units
