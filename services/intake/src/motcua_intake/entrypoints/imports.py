"""`POST /v1/imports`: an exported table, answered row by row while it is read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from motcua_platform.access.guard import Credentials
from motcua_platform.languages import language_of
from motcua_platform.problems import Problem
from starlette.requests import ClientDisconnect

from motcua_intake.adapters.tables.limits import MAX_ROWS
from motcua_intake.application.accept import Status
from motcua_intake.application.import_tables import (
    Import,
    ImportStopped,
    ImportTables,
    TableUnreadable,
)
from motcua_intake.domain.tables.layout import NoHeaders
from motcua_intake.entrypoints import refusals
from motcua_intake.entrypoints.body import encoding_of
from motcua_intake.entrypoints.import_lines import (
    MEDIA_TYPE,
    Answers,
    ProgressLine,
    StoppedLine,
    SummaryLine,
    Totals,
    encode_line,
    row_line,
    stopped_line,
    table_line,
)
from motcua_intake.entrypoints.openapi import IMPORTS_OPERATION, IMPORTS_RESPONSES

if TYPE_CHECKING:
    from datetime import timedelta

    from motcua_kernel.admission_rules import Language
    from motcua_kernel.import_mapping import ImportMapping
    from motcua_kernel.parties import Publisher

    from motcua_intake.application.import_tables import OpenTable
    from motcua_intake.application.ports import RegistrySource
    from motcua_intake.entrypoints.admission import Admission
    from motcua_intake.entrypoints.metrics import IntakeMetrics
    from motcua_intake.entrypoints.speaking import Speaking

_log = structlog.get_logger()
_PROGRESS_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 60
"""How long an import waits for its publisher's limits before it is broken off."""

Mapping: TypeAlias = Annotated[
    str, Query(max_length=128, description="The name of a saved mapping of this publisher.")
]
DryRun: TypeAlias = Annotated[bool, Query(description="Judge every row, append nothing.")]
Backfill: TypeAlias = Annotated[
    bool, Query(description="History: the original dates, and no notices.")
]
FromRow: TypeAlias = Annotated[
    int, Query(ge=1, le=MAX_ROWS, description="Rows before this one are passed over.")
]
Shown: TypeAlias = Annotated[Answers, Query(description="Which rows to tell of.")]


@dataclass(frozen=True)
class Limits:
    """What a table may cost: its bytes, and the time that it may take to arrive."""

    size: int
    patience: timedelta


