"""The figures as processing's HTTP API answers them."""

from datetime import date
from typing import Final

import httpx
import msgspec
from motcua_kernel.instant import local_date, parse_rfc3339

from motcua_cli.processing_api import ProcessingApi, Progress

UNIT: Final = "666"


class Resolved(msgspec.Struct, frozen=True):
    """Dossiers resolved (đã giải quyết), by outcome."""

    total: int
    early: int
    on_time: int
    overdue: int
    no_deadline: int


class InProgress(msgspec.Struct, frozen=True):
    """Dossiers in progress (đang giải quyết), by timing."""

    total: int
    within: int
    due_soon: int
    overdue: int
    paused: int
    no_deadline: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The balance and the on-time rate of a unit, or of a department in it."""

    as_of: str = ""
    received: int
    resolved: Resolved
    in_progress: InProgress
    withdrawn: int
    stopped: int
    refused: int
    carried_over: int = 0
    on_time_percent: str | None = None
    overdue_percent: str | None = None
    balance_residual: int = 0

    @property
    def as_of_day(self) -> date:
        """The local day of domain time at which the figures were taken."""
        return local_date(parse_rfc3339(self.as_of))

    @property
    def other(self) -> int:
        """Withdrawn, stopped or refused after receipt."""
        return self.withdrawn + self.stopped + self.refused


class DepartmentFigures(Figures, frozen=True, kw_only=True):
    """The figures of a department (phòng) of a unit."""

    unit: str
    unit_name: str = ""
    department: str = ""
    department_name: str = ""


class _Departments(msgspec.Struct, frozen=True):
    rows: list[DepartmentFigures]


class _Listed(msgspec.Struct, frozen=True):
    dossier: str


class _Dossiers(msgspec.Struct, frozen=True):
    dossiers: list[_Listed]


class Question(msgspec.Struct, frozen=True):
    """A unit with those below it over a period, both ends included; `view` "" for the default."""

    unit: str
    first: date
    last: date
    view: str = ""

    def query(self) -> dict[str, str]:
        """The parameters of the query."""
        period = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return {"unit": self.unit} | period | ({"view": self.view} if self.view else {})


ARTICLE: Final = Question(UNIT, date(2020, 1, 1), date(2020, 10, 30))
"""The district with its communes, for the article's period."""


class FiguresClient:
    """Asks processing one question for figures, and how far it is."""

    def __init__(self, http: httpx.Client, url: str, question: Question = ARTICLE) -> None:
        """Use `http` for the API at `url`."""
        self._api = ProcessingApi(http, url)
        self._question = question

    def summary(self) -> Figures:
        """The unit with those below it."""
        answer = self._api.get("/v1/summary", self._question.query())
        return msgspec.json.decode(answer, type=Figures)

    def departments(self) -> list[DepartmentFigures]:
        """The same by unit and department."""
        answer = self._api.get("/v1/summary/departments", self._question.query())
        return msgspec.json.decode(answer, type=_Departments).rows

    def progress(self) -> Progress:
        """How far processing is."""
        return self._api.progress()

    def an_overdue_dossier(self) -> str | None:
        """The code of one overdue dossier, if there is any."""
        query = {"unit": self._question.unit, "verdict": "overdue", "limit": "1"}
        answer = msgspec.json.decode(self._api.get("/v1/dossiers", query), type=_Dossiers)
        return answer.dossiers[0].dossier if answer.dossiers else None
