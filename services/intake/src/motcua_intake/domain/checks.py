"""What an event must mean before it may enter the log.

Structure, codes, times and authority are judged here; whether a transition is legal is not
(section 3 of the design): an event that makes no sense yet is kept, and shown as an anomaly.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from motcua_kernel.codes import check_dossier_code
from motcua_kernel.errors import Invalid
from motcua_kernel.events import Event, Filed, Received
from motcua_kernel.instant import MINUTE, Instant, at_local, local_date, parse_rfc3339

from motcua_intake.domain.contract import CONTRACTS, Envelope
from motcua_intake.domain.errors import Rejected

if TYPE_CHECKING:
    from motcua_kernel.parties import Publisher
    from motcua_kernel.registry import Registry

FUTURE_TOLERANCE: Final = 5 * MINUTE
"""How far a publisher's clock may be ahead of ours."""
EARLIEST: Final = at_local(date(2000, 1, 1), 0)
MAX_SEQUENCE: Final = 2**63 - 1


class Judge:
    """Judges events of one publisher, under one registry, at one moment of domain time.

    The answers of the registry are remembered: a batch asks the same few questions again and again.
    """

    def __init__(self, registry: Registry, publisher: Publisher, now: Instant) -> None:
        self._publisher = publisher
        self._units = registry.units
        self._latest = now + FUTURE_TOLERANCE
        self._procedure_on = lru_cache(maxsize=None)(registry.procedure_on)
        self._may_speak_for = lru_cache(maxsize=None)(partial(registry.may_speak_for, publisher.id))

    def judge(self, form: Envelope) -> Event:
        """The event, as the log shall have it.

        Raises:
            Rejected: the first rule that it breaks.
        """
        contract = CONTRACTS[type(form)]
        for name in contract.text_fields:
            _check_text("/data/" + name, getattr(form.data, name))
        _check_text("/id", form.id)
        _check_text("/source", form.source)
        event = Event(
            publisher=self._publisher.id,
            event_id=form.id,
            dossier=_dossier(form.subject),
            kind=contract.kind,
            occurred_at=self._time(form.time),
            source=form.source,
            sequence=_sequence(form.sequence),
            change=contract.to_change(form.data),
        )
        match event.change:
            case Received() as received:
                self._check_received(received, local_date(event.occurred_at))
            case Filed() as filed:
                self._check_filed(filed, local_date(event.occurred_at))
            case _:
                self._check_has_units()
        return event

    def _time(self, text: str) -> Instant:
        try:
            moment = parse_rfc3339(text)
        except Invalid as error:
            raise Rejected("/time", "time", error.rule) from error
        if moment > self._latest:
            raise Rejected("/time", "future", "a time that has come, 5 minutes of tolerance")
        if moment < EARLIEST:
            raise Rejected("/time", "past", "a time on or after 2000-01-01")
        return moment

    def _check_received(self, received: Received, day: date) -> None:
        self._check_procedure(received.procedure, day)
        self._check_unit("/data/receiving_unit", received.receiving_unit)
        self._check_unit("/data/resolving_unit", received.resolving_unit)
        if received.reporting_unit:
            self._check_unit("/data/reporting_unit", received.reporting_unit)
        self._check_department(received.resolving_unit, received.department)
        self._check_authority(received.receiving_unit, received.resolving_unit)

    def _check_filed(self, filed: Filed, day: date) -> None:
        self._check_procedure(filed.procedure, day)
        self._check_unit("/data/receiving_unit", filed.receiving_unit)
        self._check_authority(filed.receiving_unit)

    def _check_procedure(self, code: str, day: date) -> None:
        if self._procedure_on(code, day) is None:
            raise Rejected(
                "/data/procedure", "procedure", "a procedure of the registry, valid on that day"
            )

    def _check_unit(self, field: str, unit: str) -> None:
        if unit not in self._units:
            raise Rejected(field, "unit", "the id of a unit of the registry")

    def _check_department(self, unit: str, department: str) -> None:
        declared = self._units[unit].departments
        if department and declared and all(one.id != department for one in declared):
            raise Rejected(
                "/data/department", "department", "a department that the resolving unit declares"
            )

    def _check_authority(self, *units: str) -> None:
        if not any(self._may_speak_for(unit) for unit in units):
            raise Rejected(
                "/data/receiving_unit", "authority", "a unit that this publisher speaks for"
            )

    def _check_has_units(self) -> None:
        """Authority over a known dossier is processing's to judge; here a unit of one's own."""
        if not self._publisher.units:
            raise Rejected("/subject", "authority", "a publisher with a unit of its own")


def _check_text(field: str, text: str) -> None:
    if not text.isprintable():
        raise Rejected(field, "text", "printable characters")


def _dossier(code: str) -> str:
    try:
        check_dossier_code(code)
    except Invalid as error:
        raise Rejected("/subject", "dossier-code", error.rule) from error
    return code


def _sequence(text: str) -> int:
    if text.isascii() and text.isdigit() and (number := int(text)) <= MAX_SEQUENCE:
        return number
    raise Rejected("/sequence", "sequence", "a decimal number below 2^63")
