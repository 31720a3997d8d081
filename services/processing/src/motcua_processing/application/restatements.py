"""A restatement (điều chỉnh số liệu) as the event that tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from motcua.admin.v1 import admin_pb2 as pb
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Entry

from motcua_processing.domain.restating import Effect, Effects, Verdict, total_of


def restatement_of(entries: Sequence[tuple[int, Entry]]) -> pb.Restatement:
    """A restatement that has counted nothing yet: its entries, and the decrees that they name."""
    references = {str(getattr(entry, "reference", "")) for _, entry in entries}
    return pb.Restatement(
        first_offset=entries[0][0],
        last_offset=entries[-1][0],
        references=sorted(references - {""}),
        entries=[_name(entry) for _, entry in entries],
    )


def _name(entry: Entry) -> str:
    """A short name of an entry: its kind, and what identifies it."""
    members = ("layer", "scope", "day", "id", "code", "valid_from")
    told = [getattr(entry, member, None) for member in members]
    parts = [
        one.name if hasattr(one, "name") else str(one) for one in told if one not in (None, "")
    ]
    return f"{type(entry).__name__}:{'/'.join(parts)}"


def add_effects(message: pb.Restatement, effects: Effects) -> None:
    """Count effects into a restatement."""
    rows = {(row.unit, row.department): row for row in message.rows}
    for (unit, department), effect in sorted(effects.items()):
        row = rows.get((unit, department))
        if row is None:
            row = message.rows.add(unit=unit, department=department)
        row.crossing += effect.crossing
        row.moved += effect.moved
        row.withdrawn += effect.withdrawn
        row.appeared += effect.appeared
        _add_verdicts(row.before, effect.before)
        _add_verdicts(row.after, effect.after)
    total = total_of(effects)
    message.crossing += total.crossing
    message.moved += total.moved
    _add_verdicts(message.before, total.before)
    _add_verdicts(message.after, total.after)


def _add_verdicts(message: pb.Verdicts, counts: Mapping[Verdict, int]) -> None:
    for verdict, count in counts.items():
        setattr(message, verdict.value, getattr(message, verdict.value) + count)


def restatement_event(message: pb.Restatement, as_of: Instant) -> tuple[str, Instant, bytes]:
    """The id, moment and bytes of the admin event that tells a restatement."""
    name = f"restatement-{message.first_offset}-{message.last_offset}"
    event = pb.AdminEvent(id=name, occurred_at=as_of, restatement=message)
    return name, as_of, event.SerializeToString(deterministic=True)


def effect_answer(effect: Effect) -> dict[str, Any]:
    """The members of an effect in an answer."""
    return {
        "crossing": effect.crossing,
        "moved": effect.moved,
        "withdrawn": effect.withdrawn,
        "appeared": effect.appeared,
        "before": {verdict.value: effect.before.get(verdict, 0) for verdict in Verdict},
        "after": {verdict.value: effect.after.get(verdict, 0) for verdict in Verdict},
    }


def effects_answer(effects: Effects) -> dict[str, Any]:
    """The total, and the rows of each unit and department."""
    rows = [
        {"unit": unit, "department": department, **effect_answer(effect)}
        for (unit, department), effect in sorted(effects.items())
    ]
    return {"total": effect_answer(total_of(effects)), "rows": rows}


def restatement_effects(message: pb.Restatement) -> Effects:
    """The effects that a restatement tells of."""
    return {
        (row.unit, row.department): Effect(
            row.crossing,
            row.moved,
            row.withdrawn,
            row.appeared,
            _verdicts(row.before),
            _verdicts(row.after),
        )
        for row in message.rows
    }


def _verdicts(message: pb.Verdicts) -> dict[Verdict, int]:
    counts = {verdict: int(getattr(message, verdict.value)) for verdict in Verdict}
    return {verdict: count for verdict, count in counts.items() if count}
