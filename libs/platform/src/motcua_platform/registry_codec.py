"""Registry entries between Protobuf and the kernel, and the key that carries their identity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

from google.protobuf.message import DecodeError
from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel import registry as k
from motcua_kernel.calendar import DayKind, Layer, Week, Window
from motcua_kernel.clock import LimitUnit, PauseMode
from motcua_kernel.days import check_windows, ordinary_days
from motcua_kernel.errors import Invalid
from motcua_kernel.events import Channel
from motcua_kernel.instant import Instant

from motcua_platform.errors import Unreadable

_NOT_RECORDED = Instant(0)


def entry_key(entry: pb.RegistryEntry) -> str:
    """The identity of an entry as its record key: an entry with the same key replaces it."""
    kind = entry.WhichOneof("entry")
    match kind:
        case "unit":
            identity = entry.unit.id
        case "procedure":
            identity = f"{_procedure_code(entry.procedure)}@{entry.procedure.valid_from}"
        case "working_week":
            identity = entry.working_week.scope
        case "calendar_day":
            day = entry.calendar_day
            identity = f"{day.layer}/{day.scope}/{day.day}"
        case "publisher":
            identity = entry.publisher.id
        case "clock_mapping":
            identity = ""
        case _:
            raise Unreadable("a registry entry of a known kind", "entry")
    return f"{kind}:{identity}"


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
        match kind:
            case "unit":
                return _unit(message.unit)
            case "procedure":
                return _procedure(message.procedure)
            case "working_week":
                return _working_week(message.working_week)
            case "calendar_day":
                return _calendar_day(message.calendar_day)
            case "publisher":
                return _publisher(message.publisher)
            case "clock_mapping":
                return _clock_mapping(message.clock_mapping, recorded_at)
            case _:
                raise Unreadable("a registry entry of a known kind", "entry")
    except (ValueError, Invalid) as error:
        raise Unreadable(str(error), str(kind)) from error


def _unit(message: pb.Unit) -> k.Unit:
    return k.Unit(
        id=message.id,
        code=message.code,
        name=message.name,
        level=k.UnitLevel(message.level),
        parent=message.parent,
        valid_from=message.valid_from,
        valid_until=message.valid_until,
        predecessors=tuple(message.predecessors),
        departments=tuple(k.Department(one.id, one.name) for one in message.departments),
    )


def _procedure(message: pb.Procedure) -> k.Procedure:
    return k.Procedure(
        code=_procedure_code(message),
        name=message.name,
        valid_from=date.fromisoformat(message.valid_from),
        field=message.field,
        level=k.UnitLevel(message.level),
        limits=tuple(_limit(one) for one in message.limits),
        pause_modes=tuple(
            (k.PauseCause(rule.cause), _pause_mode(rule.mode)) for rule in message.pause_rules
        ),
        steps=tuple(
            k.ProcessStep(step.id, step.department, step.budget_minutes) for step in message.steps
        ),
        iso_covered=message.iso_covered,
    )


def _procedure_code(message: pb.Procedure) -> str:
    """The base code, with the suffix of the province that published a variant of its own."""
    suffix = message.publisher_suffix
    return f"{message.code}.{suffix}" if suffix else message.code


def _pause_mode(mode: int) -> PauseMode:
    restart = mode == pb.PAUSE_MODE_RESTART
    return PauseMode.RESTART if restart else PauseMode.CONTINUE


def _limit(message: pb.TimeLimit) -> k.TimeLimit:
    committed = message.committed_minutes if message.HasField("committed_minutes") else None
    cutoff = message.cutoff_minute if message.HasField("cutoff_minute") else None
    limit = k.TimeLimit(
        channel=Channel(message.channel),
        unit=LimitUnit(message.unit),
        statutory_minutes=message.statutory_minutes,
        committed_minutes=committed,
        end_of_day=message.end_of_day,
        cutoff_minute=cutoff,
    )
    limit.effective()
    return limit


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


def _publisher(message: pb.Publisher) -> k.Publisher:
    return k.Publisher(
        id=message.id,
        name=message.name,
        units=tuple(message.units),
        key_sha256=tuple(message.key_sha256),
        revoked=message.revoked,
    )


def _clock_mapping(message: pb.ClockMapping, recorded_at: Instant) -> k.ClockMapping:
    if not 0 <= message.rate < float("inf"):
        raise Invalid("rate", "zero or more, and finite", str(message.rate))
    return k.ClockMapping(
        real_anchor=Instant(message.real_anchor),
        domain_anchor=Instant(message.domain_anchor),
        rate=message.rate,
        recorded_at=recorded_at,
    )
