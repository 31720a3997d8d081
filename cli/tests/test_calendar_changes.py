"""`motcua calendar`: what is asked of processing, waited for, and shown."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.calendar.applying import wait_applied
from motcua_cli.calendar.effects import Effect, EffectRow, Restatement, Verdicts
from motcua_cli.calendar.recalculation import Recalculation
from motcua_cli.calendar.tables import Names, by_weight, effects_table, restatement_table
from motcua_cli.errors import CommandError
from motcua_cli.processing_api import ProcessingApi
from rich.console import Console
from rich.table import Table

URL = "http://127.0.0.1:8102"
Answers = Mapping[str, list[Any]]
"""By path, the answers one after another; the last one is given again and again."""
DAY = pb.RegistryEntry(
    calendar_day=pb.CalendarDay(
        layer=pb.CALENDAR_LAYER_NATIONAL, day="2026-01-02", kind=pb.DAY_KIND_CLOSED
    )
)
EFFECT = {"crossing": 8, "moved": 7, "withdrawn": 5, "appeared": 1}
UNITS = [
    pb.RegistryEntry(
        unit=pb.Unit(
            id="24760-2025",
            name="Xã Quảng Tín",
            departments=[pb.Department(id="van-phong", name="Văn phòng HĐND và UBND")],
        )
    )
]
IDLE: Any = {"registry_offset": 7, "works": []}


class Processing:
    """Answers as told, and keeps what it was asked."""

    def __init__(self, answers: Answers) -> None:
        self._answers = {path: _again(list(told)) for path, told in answers.items()}
        self.asked: list[httpx.Request] = []

    def recalculation(self) -> Recalculation:
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        return Recalculation(ProcessingApi(http, URL))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = next(self._answers[request.url.path])
        return told if isinstance(told, httpx.Response) else httpx.Response(200, json=told)


def _again(told: list[Any]) -> Iterator[Any]:
    yield from told
    while True:
        yield told[-1]


def _printed(table: Table) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def test_a_preview_posts_entries_as_registry_files_write_them() -> None:
    row = EFFECT | {"unit": "24760-2025", "department": "van-phong"}
    answer = {"as_of": "2026-01-05T09:00:00+07:00", "seconds": 0.1, "total": EFFECT, "rows": [row]}
    processing = Processing({"/v1/registry/preview": [answer]})
    told = processing.recalculation().preview([DAY])
    (asked,) = processing.asked
    assert msgspec.json.decode(asked.content) == {
        "entries": [
            {
                "calendar_day": {
                    "layer": "CALENDAR_LAYER_NATIONAL",
                    "day": "2026-01-02",
                    "kind": "DAY_KIND_CLOSED",
                }
            }
        ]
    }
    assert (told.total.withdrawn, told.rows[0].unit) == (5, "24760-2025")


def test_restatements_are_those_of_later_entries_in_their_order() -> None:
    def told(first: int) -> dict[str, Any]:
        offsets = {"first_offset": str(first), "last_offset": str(first)}
        return offsets | {"id": f"restatement-{first}", "occurred_at": "", "crossing": "3"}

    answer = {"restatements": [told(9), told(8), told(4)]}
    found = Processing({"/v1/restatements": [answer]}).recalculation().restatements(8)
    assert [(one.first_offset, one.crossing) for one in found] == [(8, 3), (9, 3)]


def test_waiting_ends_when_the_offset_is_reached_and_every_state_is_published() -> None:
    processing = Processing(
        {
            "/v1/registry/progress": [
                {"registry_offset": 6, "works": []},
                {"registry_offset": 7, "works": [{"last_offset": 7}]},
                IDLE,
            ],
            "/v1/progress": [{"lag": 0, "unpublished": left} for left in (0, 9, 4, 0)],
        }
    )
    heard: list[tuple[bool, int]] = []
    wait_applied(
        processing.recalculation(), 7, lambda what, left: heard.append(("Tính" in what, left))
    )
    assert heard == [(True, 0), (True, 9), (False, 4)]


def test_waiting_has_an_end() -> None:
    processing = Processing(
        {"/v1/registry/progress": [IDLE], "/v1/progress": [{"lag": 0, "unpublished": 1}]}
    )
    with pytest.raises(CommandError, match="goes on by itself"):
        wait_applied(processing.recalculation(), 7, lambda _what, _left: None, seconds=0)


def test_a_refusal_is_told_in_its_own_words() -> None:
    refusal = httpx.Response(422, text="From 1 to 2,000 entries")
    processing = Processing({"/v1/registry/preview": [refusal]})
    with pytest.raises(CommandError, match="From 1 to 2,000 entries"):
        processing.recalculation().preview([])


def test_rows_come_with_the_most_changed_verdicts_first() -> None:
    rows = [
        EffectRow(unit="a", moved=9),
        EffectRow(unit="b", withdrawn=1),
        EffectRow(unit="c", withdrawn=1, appeared=2),
    ]
    assert [row.unit for row in by_weight(rows)] == ["c", "b", "a"]


def test_the_table_names_units_and_departments_and_says_how_many_lines_it_leaves_out() -> None:
    rows = [
        EffectRow(unit="24760-2025", department="van-phong", crossing=1_306, moved=8),
        EffectRow(unit="24751-2025"),
    ]
    total = Effect(crossing=1_306, moved=8)
    whole = _printed(effects_table(rows, total, Names(UNITS)))
    assert "Xã Quảng Tín" in whole
    assert "Văn phòng HĐND và UBND" in whole
    assert "24751-2025" in whole
    assert whole.count("1.306") == 2
    short = _printed(effects_table(rows, total, Names(UNITS), most=1))
    assert "24751-2025" not in short
    assert "1 dòng nữa" in short


def test_a_restatement_shows_old_and_new_figures_of_the_verdicts_that_there_are() -> None:
    told = Restatement(
        id="restatement-635-636",
        occurred_at="2026-01-05T09:00:00+07:00",
        first_offset=635,
        last_offset=636,
        before=Verdicts(open_overdue=154, open_other=883),
        after=Verdicts(open_overdue=1, open_other=1_036),
    )
    shown = _printed(restatement_table(told))
    (overdue,) = [line for line in shown.splitlines() if "Đang giải quyết, quá hạn" in line]
    assert [cell.strip() for cell in overdue.split("│")[2:5]] == ["154", "1", "−153"]
    assert "trước hạn" not in shown
