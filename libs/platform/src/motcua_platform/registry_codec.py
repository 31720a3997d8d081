"""Registry entries between Protobuf and the kernel, and the key that carries their identity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, cast

from google.protobuf.message import DecodeError
from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel import decrees, import_mapping, units
from motcua_kernel import procedures as p
from motcua_kernel import registry as k
from motcua_kernel.calendar import DayKind, Layer, Week, Window
from motcua_kernel.clock import Holder, LimitUnit, PauseMode
from motcua_kernel.days import check_windows, ordinary_days
from motcua_kernel.errors import Invalid
from motcua_kernel.events import Channel
from motcua_kernel.instant import Instant

from motcua_platform.errors import Unreadable
from motcua_platform.parties_codec import account_from_proto, publisher_from_proto

_NOT_RECORDED = Instant(0)


def entry_key(entry: pb.RegistryEntry) -> str:
    """The identity of an entry as its record key: an entry with the same key replaces it."""
    kind = entry.WhichOneof("entry")
    identity = _IDENTITIES.get(str(kind))
    if identity is None:
        raise Unreadable("a registry entry of a known kind", "entry")
    return f"{kind}:{identity(getattr(entry, str(kind)))}"


def entry_from_value(value: bytes, recorded_at: Instant) -> k.Entry:
    """The kernel's entry in a record value; `recorded_at` is the broker's append time.

    Raises:
        Unreadable: the value is no registry entry, or a date or number in it is impossible.
    """
    message = pb.RegistryEntry()
    try:
        message.ParseFromString(value)
    except DecodeError as error:
        raise Unreadable("a motcua.registry.v1.RegistryEntry") from error
    return entry_from_proto(message, recorded_at)


def entry_from_proto(message: pb.RegistryEntry, recorded_at: Instant = _NOT_RECORDED) -> k.Entry:
    """The kernel's entry of a Protobuf entry.

    Raises:
        Unreadable: a date or number in it is impossible.
    """
    kind = message.WhichOneof("entry")
    try:
        if kind == "clock_mapping":
            return _clock_mapping(message.clock_mapping, recorded_at)
        if kind == "publisher":
            return publisher_from_proto(message.publisher, recorded_at or None)
        read = _READERS.get(str(kind))
        if read is None:
            raise Unreadable("a registry entry of a known kind", "entry")
        return read(getattr(message, str(kind)))
    except (ValueError, Invalid) as error:
        raise Unreadable(str(error), str(kind)) from error


def _unit(message: pb.Unit) -> units.Unit:
    return units.Unit(
        id=message.id,
        code=message.code,
        name=message.name,
        level=units.UnitLevel(message.level),
        parent=message.parent,
        valid_from=message.valid_from,
        valid_until=message.valid_until,
        predecessors=tuple(message.predecessors),
        departments=tuple(units.Department(one.id, one.name) for one in message.departments),
        on_time_objective=_share(message.on_time_objective),
    )


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError("a share from 0 to 1")
    return value


def _procedure(message: pb.Procedure) -> p.Procedure:
    return p.Procedure(
        code=_procedure_code(message),
        name=message.name,
        valid_from=date.fromisoformat(message.valid_from),
        field=message.field,
        level=units.UnitLevel(message.level),
        limits=tuple(_limit(one) for one in message.limits),
        pause_modes=tuple(
            (p.PauseCause(rule.cause), _pause_mode(rule.mode)) for rule in message.pause_rules
        ),
        steps=tuple(
            p.ProcessStep(step.id, step.department, step.budget_minutes) for step in message.steps
        ),
        iso_covered=message.iso_covered,
        reference=message.reference,
        extension=p.ExtensionRule(message.extension.most_minutes, message.extension.most_times)
        if message.HasField("extension")
        else None,
        send_back=p.SendBack(message.send_back or p.SendBack.RESUME),
        consultations=tuple(
            p.ConsultationRule(rule.agency, rule.budget_minutes, rule.pauses)
            for rule in message.consultations
        ),
    )


def _procedure_code(message: pb.Procedure) -> str:
    """The base code, with the suffix of the province that published a variant of its own."""
    suffix = message.publisher_suffix
    return f"{message.code}.{suffix}" if suffix else message.code


def _pause_mode(mode: int) -> PauseMode:
    restart = mode == pb.PAUSE_MODE_RESTART
    return PauseMode.RESTART if restart else PauseMode.CONTINUE


def _limit(message: pb.TimeLimit) -> p.TimeLimit:
    committed = message.committed_minutes if message.HasField("committed_minutes") else None
    cutoff = message.cutoff_minute if message.HasField("cutoff_minute") else None
    limit = p.TimeLimit(
        channel=Channel(message.channel),
        unit=LimitUnit(message.unit),
        statutory_minutes=message.statutory_minutes,
        committed_minutes=committed,
        end_of_day=message.end_of_day,
        cutoff_minute=cutoff,
        then=tuple(_phase(one) for one in message.then),
    )
    limit.effective()
    return limit


def _phase(message: pb.TimePhase) -> p.TimePhase:
    committed = message.committed_minutes if message.HasField("committed_minutes") else None
    return p.TimePhase(
        LimitUnit(message.unit), message.statutory_minutes, committed, message.end_of_day
    )


def _working_week(message: pb.WorkingWeek) -> k.WorkingWeek:
    return k.WorkingWeek(
        scope=message.scope,
        days=_week(message),
        first_day=date.fromisoformat(message.first_day),
        last_day=date.fromisoformat(message.last_day),
        reference=message.reference,
    )


def _week(message: pb.WorkingWeek) -> Week:
    days = cast("Week", tuple(_windows(day.windows) for day in message.days))
    ordinary_days(days)
    return days


def _calendar_day(message: pb.CalendarDay) -> k.CalendarDay:
    kind = None if message.kind == pb.DAY_KIND_UNSPECIFIED else DayKind(message.kind - 1)
    return k.CalendarDay(
        layer=Layer(message.layer - 1),
        scope=message.scope,
        day=date.fromisoformat(message.day),
        kind=kind,
        windows=_windows(message.windows),
        reference=message.reference,
    )


def _windows(messages: Iterable[pb.Window]) -> tuple[Window, ...]:
    windows = tuple(Window(window.start_minute, window.end_minute) for window in messages)
    check_windows("windows", windows)
    return windows


def _clock_mapping(message: pb.ClockMapping, recorded_at: Instant) -> k.ClockMapping:
    if not 0 <= message.rate < float("inf"):
        raise Invalid("rate", "zero or more, and finite", str(message.rate))
    return k.ClockMapping(
        real_anchor=Instant(message.real_anchor),
        domain_anchor=Instant(message.domain_anchor),
        rate=message.rate,
        recorded_at=recorded_at,
    )


def _pause_reason(message: pb.PauseReason) -> decrees.PauseReason:
    cap = message.cap_working_days if message.HasField("cap_working_days") else None
    return decrees.PauseReason(
        code=message.code,
        name=message.name,
        legal_basis=message.legal_basis,
        keeps_running=message.keeps_running,
        cap_working_days=cap,
        holder=Holder(message.holder - 1) if message.holder else None,
    )


def _suspension(message: pb.Suspension) -> decrees.Suspension:
    first = date.fromisoformat(message.first_day)
    last = date.fromisoformat(message.last_day) if message.last_day else None
    return decrees.Suspension(
        id=message.id,
        units=tuple(message.units),
        procedures=tuple(message.procedures),
        first_day=first,
        last_day=last,
        reference=message.reference,
    )


def _deadline_rules(message: pb.DeadlineRules) -> decrees.DeadlineRules:
    reception = message.reception_minutes if message.HasField("reception_minutes") else None
    cutoff = message.same_day_cutoff_minute if message.HasField("same_day_cutoff_minute") else None
    return decrees.DeadlineRules(
        scope=message.scope,
        valid_from=date.fromisoformat(message.valid_from),
        reception_minutes=reception,
        same_day_cutoff_minute=cutoff,
        notice_rungs=tuple(sorted(set(message.notice_rungs), reverse=True)),
        reference=message.reference,
    )


def _import_mapping(message: pb.ImportMapping) -> import_mapping.ImportMapping:
    return import_mapping.ImportMapping(
        publisher=message.publisher,
        name=message.name,
        columns=tuple(
            import_mapping.ImportColumn(
                one.field,
                one.header,
                tuple((word.told, word.meant) for word in one.words),
                one.otherwise,
            )
            for one in message.columns
        ),
        source=message.source,
        sheet=message.sheet,
        header_row=message.header_row or None,
    )


_READERS: Final[Mapping[str, Callable[[Any], k.Entry]]] = {
    "unit": _unit,
    "procedure": _procedure,
    "working_week": _working_week,
    "calendar_day": _calendar_day,
    "publisher": publisher_from_proto,
    "account": account_from_proto,
    "import_mapping": _import_mapping,
    "pause_reason": _pause_reason,
    "suspension": _suspension,
    "deadline_rules": _deadline_rules,
}

_IDENTITIES: Final[Mapping[str, Callable[[Any], str]]] = {
    "unit": lambda one: one.id,
    "procedure": lambda one: f"{_procedure_code(one)}@{one.valid_from}",
    "working_week": lambda one: one.scope,
    "calendar_day": lambda one: f"{one.layer}/{one.scope}/{one.day}",
    "publisher": lambda one: one.id,
    "clock_mapping": lambda _: "",
    "pause_reason": lambda one: one.code,
    "suspension": lambda one: one.id,
    "deadline_rules": lambda one: f"{one.scope}@{one.valid_from}",
    "account": lambda one: one.id,
    "import_mapping": lambda one: f"{one.publisher}/{one.name}",
}
