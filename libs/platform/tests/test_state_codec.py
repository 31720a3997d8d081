"""What metrics reads of a state is what processing wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.clock import Due, Holder, Limit, LimitUnit, Pause, PauseMode
from motcua_kernel.derive import Derived
from motcua_kernel.events import Channel
from motcua_kernel.instant import Instant
from motcua_kernel.life_cycle import Status
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.state import FOLD_REVISION, Anomaly, DossierState
from motcua_platform.state_codec import state_from_value, state_to_value

moments = st.sampled_from((0, 1_772_420_400_000, 1_772_506_800_000)).map(Instant)
units = st.sampled_from(("", "24733", "68"))
dues = st.none() | st.builds(Due, st.integers(1, 800_000), moments, st.booleans())
pauses = st.lists(
    st.builds(
        Pause,
        moments.filter(bool),
        moments.filter(bool),
        st.sampled_from(PauseMode),
        units,
        st.sampled_from(Holder),
    ),
    max_size=2,
).map(tuple)
open_pause = Pause(Instant(1), None, PauseMode.CONTINUE, "", Holder.AGENCY)
states = st.builds(
    DossierState,
    dossier=st.just("H16.25-260302-0001"),
    status=st.sampled_from(Status),
    channel=st.sampled_from(Channel),
    receiving_unit=units,
    resolving_unit=units,
    reporting_unit=units,
    department=units,
    filed_at=moments,
    received_at=moments,
    resolved_at=moments,
    closed_at=moments,
    limit=st.none() | st.just(Limit(LimitUnit.WORKING_DAYS, 1440, cutoff_minute=900)),
    pauses=pauses | pauses.map(lambda closed: (*closed, open_pause)),
    events=st.integers(0, 2**31),
    recorded_at=moments,
)
derived = st.builds(
    Derived,
    dues,
    dues,
    dues,
    st.integers(-1, 2**40),
    st.just(0),
    st.just(1),
    st.lists(st.just(Anomaly("out_of_place", "p1", "e1")), max_size=2).map(tuple),
    st.booleans(),
    st.sampled_from([(), (739_000, 739_005)]),
    dues,
)


COPIED = (
    *("dossier", "status", "channel", "department", "events", "recorded_at"),
    *("receiving_unit", "resolving_unit", "reporting_unit"),
    *("filed_at", "received_at", "resolved_at", "closed_at"),
)


@given(states, derived)
def test_a_state_comes_back_from_its_record(state: DossierState, rest: Derived) -> None:
    read = state_from_value(state_to_value(Snapshot(state, rest)))
    for name in COPIED:
        assert getattr(read, name) == getattr(state, name)
    assert (read.due, read.reception_due) == (rest.due, rest.reception_due)
    assert (read.fold_revision, read.registry_offset) == (FOLD_REVISION, rest.registry_offset)
    assert read.anomalies == tuple(one.kind for one in rest.anomalies)
    assert (read.is_paused, read.rests) == (rest.paused, rest.rests)
    assert read.step_due == rest.step_due


@given(states, derived)
def test_equal_states_make_equal_records(state: DossierState, rest: Derived) -> None:
    value = state_to_value(Snapshot(state, rest))
    assert value == state_to_value(Snapshot(state, rest))
