"""Whose a dossier is (hồ sơ của ai), and who may tell what about it.

Filings and receipts name units: they claim a dossier for them. The publisher that claimed it first
stays the one whose claims count, whatever moment the others tell of; a moment can be chosen by who
tells it, the time of recording cannot (law L4). So nobody gains another's dossier by telling of an
earlier receipt, nor by waiting until its owner corrects one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.events import Filed, Received
from motcua_kernel.state import Claim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from motcua_kernel.events import Change, Event, Identity, Order
    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry
    from motcua_kernel.state import DossierState


def first_claim(
    events: Iterable[Event], void: Collection[Identity], registry: Registry
) -> Claim | None:
    """The claim that stands among these events; None where nobody claims.

    Void claims do not stand, but they too say which publisher came first: who corrects a receipt
    loses nothing meanwhile. Who spoke for none of the units that an event names claims nothing.
    """
    claims = [one for one in events if is_claim(one) and _spoke_for_named(one, registry)]
    standing = [one for one in claims if one.identity not in void]
    if not standing:
        return None
    came: dict[str, Instant] = {}
    for one in claims:
        came[one.publisher] = min(one.recorded_at, came.get(one.publisher, one.recorded_at))
    first = min(standing, key=lambda one: (came[one.publisher], *_place(one)))
    return Claim(first.recorded_at, first.publisher, claimed_units(first.change))


def may_unsettle(event: Event, claim: Claim) -> bool:
    """Whether an event that came later may lead to another claim than this one."""
    same = event.publisher == claim.publisher
    return is_claim(event) and not (same and event.recorded_at > claim.recorded_at)


def had_authority(state: DossierState, event: Event, registry: Registry) -> bool:
    """Whether its publisher spoke for a unit of the dossier when the event was recorded.

    Before the receipt these are the units of the claim, from then on the receiving, resolving and
    reporting one. Filings and receipts need a unit of those they name as well; after a merger one
    may name the predecessor of the claim's.
    """
    if is_claim(event) and not _spoke_for_named(event, registry):
        return False
    if state.is_received:
        units = (state.resolving_unit, state.receiving_unit, state.reporting_unit)
    elif state.claim is not None:
        units = (*state.claim.units, *_predecessors_named(event, state.claim, registry))
    else:
        return True
    return registry.spoke_for(event.publisher, event.recorded_at, units)


def is_claim(event: Event) -> bool:
    """Whether an event names the units of its dossier."""
    return isinstance(event.change, Filed | Received)


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


def _spoke_for_named(event: Event, registry: Registry) -> bool:
    return registry.spoke_for(event.publisher, event.recorded_at, claimed_units(event.change))


def _predecessors_named(event: Event, claim: Claim, registry: Registry) -> tuple[str, ...]:
    line = registry.unit_map.line
    return tuple(
        unit
        for unit in claimed_units(event.change)
        if any(term.unit in claim.units for term in line(unit))
    )


def _place(event: Event) -> tuple[Instant, Order]:
    return (event.recorded_at, event.order)
