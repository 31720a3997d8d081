"""Nobody gains a dossier, or a say in it, by what they tell of another's: laws of the claim."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from event_strategies import (
    COMMUNE,
    CONTINUES,
    DOSSIER,
    MONDAY,
    PROVINCE,
    STORY,
    entries,
    event,
    events,
    registry_of,
)
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.events import (
    Channel,
    Filed,
    Forwarded,
    Received,
    Refused,
    Resolved,
    SupplementRequested,
    Voided,
    Withdrawn,
)
from motcua_kernel.fold import advance, fold
from motcua_kernel.instant import DAY, Instant
from motcua_kernel.life_cycle import Status
from motcua_kernel.ownership import claimed_units
from motcua_kernel.parties import Publisher
from motcua_kernel.state import NEVER, Claim, DossierState
from motcua_kernel.units import Unit, UnitLevel
from msgspec.structs import replace

if TYPE_CHECKING:
    from motcua_kernel.events import Change, Event

OTHER = "24736"
OWN, STRANGER = "own", "stranger"
KNOWN = registry_of(
    [
        *entries(),
        Unit(OTHER, OTHER, "Đắk Wer", UnitLevel.COMMUNE, PROVINCE),
        Publisher(OWN, OWN, (COMMUNE,), recorded_at=Instant(0)),
        Publisher(STRANGER, STRANGER, (OTHER,), recorded_at=Instant(0)),
    ]
)


def received(unit: str = COMMUNE, resolving: str = "") -> Received:
    return Received(CONTINUES, Channel.COUNTER, unit, resolving or unit)


def told(
    change: Change, day: int, recorded: int, publisher: str = OWN, event_id: str = ""
) -> Event:
    """An event of a day, recorded on another."""
    one = event(change, Instant(MONDAY + day * DAY), event_id or f"{day}-{recorded}", publisher)
    return replace(one, recorded_at=Instant(MONDAY + recorded * DAY))


def kinds(state: DossierState) -> list[tuple[str, str]]:
    return [(one.kind, one.publisher) for one in state.anomalies]


def facts(state: DossierState) -> DossierState:
    """The state without its anomalies and what counts the events behind it."""
    return replace(
        state, anomalies=(), waiting_voids=0, events=0, recorded_at=NEVER, last=None, is_live=False
    )


def folded(*events: Event) -> DossierState:
    return fold(DOSSIER, events, KNOWN)


def test_an_earlier_receipt_told_later_takes_no_dossier_over() -> None:
    own = (told(received(), 2, 2), told(Forwarded("tu-phap"), 3, 3), told(Resolved(), 4, 4))
    theft = told(received(OTHER), 1, 5, STRANGER)
    state = folded(*own, theft)
    assert facts(state) == facts(folded(*own))
    assert state.status is Status.RESOLVED
    assert kinds(state) == [("without_authority", STRANGER)]


@pytest.mark.parametrize("change", [Withdrawn(), Refused(), SupplementRequested("R1")])
def test_a_filing_that_waits_is_answered_by_nobody_else(change: Change) -> None:
    filing = told(Filed(CONTINUES, COMMUNE), 1, 1)
    state = folded(filing, told(change, 2, 2, STRANGER))
    assert (state.status, kinds(state)) == (Status.FILED, [("without_authority", STRANGER)])
    assert folded(filing, told(change, 2, 2)).anomalies == ()


def test_another_units_filing_is_received_by_nobody_else() -> None:
    filing = told(Filed(CONTINUES, COMMUNE), 1, 1)
    for receipt in (received(OTHER), received(COMMUNE, OTHER)):
        state = folded(filing, told(receipt, 2, 2, STRANGER))
        assert (state.status, kinds(state)) == (Status.FILED, [("without_authority", STRANGER)])


def test_who_receives_for_another_unit_brings_it_in() -> None:
    filing = told(Filed(CONTINUES, COMMUNE), 1, 1)
    receipt = told(received(COMMUNE, OTHER), 2, 2)
    state = folded(filing, receipt, told(Resolved(), 3, 3, STRANGER))
    assert (state.status, state.anomalies) == (Status.RESOLVED, ())


def test_a_refusal_told_before_anybody_claimed_is_judged_when_somebody_does() -> None:
    refusal = told(Refused(), 1, 1, STRANGER)
    assert folded(refusal).status is Status.REFUSED
    receipt = told(received(), 2, 2)
    state = folded(refusal, receipt)
    assert (state.status, kinds(state)) == (Status.RECEIVED, [("without_authority", STRANGER)])
    assert advance(folded(refusal), [receipt], KNOWN) is None


def test_a_claim_for_a_unit_that_its_publisher_does_not_speak_for_is_none() -> None:
    forged = told(received(), 1, 1, STRANGER)
    assert folded(forged).claim is None
    assert kinds(folded(forged)) == [("without_authority", STRANGER)]
    state = folded(forged, told(received(), 2, 2))
    assert (state.received_at, kinds(state)) == (
        MONDAY + 2 * DAY,
        [("without_authority", STRANGER)],
    )


def test_a_claim_that_was_voided_leaves_the_dossier_to_the_next() -> None:
    first = told(received(), 1, 1, event_id="mistake")
    second = told(received(OTHER), 2, 2, STRANGER)
    assert folded(first, second).reporting_unit == COMMUNE
    state = folded(first, second, told(Voided("mistake"), 3, 3))
    assert (state.reporting_unit, state.anomalies) == (OTHER, ())


def test_who_corrects_a_claim_loses_the_dossier_to_nobody_who_waits() -> None:
    own = (told(received(), 1, 1, event_id="mistake"), told(Forwarded("tu-phap"), 2, 2))
    waiting = told(received(OTHER), 3, 3, STRANGER)
    corrected = (told(Voided("mistake"), 4, 4), told(received(), 1, 5, event_id="again"))
    state = folded(*own, waiting, *corrected)
    assert (state.reporting_unit, state.status) == (COMMUNE, Status.IN_PROCESS)
    assert facts(state) == facts(folded(*own, *corrected))


def test_a_system_of_before_a_merger_receives_what_was_filed_with_the_successor() -> None:
    successor = Unit(
        "24730", "24730", "Kiến Đức", UnitLevel.COMMUNE, PROVINCE, "2026-03-01", "", (COMMUNE,)
    )
    portal = Publisher("portal", "portal", (PROVINCE,), recorded_at=Instant(0))
    merged = KNOWN.with_entries(enumerate((successor, portal), KNOWN.offset + 1))
    filing = told(Filed(CONTINUES, successor.id), 1, 1, portal.id)
    assert fold(DOSSIER, [filing, told(received(), 2, 2)], merged).status is Status.RECEIVED
    theft = told(received(OTHER), 2, 2, STRANGER)
    assert fold(DOSSIER, [filing, theft], merged).status is Status.FILED


def test_whose_it_is_does_not_depend_on_the_moment_asked_about() -> None:
    theft = told(received(OTHER), 1, 5, STRANGER)
    receipt = told(received(), 2, 2)
    state = fold(DOSSIER, [theft], KNOWN, known=[theft, receipt])
    assert (state.status, kinds(state)) == (Status.NONE, [("without_authority", STRANGER)])
    assert state.claim == Claim(receipt.recorded_at, OWN, (COMMUNE, COMMUNE))


def test_advancing_gives_up_only_where_the_claim_may_be_another() -> None:
    filing, receipt = told(Filed(CONTINUES, COMMUNE), 1, 2), told(received(), 3, 3)
    state = advance(folded(filing), [receipt], KNOWN)
    assert state == folded(filing, receipt)
    assert advance(folded(filing), [told(received(), 3, 3, STRANGER)], KNOWN) is None
    assert advance(folded(filing), [told(received(), 3, 1)], KNOWN) is None
    assert advance(folded(filing), [told(received(), 3, 2)], KNOWN) is None


@st.composite
def _own_stories(draw: st.DrawFn) -> list[Event]:
    """The beginning of a story, each event recorded an hour after it occurred."""
    story: list[Event] = []
    at = MONDAY
    for number, change in enumerate(STORY[: draw(st.integers(1, len(STORY)))]):
        at = Instant(at + draw(st.integers(1, 2 * DAY)))
        story.append(event(change, at, f"own-{number}", OWN))
    if draw(st.booleans()):
        return story
    late, place = Instant(MONDAY + 500 * DAY), draw(st.integers(0, len(story) - 1))
    mistake = event(Voided(f"own-{place}"), Instant(at + DAY), "own-void", OWN)
    again = replace(story[place], event_id="own-again", recorded_at=late)
    return [*story, replace(mistake, recorded_at=late), again]


@st.composite
def _claims_of_all(draw: st.DrawFn) -> Event:
    """An event whose claim is for either commune."""
    one = draw(events)
    unit = draw(st.sampled_from((COMMUNE, OTHER)))
    match one.change:
        case Received():
            return replace(one, change=received(unit, draw(st.sampled_from((COMMUNE, OTHER)))))
        case Filed():
            return replace(one, change=Filed(CONTINUES, unit))
        case _:
            return one


@st.composite
def _strangers(draw: st.DrawFn) -> list[Event]:
    """What another publisher tells; its claims are recorded after the owner's, the rest freely."""
    free = draw(st.lists(_claims_of_all(), max_size=6, unique_by=lambda one: one.event_id))
    late = Instant(MONDAY + 400 * DAY)
    return [
        replace(
            one,
            publisher=STRANGER,
            recorded_at=late if claimed_units(one.change) else one.recorded_at,
        )
        for one in free
    ]


