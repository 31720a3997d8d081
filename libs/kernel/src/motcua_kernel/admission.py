"""What an event must mean before it may enter the log, whichever way it comes in.

Codes, times, references and authority are judged here; whether a transition is legal is not
(section 3 of the design): an event that makes no sense yet is kept, and shown as an anomaly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from motcua_kernel.admission_rules import Rejected
from motcua_kernel.codes import check_dossier_code
from motcua_kernel.errors import Invalid
from motcua_kernel.events import CHANGE_OF_KIND, Change, Event, Filed, Kind, Received, Voided
from motcua_kernel.instant import MINUTE, Instant, at_local, local_date

if TYPE_CHECKING:
    from motcua_kernel.parties import Publisher
    from motcua_kernel.registry import Registry

FUTURE_TOLERANCE: Final = 5 * MINUTE
"""How far a publisher's clock may be ahead of ours."""
EARLIEST: Final = at_local(date(2000, 1, 1), 0)
MAX_SEQUENCE: Final = 2**63 - 1
MAX_TEXT: Final = 128
MAX_SOURCE: Final = 256
MARK_BYTES: Final = range(16, 65)
MAX_ADDED_MINUTES: Final = 10 * 366 * 1440

ID_PATTERN: Final = r"[0-9A-Za-z._:/+=~-]{1,128}"
SOURCE_PATTERN: Final = r"[0-9A-Za-z._:/+=~?#&%-]{1,256}"
CODE_PATTERN: Final = r"[0-9A-Za-z._:/+-]{0,128}"
"""Alphabets in which no name can be written as it is written (law L7)."""

is_id = re.compile(ID_PATTERN).fullmatch
"""Whether a text may be an event's id: the match, or None."""
_is_source = re.compile(SOURCE_PATTERN).fullmatch
_is_code = re.compile(CODE_PATTERN).fullmatch
_is_personal_number = re.compile(r"\+?[0-9]{9,16}").fullmatch


class Admission:
    """Judges the events of one publisher under one registry.

    The answers of the registry are remembered: batches ask the same few questions again and again.
    """

    def __init__(self, registry: Registry, publisher: Publisher) -> None:
        self._publisher = publisher
        self._units = registry.units
        self._procedure_on = lru_cache(maxsize=4096)(registry.procedure_on)
        self._may_speak_for = lru_cache(maxsize=None)(partial(registry.may_speak_for, publisher.id))

    def check(self, event: Event, now: Instant) -> None:
        """Let an event of this publisher pass, at a moment of domain time.

        Raises:
            Rejected: the first rule that it breaks.
        """
        if not is_id(event.event_id):
            raise Rejected("/id", "id")
        if not _is_source(event.source):
            raise Rejected("/source", "source")
        _check_dossier(event.dossier)
        if not 0 <= event.sequence <= MAX_SEQUENCE:
            raise Rejected("/sequence", "sequence")
        if event.occurred_at > now + FUTURE_TOLERANCE:
            raise Rejected("/time", "future")
        if event.occurred_at < EARLIEST:
            raise Rejected("/time", "past")
        for name, check, value_of in _CHECKS[event.kind]:
            check("/data/" + name, value_of(event.change))
        match event.change:
            case Received() as received:
                self._check_received(received, local_date(event.occurred_at))
            case Filed() as filed:
                self._check_filed(filed, local_date(event.occurred_at))
            case _:
                self._check_has_units()

    def _check_received(self, received: Received, day: date) -> None:
        self._check_procedure(received.procedure, day)
        self._check_unit("/data/receiving_unit", received.receiving_unit)
        self._check_unit("/data/resolving_unit", received.resolving_unit)
        if received.reporting_unit:
            self._check_unit("/data/reporting_unit", received.reporting_unit)
        self._check_department(received.resolving_unit, received.department)
        self._check_authority(received.receiving_unit, received.resolving_unit)
        self._check_reporting(received)

    def _check_reporting(self, received: Received) -> None:
        """Nobody puts dossiers into the figures of a unit that has no part in them."""
        involved = ("", received.receiving_unit, received.resolving_unit)
        unit = received.reporting_unit
        if unit not in involved and not self._may_speak_for(unit):
            raise Rejected("/data/reporting_unit", "authority")

    def _check_filed(self, filed: Filed, day: date) -> None:
        self._check_procedure(filed.procedure, day)
        self._check_unit("/data/receiving_unit", filed.receiving_unit)
        self._check_authority(filed.receiving_unit)

    def _check_procedure(self, code: str, day: date) -> None:
        if self._procedure_on(code, day) is None:
            raise Rejected("/data/procedure", "procedure")

    def _check_unit(self, field: str, unit: str) -> None:
        if unit not in self._units:
            raise Rejected(field, "unit")

    def _check_department(self, unit: str, department: str) -> None:
        declared = self._units[unit].departments
        if department and declared and all(one.id != department for one in declared):
            raise Rejected("/data/department", "department")

    def _check_authority(self, *units: str) -> None:
        if not any(self._may_speak_for(unit) for unit in units):
            raise Rejected("/data/receiving_unit", "authority")

    def _check_has_units(self) -> None:
        """Authority over a known dossier is the fold's to judge; here a unit of one's own."""
        if not self._publisher.units:
            raise Rejected("/subject", "authority")


@lru_cache(maxsize=65_536)
def _check_dossier(code: str) -> None:
    try:
        check_dossier_code(code)
    except Invalid as error:
        raise Rejected("/subject", "dossier-code") from error


def _check_required_code(field: str, value: str) -> None:
    if not value:
        raise Rejected(field, "required")
    _check_code(field, value)


@lru_cache(maxsize=65_536)
def _check_code(field: str, value: str) -> None:
    if not _is_code(value):
        raise Rejected(field, "code")
    if _is_personal_number(value):
        raise Rejected(field, "personal-number")


def _check_required_id(field: str, value: str) -> None:
    if not is_id(value):
        raise Rejected(field, "id")


def _check_mark(field: str, value: bytes) -> None:
    if value and len(value) not in MARK_BYTES:
        raise Rejected(field, "mark")


def _check_minutes(field: str, value: int) -> None:
    if not 1 <= value <= MAX_ADDED_MINUTES:
        raise Rejected(field, "minutes")


Check = Callable[[str, Any], None]


def _checks_of(change: type[Change]) -> tuple[tuple[str, Check, Callable[[Any], Any]], ...]:
    checks: list[tuple[str, Check, Callable[[Any], Any]]] = []
    for field in msgspec.structs.fields(change):
        check = _check_of(change, field)
        if check is not None:
            checks.append((field.name, check, _getter(field.name)))
    return tuple(checks)


def _check_of(change: type[Change], field: msgspec.structs.FieldInfo) -> Check | None:
    if change is Voided and field.name == "event_id":
        return _check_required_id
    required: dict[Any, Check] = {str: _check_required_code, int: _check_minutes}
    optional: dict[Any, Check] = {str: _check_code, bytes: _check_mark}
    return (required if field.required else optional).get(field.type)


def _getter(name: str) -> Callable[[Any], Any]:
    return lambda change: getattr(change, name)


_CHECKS: Final = {Kind(kind): _checks_of(change) for kind, change in CHANGE_OF_KIND.items()}
"""For each kind its fields that have a form of their own, and the check of it."""
