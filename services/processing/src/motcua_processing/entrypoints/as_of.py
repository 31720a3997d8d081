"""The two times of a question (law L4) as parameters, and what of them cannot be answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Query
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import Instant, format_local, local_date, parse_rfc3339
from motcua_kernel.registry import Registry
from motcua_kernel.verdict import Outcome, Timing
from motcua_platform.dossier_codec import EARLIEST, LATEST
from motcua_platform.problems import Problem
from motcua_platform.registry_history import RegistryHistory

from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.application.as_of import Answer, figures_as_of
from motcua_processing.application.questions import Question, Span
from motcua_processing.application.set_aside import NOTHING_SET_ASIDE, SetAsideSource
from motcua_processing.domain.cut import Cut
from motcua_processing.domain.verdicts import Receptions
from motcua_processing.domain.views import View, counted_units

FIRST_DAY: Final = local_date(EARLIEST)
LAST_DAY: Final = local_date(LATEST)

At = Annotated[
    str | None,
    Query(description="The state of affairs at this moment: RFC 3339 with offset; default now"),
]
Known = Annotated[
    str | None,
    Query(description="As it was known at this moment: RFC 3339 with offset; default now"),
]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the endpoints ask."""

    projections: SqlProjections
    registry: Callable[[], Registry]
    now: Callable[[], Instant]
    ends: Callable[[], Awaitable[dict[tuple[str, int], int]]]
    history: RegistryHistory | None = None
    """None: the registry was always what it is now."""
    set_aside: SetAsideSource = NOTHING_SET_ASIDE


@dataclass(frozen=True, slots=True)
class Times:
    """Both times of a question, and the registry as known then. `known` None: all applied."""

    at: Instant
    known: Instant | None
    now: Instant
    registry: Registry

    @property
    def cut(self) -> Cut:
        """The events within both times."""
        return Cut(self.at, self.known)

    def head(self) -> dict[str, Any]:
        """The members that say what an answer is as of."""
        known = self.now if self.known is None else self.known
        return {"as_of": format_local(self.at), "known": format_local(known)}


async def times(sources: Sources, at: str | None, known: str | None) -> Times:
    """Read both parameters.

    Raises:
        Problem: 422 for what is no moment or lies ahead; 409 where the log has not been applied
            up to `known` yet, with the watermark up to which it has.
    """
    now = sources.now()
    moment = now if at is None else _moment("at", at)
    if moment > now:
        raise Problem(
            422,
            "future-moment",
            "This moment has not come yet",
            field="at",
            rule="at <= now",
            vi=("Thời điểm này chưa đến", ""),
        )
    if known is None:
        return Times(moment, None, now, sources.registry())
    recorded = _moment("known", known)
    watermark = now if recorded > now else await _watermark(sources, recorded)
    if watermark is not None:
        raise Problem(
            409,
            "not-yet-known",
            "The log has not been applied up to this moment yet",
            field="known",
            watermark=format_local(watermark),
            vi=("Nhật ký chưa được cập nhật đến thời điểm này", ""),
        )
    history = sources.history
    registry = sources.registry() if history is None else history.as_known(recorded)
    return Times(moment, recorded, now, registry)


async def _watermark(sources: Sources, known: Instant) -> Instant | None:
    return await sources.projections.watermark(await sources.ends(), known)


def _moment(field: str, value: str) -> Instant:
    """A moment of the query, in which an unescaped + has become a space."""
    try:
        moment = parse_rfc3339(value.replace(" ", "+"))
    except Invalid as error:
        raise _invalid_moment(field, error.rule) from error
    if moment < EARLIEST:
        raise _invalid_moment(field, "a moment since 1990")
    return moment


def _invalid_moment(field: str, rule: str) -> Problem:
    return Problem(422, "invalid-moment", "No moment in time", field=field, rule=rule)


def unknown_dossier(code: str) -> Problem:
    """No dossier of this code, or none that the caller may read: a stranger learns neither."""
    return Problem(
        404,
        "unknown-dossier",
        "No such dossier",
        field="code",
        value=code,
        vi=("Không có hồ sơ này", ""),
    )


def known_unit(registry: Registry, unit: str) -> str:
    """The unit, if the registry knows it."""
    if unit not in registry.units:
        raise Problem(404, "unknown-unit", "No such unit", field="unit", value=unit)
    return unit


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a question for figures."""

    unit: str
    first: date
    last: date
    view: View
    balanced: bool = True


async def figures(sources: Sources, asked: Asked, two: Times) -> Answer:
    """The figures of a unit and those below it over a period."""
    unit = known_unit(two.registry, asked.unit)
    if asked.first > asked.last:
        raise _invalid_period("from", "from <= to")
    if asked.first < FIRST_DAY or asked.last > LAST_DAY:
        field = "from" if asked.first < FIRST_DAY else "to"
        raise _invalid_period(field, f"{FIRST_DAY} .. {LAST_DAY}")
    span = Span.of(asked.first, asked.last, two.at)
    units = counted_units(two.registry, unit, asked.view, local_date(two.at))
    question = Question(units, span, two.known, asked.balanced)
    history = None if two.known is None else sources.history
    return await figures_as_of(sources.projections.past, two.registry, question, history)


def _invalid_period(field: str, rule: str) -> Problem:
    return Problem(
        422,
        "invalid-period",
        "The period ends before it starts, or lies outside the time of any counter",
        field=field,
        rule=rule,
    )


def receptions_answer(receptions: Receptions) -> dict[str, dict[str, int]]:
    """The members of the reception clock."""
    answered, pending = receptions.answered, receptions.pending
    return {
        "answered": {
            one.value: answered[one]
            for one in (Outcome.ON_TIME, Outcome.OVERDUE, Outcome.NO_DEADLINE)
        },
        "pending": {
            one.value: pending[one]
            for one in (Timing.WITHIN, Timing.OVERDUE, Timing.PAUSED, Timing.NO_DEADLINE)
        },
    }
