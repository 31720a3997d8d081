"""An exported table through the endpoint, read by the real reading process."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_intake.domain.tables.cells import folded, moment_of, text_of
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.import_mapping import ImportColumn, ImportMapping
from motcua_kernel.instant import format_local
from openpyxl import Workbook

if TYPE_CHECKING:
    import httpx
    from motcua_intake.testing import FakeEventLog, FakeRegistrySource

HEADERS = (
    "STT",
    "Mã hồ sơ",
    "Mã TTHC",
    "Người nộp",
    "Hình thức nộp",
    "Đơn vị xử lý",
    "Ngày tiếp nhận",
    "Ngày kết thúc xử lý",
    "Ngày trả kết quả",
    "Trạng thái",
)
DONE = (
    "1",
    "000.00.31.H16-200106-0001",
    "1.000894",
    "Nguyễn Văn Mẫu",
    "Trực tiếp",
    "Thị trấn Kiến Đức",
    "06/01/2020 08:15",
    "08/01/2020",
    "09/01/2020 14:00:30",
    "Đã trả kết quả",
)
OPEN = (
    "2",
    "000.00.31.H16-200107-0002",
    "1.000894",
    "Trần Thị Mẫu",
    "Qua bưu điện",
    "huyện đắk r'lấp",
    "07/01/2020",
    "",
    "",
    "Đang xử lý",
)
TITLE = ("DANH SÁCH HỒ SƠ", *[""] * 9)


def a_csv(*rows: tuple[str, ...], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def an_xlsx(*rows: tuple[object, ...], sheet: str = "Hồ sơ") -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def send(client: httpx.AsyncClient, body: bytes, **query: Any) -> list[dict[str, Any]]:
    response = await client.post("/v1/imports", content=body, params=query)
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def rows_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["kind"] == "row"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_csv_in_any_usual_form_becomes_events(
    client: httpx.AsyncClient, log: FakeEventLog, encoding: str, delimiter: str
) -> None:
    body = a_csv(TITLE, HEADERS, DONE, OPEN, delimiter=delimiter, encoding=encoding)
    lines = await send(client, body)
    assert lines[0]["kind"] == "table"
    assert (lines[0]["header_row"], lines[0]["delimiter"]) == (2, delimiter)
    assert rows_of(lines) == [
        {"kind": "row", "row": 3, "status": "accepted", "dossier": DONE[1], "accepted": 3},
        {"kind": "row", "row": 4, "status": "accepted", "dossier": OPEN[1], "accepted": 1},
    ]
    assert lines[-1]["kind"] == "summary"
    assert lines[-1]["totals"]["events_accepted"] == 4
    assert [(event.event_id, format_local(event.occurred_at)) for event in log.events] == [
        (f"import:received:{DONE[1]}", "2020-01-06T08:15:00+07:00"),
        (f"import:resolved:{DONE[1]}", "2020-01-08T16:00:00+07:00"),
        (f"import:returned:{DONE[1]}", "2020-01-09T14:00:30+07:00"),
        (f"import:received:{OPEN[1]}", "2020-01-07T08:00:00+07:00"),
    ]


async def test_the_words_of_old_vietnamese_windows_are_read(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    mapping = "Ma ho so;Ma TTHC;Ngay tiep nhan;Don vi\r\n{};1.000894;06/01/2020;huyện Đắk R'Lấp\r\n"
    text = (
        mapping.format(DONE[1])
        .replace("ệ", "ê\u0323")
        .replace("ấ", "â\u0301")
        .replace("ắ", "ă\u0301")
    )
    lines = await send(client, text.encode("cp1258"))
    assert lines[0]["encoding"] == "cp1258"
    assert rows_of(lines)[0]["status"] == "accepted", lines
    assert len(log.events) == 1


async def test_a_workbook_with_real_dates_and_numbers_becomes_the_same_events(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    done: list[object] = list(DONE)
    done[2] = 1.000894
    done[6] = datetime(2020, 1, 6, 8, 15)  # noqa: DTZ001 - a cell has local time
    done[7] = datetime(2020, 1, 8)  # noqa: DTZ001
    lines = await send(client, an_xlsx(TITLE, (), HEADERS, tuple(done), OPEN))
    assert (lines[0]["format"], lines[0]["sheet"], lines[0]["header_row"]) == ("xlsx", "Hồ sơ", 3)
    assert [row["status"] for row in rows_of(lines)] == ["accepted", "accepted"]
    await send(client, a_csv(HEADERS, DONE, OPEN))
    assert len(log.events) == 4, "the same rows in another form are repetitions"


async def test_a_workbook_that_lies_about_its_size_is_read_whole(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    whole = an_xlsx(HEADERS, DONE)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'))
    lines = await send(client, out.getvalue())
    assert [row["accepted"] for row in rows_of(lines)] == [3]
    assert len(log.events) == 3


async def test_the_same_table_twice_changes_nothing(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    await send(client, a_csv(HEADERS, DONE, OPEN))
    again = await send(client, a_csv(HEADERS, DONE, OPEN))
    assert [row["status"] for row in rows_of(again)] == ["repeated", "repeated"]
    assert len(log.events) == 4


async def test_a_later_export_adds_what_happened_since(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    await send(client, a_csv(HEADERS, OPEN))
    later = (*OPEN[:7], "10/01/2020", "", "Đã xử lý xong")
    (row,) = rows_of(await send(client, a_csv(HEADERS, later)))
    assert (row["accepted"], row["repeated"]) == (1, 1)
    assert log.events[-1].event_id == f"import:resolved:{OPEN[1]}"


async def test_a_row_that_says_otherwise_than_before_is_a_conflict_that_names_both(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    await send(client, a_csv(HEADERS, OPEN))
    other = (*OPEN[:6], "08/01/2020", *OPEN[7:])
    (row,) = rows_of(await send(client, a_csv(HEADERS, other)))
    (fault,) = row["faults"]
    assert (row["status"], fault["rule"]) == ("rejected", "conflict")
    assert fault["earlier"] != fault["given"]
    assert len(log.events) == 1


async def test_a_dry_run_answers_each_row_and_appends_nothing(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    lines = await send(client, a_csv(HEADERS, DONE, OPEN), dry_run=True)
    assert lines[0]["dry_run"]
    assert [row["status"] for row in rows_of(lines)] == ["accepted", "accepted"]
    assert log.events == []


async def test_a_backfill_marks_its_events(client: httpx.AsyncClient, log: FakeEventLog) -> None:
    await send(client, a_csv(HEADERS, OPEN), backfill=True)
    assert [event.backfill for event in log.events] == [True]


FAULTS = [
    (1, "không phải mã", "/dossier", "dossier-code"),
    (1, "", "/dossier", "required"),
    (2, "9.999999", "/procedure", "procedure"),
    (4, "bồ câu", "/channel", "channel-word"),
    (5, "Huyện Nào Đó", "/resolving_unit", "unit-word"),
    (5, "Huyện Đắk Mil", "/receiving_unit", "authority"),
    (6, "31/02/2020", "/received_at", "date"),
    (6, "01/01/1900", "/received_at", "default-date"),
    (6, "01/01/2031", "/resolved_at", "order"),
    (7, "", "/resolved_at", "end-date"),
    (7, "05/01/2020", "/resolved_at", "order"),
    (9, "bay mất rồi", "/status", "status-word"),
]


@pytest.mark.parametrize("case", FAULTS)
async def test_a_row_with_a_fault_is_rejected_whole_and_the_others_are_taken(
    client: httpx.AsyncClient, log: FakeEventLog, case: tuple[int, str, str, str]
) -> None:
    place, cell, field, rule = case
    bad = (*DONE[:place], cell, *DONE[place + 1 :])
    first, second = rows_of(await send(client, a_csv(HEADERS, bad, OPEN)))
    (fault,) = first["faults"]
    assert (first["status"], fault["field"], fault["rule"]) == ("rejected", field, rule)
    assert second["status"] == "accepted"
    assert {event.dossier for event in log.events} == {OPEN[1]}


async def test_no_person_of_a_table_reaches_the_log_or_the_answer(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    misplaced = (DONE[0], "Nguyễn Văn Mẫu", *DONE[2:])
    body = a_csv(HEADERS, DONE, misplaced)
    response = await client.post("/v1/imports", content=body)
    for told in (response.text, repr(log.events)):
        assert "Nguyễn" not in told
        assert "Mẫu" not in told


async def test_a_saved_mapping_names_columns_and_translates_words(
    client: httpx.AsyncClient, log: FakeEventLog, registry_source: FakeRegistrySource
) -> None:
    mapping = ImportMapping(
        "dak-rlap",
        "cu",
        (
            ImportColumn("dossier", "SBN"),
            ImportColumn("procedure", "TT", words=(("KH", "1.000894"),)),
            ImportColumn("received_at", "Nhận"),
            ImportColumn("resolving_unit", otherwise="24733"),
        ),
        "/dak-rlap/cu",
    )
    known = registry_source.registry
    registry_source.registry = known.with_entries([(99, mapping)])
    body = a_csv(("SBN", "TT", "Nhận"), (DONE[1], "kh", "06.01.2020"))
    (row,) = rows_of(await send(client, body, mapping="cu"))
    assert row["status"] == "accepted", row
    assert log.events[0].source == "/dak-rlap/cu"
    assert (await client.post("/v1/imports?mapping=khac", content=body)).status_code == 422


async def test_an_import_can_go_on_from_a_row(client: httpx.AsyncClient, log: FakeEventLog) -> None:
    lines = await send(client, a_csv(HEADERS, DONE, OPEN), from_row=3)
    assert [row["row"] for row in rows_of(lines)] == [3]
    assert len(log.events) == 1


async def test_when_the_log_is_away_the_last_line_names_the_row_to_go_on_from(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    log.is_away = True
    lines = await send(client, a_csv(HEADERS, DONE, OPEN))
    assert [line["kind"] for line in lines] == ["table", "stopped"]
    assert lines[-1]["next_row"] == 1
    assert lines[-1]["problem"]["type"] == "urn:motcua:problem:log-away"


async def test_only_rows_with_faults_are_told_where_asked(client: httpx.AsyncClient) -> None:
    bad = (*OPEN[:9], "?")
    lines = await send(client, a_csv(HEADERS, DONE, bad), answers="faults")
    assert [row["row"] for row in rows_of(lines)] == [3]


BROKEN = [
    (b"", "table"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "table"),
    (b"PK\x03\x04 no archive", "table"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\x8d", "table"),
    (a_csv(("a", "b"), ("1", "2")), "headers"),
    (an_xlsx(HEADERS, DONE)[:-200], "table"),
]


async def test_a_packed_table_is_refused_as_such(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/imports", content=a_csv(HEADERS, DONE), headers={"Content-Encoding": "gzip"}
    )
    assert (answer.status_code, answer.json()["expected"]) == (415, ["identity"])


@pytest.mark.parametrize(("body", "kind"), BROKEN)
async def test_what_is_no_table_gets_a_clear_answer(
    client: httpx.AsyncClient, body: bytes, kind: str
) -> None:
    response = await client.post("/v1/imports", content=body)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:motcua:problem:" + kind


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001 - local time
    st.sampled_from(
        ["%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"]
    ),
)
def test_every_way_of_writing_a_moment_means_the_same(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    expected = moment.isoformat() + "+07:00"
    found = moment_of("/x", moment.strftime(form), 0)
    assert found is not None
    assert format_local(found) == expected


@given(st.text(max_size=40))
def test_any_cell_is_a_moment_nothing_or_a_fault_that_names_its_rule(text: str) -> None:
    rule = ""
    found = None
    try:
        found = moment_of("/x", text_of(text), 480)
    except Rejected as error:
        rule = error.rule
    assert rule in {"", "date", "default-date"}
    assert found is None or datetime.fromtimestamp(found / 1000, UTC).year >= 1989


@given(st.text(max_size=40))
def test_folding_a_text_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
