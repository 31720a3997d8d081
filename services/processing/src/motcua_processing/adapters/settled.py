"""The statements that count settled dossiers in groups.

With the cut at a moment, a dossier's state is a beginning of its life as the columns tell it: what
they say happened by then had happened, the rest had not. A due date in the columns is that of then
where nothing that came later can have moved it.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of SQLModel are incomplete.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from motcua_kernel.clock import Due
from motcua_kernel.events import Kind
from motcua_kernel.instant import DAY, EPOCH_DAY_NUMBER, LOCAL_OFFSET, Instant, midnight
from motcua_kernel.life_cycle import Status
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    inspect,
    literal,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlmodel import col

from motcua_processing.adapters.tables import Dossier, Journal
from motcua_processing.adapters.touched import one_of
from motcua_processing.application.questions import Question
from motcua_processing.domain.verdicts import ResolvedGroup

_D: Final = Dossier
_RECEIVED: Final = col(_D.received_at) > 0
_ENDED_AT: Final[ColumnElement[int]] = func.greatest(col(_D.resolved_at), col(_D.closed_at))
_ANSWERED_AT: Final = case(
    (_RECEIVED, col(_D.received_at)),
    (col(_D.status) == int(Status.REFUSED), col(_D.closed_at)),
    else_=0,
)

_NOON: Final = Instant(midnight(EPOCH_DAY_NUMBER) + DAY // 2)
_BY_DAY: Final = Due(EPOCH_DAY_NUMBER, _NOON, by_day=True)
_BY_MOMENT: Final = Due(EPOCH_DAY_NUMBER, _NOON, by_day=False)
SIDES: Final[tuple[tuple[Due | None, Instant], ...]] = (
    (None, _NOON),
    (_BY_DAY, Instant(_NOON - DAY)),
    (_BY_DAY, _NOON),
    (_BY_DAY, Instant(_NOON + DAY)),
    (_BY_MOMENT, Instant(_NOON - DAY)),
    (_BY_MOMENT, _NOON),
    (_BY_MOMENT, Instant(_NOON + 1)),
)
"""One due date and one end for each way in which an end can stand to a due date.

