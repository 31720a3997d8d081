"""Whose a dossier is (hồ sơ của ai), and who may tell what about it.

Filings and receipts name units: they claim a dossier for them. Of these claims the one recorded
first stands, whatever moment the others tell of; a moment can be chosen by who tells it, the time
of recording cannot (law L4). So nobody gains another's dossier by telling of an earlier receipt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.events import Filed, Received
from motcua_kernel.state import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from motcua_kernel.events import Change, Event
    from motcua_kernel.registry import Registry
    from motcua_kernel.state import DossierState


def first_claim(events: Iterable[Event], registry: Registry) -> Claim | None:
    """The claim that stands among these events, none of them void; None where nobody claims.

    Who spoke for none of the units that an event names claims nothing.
    """
    first: Event | None = None
    for event in events:
        units = claimed_units(event.change)
        if not units or (first is not None and _place(first) < _place(event)):
            continue
        if registry.spoke_for(event.publisher, event.recorded_at, units):
            first = event
    return None if first is None else Claim(first.recorded_at, claimed_units(first.change))


def had_authority(state: DossierState, event: Event, registry: Registry) -> bool:
    """Whether its publisher spoke for a unit of the dossier when the event was recorded.

    Before the receipt these are the units of the claim, from then on the receiving, resolving and
    reporting one. Filings and receipts need a unit of those they name as well.
    """
    named = claimed_units(event.change)
    if named and not registry.spoke_for(event.publisher, event.recorded_at, named):
        return False
    if state.is_received:
        units = (state.resolving_unit, state.receiving_unit, state.reporting_unit)
    elif state.claim is not None:
        units = state.claim.units
    else:
        return True
    return registry.spoke_for(event.publisher, event.recorded_at, units)


def claimed_units(change: Change) -> tuple[str, ...]:
    """The units that a filing or a receipt names; () for all else.

    >>> claimed_units(Filed("1.000894", "24733"))
    ('24733',)
    """
    match change:
        case Received():
            return (change.resolving_unit, change.receiving_unit)
        case Filed():
            return (change.receiving_unit,)
        case _:
            return ()


def _place(event: Event) -> tuple[object, ...]:
    return (event.recorded_at, *event.order)
