"""Procedures: codes, limits that contradict each other, and steps that do not fit the limit."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel.codes import parse_procedure_code
from motcua_kernel.errors import Invalid

from motcua_cli.registry.checks.book import Book, unknown
from motcua_cli.registry.faults import Fault
from motcua_cli.registry.files import Sourced

_Phase: TypeAlias = pb.TimeLimit | pb.TimePhase

_WORKING_DAY: Final = 480
_CALENDAR_DAY: Final = 1440
_CHANNELS: Final = {0: "mọi kênh", 1: "trực tiếp", 2: "trực tuyến", 3: "bưu chính"}
_CAUSES: Final = {
    pb.PAUSE_CAUSE_SUPPLEMENT: "bổ sung giấy tờ",
    pb.PAUSE_CAUSE_PAYMENT: "nghĩa vụ tài chính",
    pb.PAUSE_CAUSE_STOP: "dừng xử lý",
}


def procedure_faults(book: Book) -> Iterator[Fault]:
    """The faults of the given procedures."""
    departments = book.departments()
    for one in book.of("procedure"):
        yield from _code_faults(one)
        for number, step in enumerate(one.entry.procedure.steps):
            path = ("procedure", "steps", number, "department")
            yield from unknown(one, path, [step.department], departments)
        for number, rule in enumerate(one.entry.procedure.consultations):
            path = ("procedure", "consultations", number, "agency")
            yield from unknown(one, path, filter(None, [rule.agency]), book.units)
        yield from _limit_faults(one)
        yield from _pause_faults(one)
        yield from _budget_faults(one)


def _code_faults(one: Sourced) -> Iterator[Fault]:
    try:
        parse_procedure_code(one.entry.procedure.code)
    except Invalid as error:
        yield Fault(
            one.at("procedure", "code"),
            "procedure.code",
            f"mã thủ tục không đúng dạng: {error}",
            "no procedure code",
        )


def _limit_faults(one: Sourced) -> Iterator[Fault]:
    seen: set[int] = set()
    for number, limit in enumerate(one.entry.procedure.limits):
        path = ("procedure", "limits", number)
        if limit.channel in seen:
            channel = _CHANNELS.get(limit.channel, str(limit.channel))
            yield Fault(
                one.at(*path),
                "procedure.limits",
                f"hai thời hạn cho một kênh ({channel})",
                f"two limits for the channel {limit.channel}",
            )
        seen.add(limit.channel)
        yield from _committed_faults(one, path, limit)
        for position, phase in enumerate(limit.then):
            yield from _committed_faults(one, (*path, "then", position), phase)


def _committed_faults(one: Sourced, path: tuple[str | int, ...], phase: _Phase) -> Iterator[Fault]:
    if phase.HasField("committed_minutes") and phase.committed_minutes > phase.statutory_minutes:
        yield Fault(
            one.at(*path, "committed_minutes"),
            "procedure.committed",
            f"thời hạn cam kết {phase.committed_minutes} phút dài hơn thời hạn theo quy định "
            f"{phase.statutory_minutes} phút",
            "the committed limit is longer than the statutory one",
        )


def _pause_faults(one: Sourced) -> Iterator[Fault]:
    seen: set[int] = set()
    for number, rule in enumerate(one.entry.procedure.pause_rules):
        if rule.cause in seen:
            yield Fault(
                one.at("procedure", "pause_rules", number),
                "procedure.pause-rules",
                f"hai quy tắc tạm dừng cho một lý do ({_CAUSES.get(rule.cause, rule.cause)})",
                "two pause rules for one cause",
            )
        seen.add(rule.cause)


def _budget_faults(one: Sourced) -> Iterator[Fault]:
    procedure = one.entry.procedure
    lengths = [
        sum(map(_working_minutes, (limit, *limit.then))) for limit in procedure.limits if limit.unit
    ]
    budget = sum(step.budget_minutes for step in procedure.steps)
    if lengths and budget > min(lengths):
        yield Fault(
            one.at("procedure", "steps"),
            "procedure.budget",
            f"tổng thời gian các bước {budget} phút vượt thời hạn ngắn nhất {min(lengths)} phút",
            "the steps' budgets exceed the shortest limit",
        )


def _working_minutes(phase: _Phase) -> int:
    """The effective limit in working minutes; at most a working day for each calendar day."""
    minutes = phase.statutory_minutes
    if phase.HasField("committed_minutes"):
        minutes = min(minutes, phase.committed_minutes)
    if phase.unit == pb.LIMIT_UNIT_CALENDAR_DAYS:
        return minutes * _WORKING_DAY // _CALENDAR_DAY
    if phase.unit == pb.LIMIT_UNIT_WORKING_DAYS and minutes == 0:
        return _WORKING_DAY  # a same-day procedure
    return minutes
