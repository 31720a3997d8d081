"""The portal's messages taken in: each item judged whole, its events accepted as any others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from motcua_kernel.admission import Admission
from motcua_kernel.admission_rules import Rejected

from motcua_intake.application.accept import AcceptEvents, Outcome
from motcua_intake.domain.candidates import Candidate, Unread
from motcua_intake.domain.portal.messages import Item, Unfit
from motcua_intake.domain.portal.translation import PORTAL_FIELDS, Told, Translator, code_of
from motcua_intake.domain.tables.places import Places

if TYPE_CHECKING:
    from motcua_kernel.parties import Publisher

    from motcua_intake.application.ports import Clock, RegistrySource


class SyncPortal:
    """Takes the portal's items into the log."""

    def __init__(self, accept: AcceptEvents, registry: RegistrySource, clock: Clock) -> None:
        self._accept = accept
        self._registry = registry
        self._clock = clock

    async def sync(self, publisher: Publisher, items: Sequence[Item | Unfit]) -> list[Outcome]:
        """An outcome for each event that an item proves, one for an item that proves none.

        Fields are JSON pointers into `data`, as the portal names them.

        Raises:
            LogAway: nothing is promised about any of them.
        """
        registry, now = self._registry.current(), self._clock.now()
        translator = Translator(Places(registry, publisher), publisher.id, publisher.units)
        admission = Admission(registry, publisher)
        candidates: list[Candidate] = []
        fields: list[tuple[int, str]] = []
        for place, item in enumerate(items):
            moment_field = ""
            try:
                told = _events(translator, item)
                for one in told:
                    moment_field = one.moment_field
                    admission.check(one.event, now)
            except Rejected as error:
                candidates.append(Unread(_name(item), error))
                fields.append((place, moment_field))
            else:
                candidates += [one.event for one in told]
                fields += [(place, one.moment_field) for one in told]
        outcomes = await self._accept.accept_events(publisher, candidates)
        return [_in_data(one, *field) for one, field in zip(outcomes, fields, strict=True)]


def _events(translator: Translator, item: Item | Unfit) -> list[Told]:
    if isinstance(item, Unfit):
        raise Rejected(item.field, "form", form="the portal's")
    return translator.events(item)


def _name(item: Item | Unfit) -> str:
    """What an item that is rejected is called: its code, where it has one."""
    if isinstance(item, Unfit):
        return ""
    try:
        return code_of(item)
    except Rejected:
        return ""


def _in_data(outcome: Outcome, place: int, moment_field: str) -> Outcome:
    error = outcome.error
    if error is None:
        return outcome
    field = moment_field if error.field == "/time" else PORTAL_FIELDS.get(error.field, error.field)
    moved = Rejected(f"/data/{place}{field}", error.rule, **error.facts)
    return Outcome(outcome.id, outcome.status, moved)
