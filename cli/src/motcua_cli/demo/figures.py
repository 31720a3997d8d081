"""The figures as processing's HTTP API answers them."""

import time
from datetime import date
from typing import Final

import httpx
import msgspec
from motcua_kernel.instant import local_date, parse_rfc3339

from motcua_cli.errors import CommandError

UNIT = "666"
FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2020, 10, 30)
_PATIENCE_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.25
_AWAY: Final = 503


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


class Progress(msgspec.Struct, frozen=True):
    """Records that processing has not applied, and states that it has not published."""

    lag: int
    unpublished: int


class _Listed(msgspec.Struct, frozen=True):
    dossier: str


class _Dossiers(msgspec.Struct, frozen=True):
    dossiers: list[_Listed]


_PERIOD = {"unit": UNIT, "from": FIRST_DAY.isoformat(), "to": LAST_DAY.isoformat()}


class FiguresClient:
    """Asks processing."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        """Use `http` for the API at `url`."""
        self._http = http
        self._url = url

    def summary(self) -> Figures:
        """The district with its communes, for the article's period."""
        return msgspec.json.decode(self._get("/v1/summary", _PERIOD), type=Figures)

    def departments(self) -> list[DepartmentFigures]:
        """The same by unit and department."""
        answer = self._get("/v1/summary/departments", _PERIOD)
        return msgspec.json.decode(answer, type=_Departments).rows

    def progress(self) -> Progress:
        """How far processing is."""
        return msgspec.json.decode(self._get("/v1/progress", {}), type=Progress)

    def an_overdue_dossier(self) -> str | None:
        """The code of one overdue dossier, if there is any."""
        query = {"unit": UNIT, "verdict": "overdue", "limit": "1"}
        answer = msgspec.json.decode(self._get("/v1/dossiers", query), type=_Dossiers)
        return answer.dossiers[0].dossier if answer.dossiers else None

    def _get(self, path: str, query: dict[str, str]) -> bytes:
        """The answer's body; a service that is starting again is given half a minute."""
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer = self._attempt(path, query)
            if isinstance(answer, bytes):
                return answer
            if time.monotonic() > give_up:
                raise CommandError(
                    f"{self._url}{path} không trả lời ({answer}).",
                    f"{self._url}{path} does not answer ({answer}).",
                )
            time.sleep(_POLL_SECONDS)

    def _attempt(self, path: str, query: dict[str, str]) -> bytes | str:
        """The answer's body, or why there is none yet."""
        try:
            response = self._http.get(f"{self._url}{path}", params=query)
        except httpx.TransportError as error:
            return type(error).__name__
        if response.status_code == _AWAY:
            return f"HTTP {_AWAY}"
        if not response.is_success:
            raise CommandError(
                f"{self._url}{path} trả lời HTTP {response.status_code}.",
                f"{self._url}{path} answered HTTP {response.status_code}.",
            )
        return response.content