The counts of `sides` are in this order; what each way is called is for the kernel to say.
"""


class Open(NamedTuple):
    """Open dossiers or filings of one due date; with a `code`, one that has to be folded again.

    `verdict` and `reception` tell which of the two clocks they stand open in.
    """

    code: str | None
    verdict: bool
    reception: bool
    unit: str
    department: str
    due_day: int | None
    due_by_day: bool
    due_moment: int | None
    paused: bool
    rests: str
    number: int


class Settled:
    """The statements for one question."""

    figures: Final = 5 + len(SIDES)
    """Counts that come before those of the reception clock in a row of `flows`."""

    def __init__(
        self,
        question: Question,
        late: Sequence[str],
        touched: ColumnElement[bool] | None,
        suspended: ColumnElement[bool] | None,
        *,
        by_clock: bool,
    ) -> None:
        """Leave out `late` dossiers wholly, and the verdicts on `touched` ones.

        With `by_clock` a due date that nothing but the calendar moves is that of any moment,
        unless the dossier may be `suspended`.
        """
        self._question = question
        self._start = question.span.start
        self._end = Instant(question.settled_at + 1)
        self._untouched = true() if touched is None else not_(touched)
        self._here = one_of(_D.reporting_unit, question.units)
        self._received_here = one_of(_D.receiving_unit, question.units)
        self._kept = _not_among(_D.code, late)
        self._late = late
        clockwise = and_(
            true() if by_clock else false(),
            col(_D.clock) != "",
            or_(col(_D.due_day).is_not(None), func.left(col(_D.clock), 1) == "N"),
        )
        if suspended is not None:
            clockwise = and_(clockwise, not_(suspended))
        self._exact = col(_D.occurred_at) < self._end
        self._due_is_that_of_then = and_(self._untouched, or_(self._exact, clockwise))
        self._ended = and_(_ENDED_AT > 0, self._end > _ENDED_AT)

    def flows(self) -> Any:
        """Every count that needs no due date group, by reporting, lead and receiving unit."""
        since = min(self._start, self._end)
        received = col(_D.received_at)
        goes_on = or_(_ENDED_AT == 0, since <= _ENDED_AT)
        counted = or_(
            and_(_RECEIVED, received < self._end, self._here),
            and_(col(_D.filed_at) > 0, self._received_here),
        )
        conditions = [
            and_(_RECEIVED, received < since, goes_on),
            and_(_RECEIVED, self._within(received)),
            *(self._closed(one) for one in (Status.WITHDRAWN, Status.STOPPED, Status.REFUSED)),
            *sides(and_(self._within(col(_D.resolved_at)), self._untouched)),
            *self._answers(),
        ]
        return (
            select(
                col(_D.reporting_unit),
                col(_D.department),
                col(_D.receiving_unit),
                *(func.count().filter(one) for one in conditions),
            )
            .where(counted, goes_on, self._kept)
            .group_by(col(_D.reporting_unit), col(_D.department), col(_D.receiving_unit))
        )

    @staticmethod
    def resolved_groups(counts: Iterator[int]) -> list[ResolvedGroup]:
        """The groups behind the next counts of a row of `flows`."""
        each = zip(SIDES, counts, strict=False)  # SIDES first: no count beyond them is taken
        return [ResolvedGroup(count, due, at) for (due, at), count in each if count]

    @staticmethod
    def answered_groups(counts: Iterator[int]) -> list[tuple[Due | None, Instant, int]]:
        """Due moment, answer and count of the last counts of a row of `flows`."""
        ways = (None, _NOON), (_BY_MOMENT, _NOON), (_BY_MOMENT, Instant(_NOON + 1))
        return [(due, at, next(counts)) for due, at in ways]

    def open(self, touched: ColumnElement[bool] | None) -> Any:
        """What is open at the end: dossiers in progress and filings that wait, by due date.

        A dossier of which the columns do not tell that stands in a row of its own, with its code
        and what has to be counted anew of it; so does a touched one that ended in the period. The
        receiving unit of a filing that was received since may have been another one.
        Members: `Open`.
        """
        begun, filed = self._in_progress(), self._pending()
        told = or_(
            and_(begun, self._due_is_that_of_then),
            and_(filed, self._untouched, self._exact),
        )
        resolved, answered = self._touched_endings(touched)
        moment = case(
            (filed, col(_D.reception_due)), (col(_D.due_by_day), 0), else_=col(_D.due_moment)
        )
        exact = and_(told, self._exact)
        return (
            select(
                case((told, null()), else_=col(_D.code)),
                or_(begun, resolved),
                or_(filed, answered),
                case((filed, col(_D.receiving_unit)), else_=col(_D.reporting_unit)),
                case((filed, ""), else_=col(_D.department)),
                case((and_(told, begun), col(_D.due_day)), else_=null()),
                and_(told, begun, col(_D.due_by_day)),
                case((told, moment), else_=null()),
                and_(exact, col(_D.paused)),
                case((and_(exact, begun), col(_D.rests)), else_=""),
                func.count(),
            )
            .where(or_(begun, filed, resolved, answered), self._kept)
            .group_by(*map(_place, range(1, 11)))
        )

    def _in_progress(self) -> ColumnElement[bool]:
        """Received by the end, and not ended."""
        received = col(_D.received_at)
        return and_(
            _RECEIVED,
            received < self._end,
            or_(_ENDED_AT == 0, self._end <= _ENDED_AT),
            self._here,
        )

    def _pending(self) -> ColumnElement[bool]:
        """Filed by the end, and neither received nor closed."""
        if not self._question.balanced:
            return false()
        return and_(
            col(_D.filed_at) > 0,
            col(_D.filed_at) < self._end,
            or_(col(_D.received_at) == 0, col(_D.received_at) >= self._end),
            or_(col(_D.closed_at) == 0, col(_D.closed_at) >= self._end),
            or_(self._received_here, not_(self._exact)),
        )

    def _touched_endings(
        self, touched: ColumnElement[bool] | None
    ) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Resolved in the period, and answered in it, with a due date that has moved since."""
        if touched is None:
            return false(), false()
        resolved = and_(self._within(col(_D.resolved_at)), self._here, touched)
        answered = and_(
            col(_D.filed_at) > 0, self._within(_ANSWERED_AT), self._received_here, touched
        )
        return resolved, answered

    def receipts(self) -> Any:
        """Receipts of the period in the journal, by unit."""
        units = sorted(self._question.units)
        return receipts(units, self._start, self._end, self._late)

    def _within(self, moment: Any) -> ColumnElement[bool]:
        return and_(moment >= max(self._start, 1), moment < self._end)

    def _closed(self, status: Status) -> ColumnElement[bool]:
        inside = self._within(col(_D.closed_at))
        return and_(_RECEIVED, inside, col(_D.status) == int(status))

    def _answers(self) -> list[ColumnElement[bool]]:
        answered = and_(col(_D.filed_at) > 0, self._within(_ANSWERED_AT), self._untouched)
        due = col(_D.reception_due)
        return [
            and_(answered, due.is_(None)),
            and_(answered, due >= _ANSWERED_AT),
            and_(answered, due < _ANSWERED_AT),
        ]