@given(_own_stories(), _strangers(), st.data())
def test_what_strangers_tell_changes_nothing(
    own: list[Event], strangers: list[Event], data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations([*own, *strangers]))
    state = folded(*mixed)
    alone = folded(*own)
    assert facts(state) == facts(alone)
    assert [one for one in state.anomalies if one.publisher == OWN] == list(alone.anomalies)


@given(
    st.lists(
        st.tuples(_claims_of_all(), st.integers(0, 5), st.sampled_from((OWN, STRANGER, "p1"))),
        max_size=10,
    ),
    st.data(),
)
def test_advancing_arrives_where_the_fold_does_whoever_tells_and_whenever_it_is_recorded(
    drawn: list[tuple[Event, int, str]], data: st.DataObject
) -> None:
    all_told = {
        one.event_id: replace(one, publisher=who, recorded_at=Instant(MONDAY + recorded))
        for one, recorded, who in drawn
    }
    arrival = list(all_told.values())
    if data.draw(st.booleans()):
        arrival.sort(key=lambda one: one.order)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(arrival)))) | {0, len(arrival)})
    state = DossierState(DOSSIER)
    for start, end in pairwise(cuts):
        advanced = advance(state, arrival[start:end], KNOWN)
        state = folded(*arrival[:end]) if advanced is None else advanced
        assert state == folded(*arrival[:end])