def imports_router(  # noqa: PLR0917 - the parts of the endpoint
    tables: ImportTables,
    registry: RegistrySource,
    speaking: Speaking,
    admission: Admission,
    metrics: IntakeMetrics,
    limits: Limits,
) -> APIRouter:
    """The endpoint of imports."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/imports",
        response_class=Response,
        responses=IMPORTS_RESPONSES,
        openapi_extra=IMPORTS_OPERATION,
        tags=["imports"],
        summary="Import an exported table (CSV, XLSX)",
    )
    async def post_imports(  # noqa: PLR0917 - one argument for each parameter
        request: Request,
        credentials: Credentials,
        mapping: Mapping = "",
        dry_run: DryRun = False,
        backfill: Backfill = False,
        from_row: FromRow = 1,
        answers: Shown = "all",
    ) -> Response:
        """Read a table and answer each row; the same table again changes nothing.

        The answer is a stream of lines: `table`, then a `row` for each row and `progress` every
        second, at last `summary`, or `stopped` with the row to go on from. A row that is called
        accepted is in the log.
        """
        publisher = await speaking.sender(request, credentials)
        encoding_of(request, accepted=())
        asked = Import(
            publisher,
            _mapping(registry, publisher, mapping),
            backfill=backfill,
            dry_run=dry_run,
            from_row=from_row,
        )
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(admission.turn())
            path = await stack.enter_async_context(_received(request, limits))
            table = await _open(tables, path, asked)
            stack.push_async_callback(table.rest.aclose)
            held = stack.pop_all()
        telling = _Telling(tables, table, asked, speaking, metrics, language_of(request))
        return StreamingResponse(telling.lines(held, answers), media_type=MEDIA_TYPE)

    _ = post_imports
    return router


def _mapping(registry: RegistrySource, publisher: Publisher, name: str) -> ImportMapping | None:
    if not name:
        return None
    found = registry.current().import_mappings.get((publisher.id, name))
    if found is None:
        raise refusals.unknown_mapping()
    return found


@asynccontextmanager
async def _received(request: Request, limits: Limits) -> AsyncGenerator[Path]:
    """The body in a file that is gone afterwards.

    Raises:
        Problem: 413, 408 or 400, as for a request with events.
    """
    size = 0
    with NamedTemporaryFile(prefix="motcua-import-") as file:
        try:
            async with asyncio.timeout(limits.patience.total_seconds()):
                async for chunk in request.stream():
                    size += len(chunk)
                    if size > limits.size:
                        raise refusals.body_too_large(limits.size)
                    await asyncio.to_thread(file.write, chunk)
        except TimeoutError as error:
            raise refusals.body_too_slow() from error
        except ClientDisconnect as error:
            raise refusals.malformed("The body broke off.") from error
        file.flush()
        yield Path(file.name)


async def _open(tables: ImportTables, path: Path, asked: Import) -> OpenTable:
    try:
        return await tables.open(path, asked.mapping)
    except TableUnreadable as error:
        raise refusals.unreadable_table(error.reason) from error
    except NoHeaders as error:
        raise refusals.no_headers(error.missing) from error


class _Telling:
    """Tells the answers of one import while it goes on."""

    def __init__(  # noqa: PLR0917 - the parts of one import
        self,
        tables: ImportTables,
        table: OpenTable,
        asked: Import,
        speaking: Speaking,
        metrics: IntakeMetrics,
        language: Language,
    ) -> None:
        self._tables = tables
        self._table = table
        self._asked = asked
        self._speaking = speaking
        self._metrics = metrics
        self._language: Language = language
        self._totals = Totals(next_row=asked.from_row)

    async def lines(self, held: AsyncExitStack, shown: Answers) -> AsyncGenerator[bytes]:
        """The lines; what is `held` for the import is let go at their end."""
        async with held:
            yield encode_line(table_line(self._table, self._asked)) + b"\n"
            last: SummaryLine | StoppedLine
            try:
                async with aclosing(self._rows(shown)) as rows:
                    async for lines in rows:
                        yield lines
                last = SummaryLine(self._totals)
            except ImportStopped as error:
                last = self._stopped(error.next_row, refusals.log_away())
            except TableUnreadable as error:
                last = self._stopped(error.next_row, refusals.unreadable_table(error.reason))
            except Problem as problem:
                last = self._stopped(self._totals.next_row, problem)
            self._report(type(last).__name__)
            yield encode_line(last) + b"\n"

    async def _rows(self, shown: Answers) -> AsyncGenerator[bytes]:
        told = time.monotonic()
        async with aclosing(self._tables.rows(self._table, self._asked)) as groups:
            async for group in groups:
                lines: list[bytes] = []
                for answer in group:
                    self._totals.add(answer)
                    if shown == "all" or answer.faults:
                        lines.append(encode_line(row_line(answer, self._language)))
                now = time.monotonic()
                if now - told >= _PROGRESS_SECONDS:
                    told = now
                    lines.append(encode_line(ProgressLine(self._totals)))
                if lines:
                    yield b"\n".join(lines) + b"\n"
                await self._pace(sum(answer.accepted for answer in group))

    async def _pace(self, events: int) -> None:
        """Hold the import to the limits of its publisher.

        Raises:
            Problem: 429, there is no room for a good while.
        """
        while events and not self._asked.dry_run:
            try:
                self._speaking.take(self._asked.publisher, events)
            except Problem as problem:
                wait = int(problem.headers["Retry-After"])
                if wait > _LONGEST_WAIT_SECONDS:
                    raise
                await asyncio.sleep(wait)
            else:
                return

    def _stopped(self, next_row: int, problem: Problem) -> StoppedLine:
        return stopped_line(self._totals, next_row, problem, self._language)

    def _report(self, ending: str) -> None:
        totals = self._totals
        if not self._asked.dry_run:
            self._metrics.count(
                {
                    Status.ACCEPTED: totals.events_accepted,
                    Status.REPEATED: totals.events_repeated,
                    Status.REJECTED: totals.rows_rejected,
                }
            )
        _log.info(
            "import_answered",
            publisher=self._asked.publisher.id,
            dry_run=self._asked.dry_run,
            backfill=self._asked.backfill,
            ending=ending,
            rows=totals.rows,
            rejected=totals.rows_rejected,
            accepted=totals.events_accepted,
            repeated=totals.events_repeated,
        )
