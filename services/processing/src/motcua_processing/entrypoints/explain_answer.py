"""The JSON of an explanation: head, days, sums, where the time went, steps, due date."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from motcua_kernel.attribution import Share
from motcua_kernel.clock import Due, Limit
from motcua_kernel.explain import Explanation, Head, Line, PhaseSum
from motcua_kernel.explain_reasons import Message
from motcua_kernel.explain_texts import MARKS, PARTIES, UNITS, Language, params_of, text_of
from motcua_kernel.instant import MINUTE, format_local
from motcua_kernel.registry import Registry
from motcua_kernel.state import DossierState
from motcua_kernel.steps import StepAccount

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def explain_answer(
    told: Explanation, state: DossierState, registry: Registry, language: Language
) -> dict[str, Any]:
    """The members of an explanation; minutes are rounded for reading, units are exact."""
    late = sum(share.late for share in told.shares)
    return {
        "dossier": told.dossier,
        "head": _head(told.head, state, registry, language),
        "problem": None if told.problem is None else _message(told.problem, language),
        "days": [_day(line, language) for line in told.lines],
        "sum": [_sum(one, number, language) for number, one in enumerate(told.sums, 1)],
        "due": _due(told.due),
        "reappointed_due": _due(told.reappointed_due),
        "used_units": told.used,
        "used_minutes": _minutes(told.used),
        "extension_minutes": told.extension_minutes,
        "rests": [{"from": format_local(one), "to": format_local(two)} for one, two in told.rests],
        "over_units": late if told.shares else None,
        "over_minutes": _minutes(late) if told.shares else None,
        "attribution": [_share(share, registry, language) for share in told.shares],
        "steps": [_step(account, state, registry) for account in told.steps],
        "registry_offset": told.registry_offset,
    }


def _head(head: Head, state: DossierState, registry: Registry, lang: Language) -> dict[str, Any]:
    version, stated, week = head.procedure, head.stated, head.week
    unit = registry.units.get(state.resolving_unit)
    return {
        "procedure": state.procedure,
        "procedure_name": version.name if version else None,
        "version": None
        if version is None
        else {
            "valid_from": version.valid_from.isoformat(),
            "reference": version.reference,
            "registry_offset": version.offset,
        },
        "channel": state.channel.name.lower(),
        "unit": state.resolving_unit,
        "unit_name": unit.name if unit else state.resolving_unit,
        "received_at": format_local(state.received_at) if state.is_received else None,
        "limit": None if head.limit is None else _limit(head.limit, lang),
        "statutory_minutes": stated.statutory_minutes if stated else None,
        "committed_minutes": stated.committed_minutes if stated else None,
        "working_hours": None
        if week is None
        else {
            "reference": week.reference,
            "registry_offset": week.offset,
            "days": {
                name: [[_clock(one.start_minute), _clock(one.end_minute)] for one in windows]
                for name, windows in zip(_DAYS, week.days, strict=True)
            },
        },
    }


def _limit(limit: Limit, lang: Language) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "unit": limit.unit.name.lower(),
        "unit_name": UNITS[limit.unit][lang],
        "minutes": limit.amount,
        "ends": limit.end_rule.name.lower(),
        "cutoff": None if limit.cutoff_minute is None else _clock(limit.cutoff_minute),
    }
    return shown if limit.then is None else {**shown, "then": _limit(limit.then, lang)}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day(line: Line, lang: Language) -> dict[str, Any]:
    return {
        "date": date.fromordinal(line.day).isoformat(),
        "phase": line.phase + 1,
        "mark": line.mark.value,
        "mark_name": MARKS[line.mark][lang],
        "counted_units": line.counted,
        "counted_minutes": _minutes(line.counted),
        "used_units": line.used,
        "used_minutes": _minutes(line.used),
        "whole_minutes": _minutes(line.whole),
        "reasons": [_message(one, lang) for one in line.reasons],
    }


def _message(told: Message, lang: Language) -> dict[str, Any]:
    return {
        "code": told.reason.value,
        "text": text_of(told, lang),
        "params": dict(params_of(told)),
    }


def _sum(one: PhaseSum, number: int, lang: Language) -> dict[str, Any]:
    return {
        "phase": number,
        "unit": one.unit.name.lower(),
        "unit_name": UNITS[one.unit][lang],
        "budget_units": one.budget,
        "budget_minutes": _minutes(one.budget),
        "counted_units": one.counted,
        "counted_minutes": _minutes(one.counted),
        "used_units": one.used,
        "used_minutes": _minutes(one.used),
    }


def _share(share: Share, registry: Registry, lang: Language) -> dict[str, Any]:
    reason = registry.pause_reasons.get(share.code)
    unit = registry.units.get(share.code)
    name = reason.name if reason else unit.name if unit else share.code
    return {
        "party": share.party.value,
        "party_name": PARTIES[share.party][lang],
        "code": share.code,
        "name": name,
        "department": share.department,
        "opened": None if share.opened is None else format_local(share.opened),
        "spent_units": share.spent,
        "budget_units": share.budget,
        "over_units": share.late,
        "over_minutes": _minutes(share.late),
    }


def _step(account: StepAccount, state: DossierState, registry: Registry) -> dict[str, Any]:
    unit = registry.units.get(state.resolving_unit)
    names = {one.id: one.name for one in unit.departments} if unit else {}
    return {
        "department": account.department,
        "department_name": names.get(account.department, account.department),
        "step": account.step,
        "entered": format_local(account.entered),
        "left": None if account.left is None else format_local(account.left),
        "budget_minutes": None if account.budget is None else _minutes(account.budget),
        "carried_minutes": _minutes(account.carried),
        "used_minutes": _minutes(account.used),
        "unused_minutes": _minutes(account.unused),
    }


def _due(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    return {
        "date": date.fromordinal(due.day).isoformat(),
        "moment": format_local(due.moment),
        "compared_by": "date" if due.by_day else "moment",
    }


def _minutes(units: int) -> float:
    return round(units / MINUTE, 2)