def sides(resolved: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Resolved dossiers by how their end stands to the due date, in the order of `SIDES`."""
    resolved = and_(_RECEIVED, resolved)
    day = (col(_D.resolved_at) + LOCAL_OFFSET) // DAY + EPOCH_DAY_NUMBER
    due, moment = col(_D.due_day), col(_D.due_moment)
    by_day, by_moment = col(_D.due_by_day), not_(col(_D.due_by_day))
    late = col(_D.resolved_at) > moment
    return [
        and_(resolved, due.is_(None)),
        and_(resolved, by_day, day < due),
        and_(resolved, by_day, day == due),
        and_(resolved, by_day, day > due),
        and_(resolved, by_moment, not_(late), day < due),
        and_(resolved, by_moment, not_(late), day >= due),
        and_(resolved, by_moment, late),
    ]


def receipts(units: Sequence[str], start: Instant, end: Instant, late: Sequence[str] = ()) -> Any:
    """Receipts that were not voided, one a dossier; those kept as anomalies do not count."""
    void: Any = inspect(Journal).local_table.alias("v")
    once = (
        select(Journal.unit, Journal.dossier)  # type: ignore[call-overload]
        .distinct()
        .where(
            Journal.kind == int(Kind.RECEIVED),
            one_of(Journal.unit, units),
            col(Journal.occurred_at) >= start,
            col(Journal.occurred_at) < end,
            _not_among(Journal.dossier, late),
            ~exists().where(
                void.c.kind == int(Kind.VOIDED),
                void.c.publisher == Journal.publisher,
                void.c.voids == Journal.event_id,
                void.c.dossier == Journal.dossier,
            ),
            ~exists().where(
                col(_D.code) == Journal.dossier,
                col(_D.anomalies) > 0,
                or_(
                    col(_D.received_at) != Journal.occurred_at,
                    col(_D.reporting_unit) != Journal.unit,
                ),
            ),
        )
        .subquery()
    )
    return select(once.c.unit, func.count()).group_by(once.c.unit)


def _not_among(column: str, codes: Sequence[str]) -> ColumnElement[bool]:
    if not codes:
        return true()
    given = func.unnest(bindparam(None, list(codes), type_=ARRAY(Text), unique=True))
    return col(column).not_in(select(given))


def _place(number: int) -> ColumnElement[int]:
    return literal(number, Integer, literal_execute=True)
