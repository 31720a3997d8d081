"""The lines of the answer to an import: JSON, one a line, each with a `kind`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from motcua_platform.problems import TYPE_PREFIX

from motcua_intake.application.accept import Status

if TYPE_CHECKING:
    from motcua_kernel.admission_rules import Language
    from motcua_platform.problems import Problem

    from motcua_intake.application.import_tables import Fault, Import, OpenTable, RowAnswer

MEDIA_TYPE: Final = "application/x-ndjson"


class ColumnLine(msgspec.Struct, frozen=True):
    """A field and the header of the column that it is read from."""

    field: str
    header: str


class TableLine(msgspec.Struct, frozen=True, tag="table", tag_field="kind", omit_defaults=True):
    """The first line: the form of the table and the columns that are read."""

    format: str
    header_row: int
    columns: list[ColumnLine]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    dry_run: bool = False
    backfill: bool = False


class FaultLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong: a JSON pointer to the field, its header, the rule, what would be right."""

    field: str
    rule: str
    expected: str
    type: str
    column: str = ""
    earlier: str = ""
    given: str = ""


class RowLine(msgspec.Struct, frozen=True, tag="row", tag_field="kind", omit_defaults=True):
    """The answer to a row; `accepted` and `repeated` count its events."""

    row: int
    status: Status
    dossier: str = ""
    accepted: int = 0
    repeated: int = 0
    faults: list[FaultLine] = []


class Totals(msgspec.Struct):
    """How many rows got which answer, and how many events."""

    rows: int = 0
    rows_accepted: int = 0
    rows_repeated: int = 0
    rows_rejected: int = 0
    events_accepted: int = 0
    events_repeated: int = 0
    next_row: int = 1

    def add(self, answer: RowAnswer) -> None:
        """Count the answer to a row."""
        self.rows += 1
        self.rows_accepted += answer.status is Status.ACCEPTED
        self.rows_repeated += answer.status is Status.REPEATED
        self.rows_rejected += answer.status is Status.REJECTED
        self.events_accepted += answer.accepted
        self.events_repeated += answer.repeated
        self.next_row = answer.row + 1


class ProgressLine(msgspec.Struct, frozen=True, tag="progress", tag_field="kind"):
    """The totals so far, told while rows that are not shown go by."""

    totals: Totals


class SummaryLine(msgspec.Struct, frozen=True, tag="summary", tag_field="kind"):
    """The last line of an import that read the table to its end."""

    totals: Totals


class StoppedLine(msgspec.Struct, frozen=True, tag="stopped", tag_field="kind"):
    """The last line of one that did not: send the table again, `from_row` on or whole."""

    totals: Totals
    next_row: int
    problem: dict[str, Any]


encode_line = msgspec.json.Encoder().encode


def table_line(table: OpenTable, asked: Import) -> TableLine:
    """The first line."""
    about, layout = table.about, table.layout
    return TableLine(
        about.format,
        layout.header_row,
        [ColumnLine(field, column.header) for field, column in layout.columns.items()],
        about.encoding,
        about.delimiter,
        about.sheet,
        asked.dry_run,
        asked.backfill,
    )


def row_line(answer: RowAnswer, language: Language) -> RowLine:
    """The line of a row."""
    return RowLine(
        answer.row,
        answer.status,
        answer.dossier,
        answer.accepted,
        answer.repeated,
        [_fault_line(fault, language) for fault in answer.faults],
    )


def stopped_line(
    totals: Totals, next_row: int, problem: Problem, language: Language
) -> StoppedLine:
    """The last line of an import that was broken off."""
    return StoppedLine(totals, next_row, problem.document(language))


def _fault_line(fault: Fault, language: Language) -> FaultLine:
    error = fault.error
    return FaultLine(
        fault.field,
        error.rule,
        error.expected(language),
        TYPE_PREFIX + error.rule,
        fault.column,
        error.facts.get("earlier", ""),
        error.facts.get("given", ""),
    )


Answers = Literal["all", "faults"]
"""Which rows are told of: each, or those with something wrong."""
