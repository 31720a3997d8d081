"""The fold: from the set of a dossier's events to its state (law L2).

Voids are resolved first, then the events are taken in the order *(occurred_at, source, sequence,
rank of the kind, event id)*. `fold` is the definition. `advance` is the same thing done in steps:
it goes on from a state when the new events come after all that were folded, and says None when
only the whole fold can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TypeAlias

from msgspec.structs import replace

from motcua_kernel.clock import Holder, Pause, PauseMode
from motcua_kernel.events import (
    Consulted,
    Event,
    Extended,
    Filed,
    Forwarded,
    Identity,
    Kind,
    OpinionGiven,
    Received,
    Stopped,
    Voided,
)
from motcua_kernel.instant import Instant, local_date
from motcua_kernel.life_cycle import TRANSITIONS, Status
from motcua_kernel.ownership import first_claim, had_authority, is_claim, may_unsettle
from motcua_kernel.procedures import NO_LIMIT, PauseCause, Procedure
from motcua_kernel.registry import Registry
from motcua_kernel.state import (
    NEVER,
    Anomaly,
    AnomalyKind,
    Consultation,
    DossierState,
    Extension,
    Step,
)

_PAUSES: dict[Kind, tuple[PauseCause, Holder]] = {
    Kind.SUPPLEMENT_REQUESTED: (PauseCause.SUPPLEMENT, Holder.APPLICANT),
    Kind.PAYMENT_REQUESTED: (PauseCause.PAYMENT, Holder.APPLICANT),
    Kind.STOPPED: (PauseCause.STOP, Holder.AGENCY),
}
_RESUMES = frozenset({Kind.SUPPLEMENT_SUPPLIED, Kind.PAYMENT_PAID, Kind.RESUMED})

_recorded_at = attrgetter("recorded_at")
_order = attrgetter("order")
_backfill = attrgetter("backfill")

_Voids: TypeAlias = tuple[frozenset[Identity], frozenset[Identity]]
_NO_VOIDS: _Voids = (frozenset(), frozenset())


def fold(
    dossier: str,
    events: Iterable[Event],
    registry: Registry,
    known: Iterable[Event] | None = None,
) -> DossierState:
    """The state of a dossier from all its known events, in whatever order they are given.

    For its state at an earlier moment `events` are those that had occurred by then and `known` are
    all: whose the dossier is follows from what is known of it, not from the moment asked about.
    """
    ordered = sorted(_distinct(list(events)), key=_order)
    void, waiting = _resolve_voids(ordered)
    if known is None:
        claim = first_claim(ordered, void, registry)
    else:
        everything = sorted(_distinct(list(known)), key=_order)
        claim = first_claim(everything, _resolve_voids(everything)[0], registry)
    state = DossierState(dossier, claim=claim)
    for event in ordered:
        if event.kind is Kind.VOIDED:
            if event.identity in waiting:
                state = replace(
                    _with_anomaly(state, event, "void_of_unknown_event"),
                    waiting_voids=state.waiting_voids + 1,
                )
        elif event.identity not in void:
            state = evolve(state, event, registry)
    return _count(state, ordered)


def advance(
    state: DossierState, events: Sequence[Event], registry: Registry
) -> DossierState | None:
    """The state after new, distinct events; None when they do not simply come after the old ones.

    None means: take all events of the dossier and `fold` them.
    """
    ordered = sorted(events, key=_order)
    if state.waiting_voids or any(event.kind is Kind.VOIDED for event in ordered):
        return None
    if ordered and state.last is not None and ordered[0].order < state.last:
        return None
    claim = state.claim
    if claim is not None:
        if any(may_unsettle(event, claim) for event in ordered):
            return None
    elif any(map(is_claim, ordered)):
        if state.events:
            return None
        state = replace(state, claim=first_claim(ordered, frozenset(), registry))
    for event in ordered:
        state = evolve(state, event, registry)
    return _count(state, ordered)


def _distinct(events: Sequence[Event]) -> Iterable[Event]:
    """One event of each identity: the one recorded first."""
    distinct = {event.identity: event for event in events}
    if len(distinct) == len(events):
        return events
    newest_first = sorted(events, key=_recorded_at, reverse=True)
    return {event.identity: event for event in newest_first}.values()


def evolve(state: DossierState, event: Event, registry: Registry) -> DossierState:
    """The state after one event. Total: what the life cycle does not allow becomes an anomaly."""
    target = TRANSITIONS[event.kind].get(state.status)
    if target is None or state.closed_at != NEVER:
        return _with_anomaly(state, event, "out_of_place")
    if not had_authority(state, event, registry):
        return _with_anomaly(state, event, "without_authority")
    return _change(state, event, target, registry)


def _change(state: DossierState, event: Event, target: Status, registry: Registry) -> DossierState:
    at = event.occurred_at
    match event.change:
        case Received() as change:
            return _receive(state, event, change, registry)
        case Forwarded() as change:
            steps = (*_left(state.steps, at), Step(change.department, change.step, at))
            return replace(state, status=target, steps=steps)
        case Filed() as change:
            return replace(
                state,
                status=target,
                procedure=change.procedure,
                channel=change.channel,
                receiving_unit=change.receiving_unit,
                filed_at=at,
            )
        case Extended() as change:
            return replace(state, extensions=(*state.extensions, _extension(event, change)))
        case Consulted() | OpinionGiven():
            return _consult(state, event)
        case Stopped(final=True):
            return _close(state, target, at)
        case _:
            return _move(state, event, target, registry)


def _move(state: DossierState, event: Event, target: Status, registry: Registry) -> DossierState:
    """The transitions that carry no more than their kind."""
    at = event.occurred_at
    if event.kind in _PAUSES:
        return _pause(state, event, target, registry)
    if event.kind in _RESUMES:
        back = state.before_pause if event.kind is Kind.SUPPLEMENT_SUPPLIED else target
        return replace(state, status=back, pauses=_closed(state.pauses, at))
    if event.kind is Kind.RESOLVED:
        return replace(state, status=target, resolved_at=at, steps=_left(state.steps, at))
    if event.kind is Kind.RETURNED:
        return replace(state, status=target, returned_at=at)
    return _close(state, target, at)


def _receive(
    state: DossierState, event: Event, change: Received, registry: Registry
) -> DossierState:
    day = local_date(event.occurred_at)
    procedure = registry.procedure_on(change.procedure, day)
    rules = registry.rules_on(change.resolving_unit, day)
    received = replace(
        state,
        status=Status.RECEIVED,
        procedure=change.procedure,
        procedure_offset=max(procedure.offset, rules.offset) if procedure else -1,
        channel=change.channel,
        receiving_unit=change.receiving_unit,
        resolving_unit=change.resolving_unit,
        reporting_unit=change.reporting_unit or change.resolving_unit,
        department=change.department,
        received_at=event.occurred_at,
        limit=procedure.limit(change.channel, rules.same_day_cutoff_minute)
        if procedure
        else NO_LIMIT,
        pauses=(),
        reception_pauses=state.pauses,
    )
    if procedure is None:
        return _with_anomaly(received, event, "procedure_unknown")
    return received


def _pause(state: DossierState, event: Event, target: Status, registry: Registry) -> DossierState:
    paused = replace(state, status=target, before_pause=state.status)
    cause, holder = _PAUSES[event.kind]
    procedure = _procedure_of(state, registry) if state.is_received else None
    pause = Pause(
        opened=event.occurred_at,
        closed=None,
        mode=procedure.pause_mode(cause) if procedure else PauseMode.CONTINUE,
        reason=getattr(event.change, "reason", ""),
        holder=holder,
    )
    return replace(paused, pauses=(*state.pauses, pause))


def _procedure_of(state: DossierState, registry: Registry) -> Procedure | None:
    return registry.procedure_on(state.procedure, local_date(state.received_at))


def _close(state: DossierState, target: Status, at: Instant) -> DossierState:
    return replace(
        state,
        status=target,
        closed_at=at,
        pauses=_closed(state.pauses, at),
        steps=_left(state.steps, at),
    )


def _closed(pauses: tuple[Pause, ...], at: Instant) -> tuple[Pause, ...]:
    if not pauses or pauses[-1].closed is not None:
        return pauses
    return (*pauses[:-1], replace(pauses[-1], closed=at))


def _left(steps: tuple[Step, ...], at: Instant) -> tuple[Step, ...]:
    if not steps or steps[-1].left != NEVER:
        return steps
    return (*steps[:-1], replace(steps[-1], left=at))


def _extension(event: Event, change: Extended) -> Extension:
    return Extension(
        event.occurred_at,
        change.added_minutes,
        change.replaces_due,
        change.reason,
        change.form,
        event.publisher,
        event.event_id,
    )


def _consult(state: DossierState, event: Event) -> DossierState:
    """A question to an agency, or its opinion on the first one that it has not answered yet."""
    agency = getattr(event.change, "agency", "")
    if event.kind is Kind.CONSULTED:
        asked = Consultation(agency, event.occurred_at)
        return replace(state, consultations=(*state.consultations, asked))
    consultations = list(state.consultations)
    for place, one in enumerate(consultations):
        if one.agency == agency and one.answered == NEVER:
            consultations[place] = replace(one, answered=event.occurred_at)
            return replace(state, consultations=tuple(consultations))
    return _with_anomaly(state, event, "out_of_place")


def _count(state: DossierState, ordered: Sequence[Event]) -> DossierState:
    """The state with these events counted, void ones too; they come after all counted before."""
    if not ordered:
        return state
    return replace(
        state,
        events=state.events + len(ordered),
        recorded_at=max(state.recorded_at, *map(_recorded_at, ordered)),
        last=ordered[-1].order,
        is_live=state.is_live or not all(map(_backfill, ordered)),
    )


def _with_anomaly(state: DossierState, event: Event, kind: AnomalyKind) -> DossierState:
    anomaly = Anomaly(kind, event.publisher, event.event_id)
    return replace(state, anomalies=(*state.anomalies, anomaly))


def _resolve_voids(ordered: Sequence[Event]) -> _Voids:
    """Which events are void, and which voids wait for their event.

    A void speaks only about an event of its own publisher, and not about another void: who voided
    by mistake tells the fact again.
    """
    if all(event.kind is not Kind.VOIDED for event in ordered):
        return _NO_VOIDS
    targets = {event.identity for event in ordered if event.kind is not Kind.VOIDED}
    void: set[Identity] = set()
    waiting: set[Identity] = set()
    for event in ordered:
        if isinstance(event.change, Voided):
            target = (event.publisher, event.change.event_id)
            if target in targets:
                void.add(target)
            else:
                waiting.add(event.identity)
    return frozenset(void), frozenset(waiting)
