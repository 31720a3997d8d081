"""Law L2: the state of a dossier is a function of the set of its events."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pytest
from event_strategies import (
    COMMUNE,
    CONTINUES,
    DOSSIER,
    REGISTRY,
    entries,
    event,
    event_sets,
    events,
    registry_of,
)
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from motcua_kernel import snapshot
from motcua_kernel.derive import derive
from motcua_kernel.events import (
    CHANGE_OF_KIND,
    Channel,
    Event,
    Forwarded,
    Kind,
    Received,
    Resolved,
    Voided,
)
from motcua_kernel.fold import advance, evolve, fold
from motcua_kernel.instant import HOUR, Instant
from motcua_kernel.life_cycle import TRANSITIONS, Status
from motcua_kernel.state import FOLD_REVISION, NEVER, Anomaly, DossierState
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence


def folded(told: Sequence[Event]) -> DossierState:
    return fold(DOSSIER, told, REGISTRY)


def going_on(told: Sequence[Event]) -> list[DossierState]:
    """The states on the way of the fold, without the voids and what they void."""
    kept = without_voids(told)
    ordered = sorted(kept, key=lambda one: one.order)
    steps = accumulate(
        ordered, lambda state, one: evolve(state, one, REGISTRY), initial=DossierState(DOSSIER)
    )
    return list(steps)


def without_voids(told: Sequence[Event]) -> list[Event]:
    voided = {
        (one.publisher, one.change.event_id) for one in told if isinstance(one.change, Voided)
    }
    return [one for one in told if one.kind is not Kind.VOIDED and one.identity not in voided]


def facts(state: DossierState) -> DossierState:
    """The state without what counts the events behind it."""
    return replace(state, events=0, recorded_at=NEVER, last=None, is_live=False)


@given(event_sets, st.data())
def test_any_order_and_any_repetition_give_the_same_state(
    told: list[Event], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(told), max_size=8)) if told else []
    late = [replace(one, recorded_at=Instant(one.recorded_at + HOUR)) for one in repeated]
    shuffled = data.draw(st.permutations([*told, *repeated, *late]))
    assert folded(shuffled) == folded(told)


@given(event_sets, st.data())
def test_advancing_in_any_batches_in_any_order_arrives_where_the_fold_does(
    told: list[Event], data: st.DataObject
) -> None:
    by_order = sorted(told, key=lambda one: one.order)
    arrival = by_order if data.draw(st.booleans()) else data.draw(st.permutations(told))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(told)))) | {0, len(told)})
    state: DossierState = DossierState(DOSSIER)
    for start, end in pairwise(cuts):
        advanced = advance(state, arrival[start:end], REGISTRY)
        state = fold(DOSSIER, arrival[:end], REGISTRY) if advanced is None else advanced
        assert state == folded(arrival[:end])


def test_advancing_does_happen_and_does_give_up() -> None:
    ordinary = [event(Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE), event_id="e0")]
    later = event(Forwarded("tu-phap"), Instant(ordinary[0].occurred_at + HOUR), "e1")
    known = folded(ordinary)
    assert advance(known, [later], REGISTRY) == folded([*ordinary, later])
    assert advance(folded([later]), ordinary, REGISTRY) is None
    assert advance(known, [event(Voided("e0"), later.occurred_at, "e2")], REGISTRY) is None
    waiting = folded([event(Voided("e1"), ordinary[0].occurred_at, "e2"), *ordinary])
    assert advance(waiting, [later], REGISTRY) is None


@given(event_sets)
def test_a_voided_event_leaves_no_trace_but_the_count(told: list[Event]) -> None:
    known = {one.identity for one in told if one.kind is not Kind.VOIDED}
    waiting = [
        one
        for one in told
        if isinstance(one.change, Voided) and (one.publisher, one.change.event_id) not in known
    ]
    state = folded(told)
    clean = folded([*without_voids(told), *waiting])
    assert facts(state) == facts(clean)
    assert state.events == len(told)
    assert state.waiting_voids == len(waiting)


@given(event_sets)
def test_a_void_before_its_event_waits_as_an_anomaly_that_disappears(
    told: list[Event],
) -> None:
    target = event(Resolved(), event_id="target")
    void = event(Voided("target"), event_id="void")
    told = [one for one in told if not _voids(one, "target")]
    early = folded([*told, void])
    assert Anomaly("void_of_unknown_event", "p1", "void") in early.anomalies
    done = folded([*told, void, target])
    assert Anomaly("void_of_unknown_event", "p1", "void") not in done.anomalies
    assert facts(done) == facts(folded(told))


def _voids(one: Event, event_id: str) -> bool:
    return isinstance(one.change, Voided) and one.change.event_id == event_id


def test_only_the_same_publisher_may_void() -> None:
    received = event(Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE), event_id="e0")
    stranger = event(Voided("e0"), event_id="e9", publisher="p2")
    state = folded([received, stranger])
    assert state.status is Status.RECEIVED
    assert state.anomalies == (Anomaly("void_of_unknown_event", "p2", "e9"),)


def test_an_anomaly_disappears_when_what_was_missing_arrives() -> None:
    received = event(Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE), event_id="e0")
    result = event(Resolved(), Instant(received.occurred_at + HOUR), "e1")
    early = folded([result])
    assert (early.status, early.resolved_at) == (Status.NONE, NEVER)
    assert early.anomalies == (Anomaly("out_of_place", "p1", "e1"),)
    whole = folded([result, received])
    assert (whole.status, whole.anomalies) == (Status.RESOLVED, ())
    assert whole.resolved_at == result.occurred_at


def test_a_procedure_not_yet_known_is_an_anomaly_until_the_registry_has_it() -> None:
    received = event(Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE), event_id="e0")
    poor = registry_of([one for one in entries() if getattr(one, "code", "") != CONTINUES])
    state = fold(DOSSIER, [received], poor)
    assert state.anomalies == (Anomaly("procedure_unknown", "p1", "e0"),)
    assert derive(state, poor).due is None
    assert folded([received]).anomalies == ()


_moments = st.sampled_from((NEVER, Instant(1_772_420_400_000)))


def _bent(told: list[Event], status: Status, closed: Instant, resolved: Instant) -> DossierState:
    """A state that no story leads to."""
    return replace(folded(told), status=status, closed_at=closed, resolved_at=resolved)


_any_state = st.builds(_bent, event_sets, st.sampled_from(Status), _moments, _moments)


@given(_any_state, events)
def test_evolve_is_total(state: DossierState, one: Event) -> None:
    after = evolve(state, one, REGISTRY)
    target = TRANSITIONS[one.kind].get(state.status)
    refused = target is None or state.closed_at != NEVER
    assert (Anomaly("out_of_place", one.publisher, one.event_id) in after.anomalies) >= refused
    assert set(TRANSITIONS) == set(Kind) == set(CHANGE_OF_KIND)


@given(event_sets)
def test_every_status_is_one_of_the_ten_and_agrees_with_the_moments(told: list[Event]) -> None:
    state = folded(told)
    assert state.status in set(Status)
    closed = state.status in {Status.REFUSED, Status.WITHDRAWN} or (
        state.status is Status.STOPPED and state.closed_at != NEVER
    )
    assert closed == (state.closed_at != NEVER)
    assert (state.status in {Status.RESOLVED, Status.RETURNED}) == (state.resolved_at != NEVER)
    assert (state.status is Status.RETURNED) == (state.returned_at != NEVER)
    assert not (closed and state.resolved_at)
    assert state.is_ended == (closed or state.resolved_at != NEVER)
    if state.is_ended:
        assert not state.is_paused
        assert all(one.closed is not None for one in state.pauses)


@given(event_sets)
def test_what_is_resolved_or_closed_stays_so_within_one_fold(told: list[Event]) -> None:
    for before, after in pairwise(going_on(told)):
        if before.closed_at != NEVER:
            assert (after.closed_at, after.status) == (before.closed_at, before.status)
        if before.resolved_at != NEVER:
            assert after.resolved_at == before.resolved_at
            assert after.status in {Status.RESOLVED, Status.RETURNED}
        if before.received_at != NEVER:
            assert (after.received_at, after.limit) == (before.received_at, before.limit)


@given(event_sets)
def test_steps_and_pauses_follow_each_other_without_gap_or_overlap(told: list[Event]) -> None:
    state = folded(told)
    for earlier, later in pairwise(state.steps):
        assert earlier.entered <= earlier.left == later.entered
    if state.steps:
        assert (state.steps[-1].left != NEVER) == state.is_ended
    for earlier, later in pairwise(state.pauses):
        assert earlier.closed is not None
        assert earlier.opened <= earlier.closed <= later.opened
    assert state.is_paused == (
        not state.is_ended
        and state.status in {Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_DUE, Status.STOPPED}
    )


@given(event_sets)
def test_a_snapshot_comes_back_from_its_bytes(told: list[Event]) -> None:
    state = folded(told)
    kept = snapshot.Snapshot(state, derive(state, REGISTRY))
    assert snapshot.decode(snapshot.encode(kept)) == kept


def test_a_snapshot_of_other_rules_is_not_trusted() -> None:
    state = DossierState(DOSSIER)
    data = snapshot.encode(snapshot.Snapshot(state, derive(state, REGISTRY)))
    assert data[1] == FOLD_REVISION
    assert snapshot.decode(data[:1] + b"\x00" + data[2:]) is None


@pytest.mark.parametrize("status", list(Status))
def test_the_generated_events_reach_every_status(status: Status) -> None:
    quick = settings(max_examples=5000, database=None, phases=[Phase.generate])
    told = find(event_sets, lambda told: folded(told).status is status, settings=quick)
    assert folded(told).status is status
