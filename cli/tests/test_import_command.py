"""`motcua import` against an intake that is served here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml
from motcua_cli.commands import import_table as command
from motcua_cli.main import app
from typer.testing import CliRunner

if TYPE_CHECKING:
    from pathlib import Path

TABLE: dict[str, Any] = {
    "kind": "table",
    "format": "xlsx",
    "sheet": "Hồ sơ",
    "columns": [{"field": "dossier", "header": "Mã hồ sơ"}],
}
TOTALS = {
    "rows": 2,
    "rows_accepted": 1,
    "rows_repeated": 0,
    "rows_rejected": 1,
    "events_accepted": 3,
    "events_repeated": 0,
    "next_row": 5,
}
FAULT = {
    "field": "/received_at",
    "column": "Ngày tiếp nhận",
    "rule": "date",
    "expected": "một ngày",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "bang.csv"
    path.write_text("Mã hồ sơ\n", "utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response, *arguments: str) -> Any:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/publisher":
            return httpx.Response(200, json={"id": "xa-24733"})
        request.read()
        return answer

    def client(_url: str, seconds: float) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(respond), timeout=seconds)

    monkeypatch.setattr(command, "client_of", client)
    return CliRunner().invoke(app, ["import", *arguments])


def lines(*documents: dict[str, Any]) -> httpx.Response:
    text = b"\n".join(httpx.Response(200, json=one).content for one in documents)
    return httpx.Response(200, content=text)


def test_totals_are_told(monkeypatch: pytest.MonkeyPatch, table: Path) -> None:
    good = TOTALS | {"rows_rejected": 0}
    result = run(
        monkeypatch, lines(TABLE, {"kind": "summary", "totals": good}), str(table), "--dry-run"
    )
    assert result.exit_code == 0, result.output
    assert "Sẽ nhận 3 sự kiện từ 2 dòng" in result.output


def test_rows_with_faults_are_told_and_fail_the_command(
    monkeypatch: pytest.MonkeyPatch, table: Path
) -> None:
    row = {"kind": "row", "row": 4, "status": "rejected", "faults": [FAULT]}
    answer = lines(TABLE, row, {"kind": "summary", "totals": TOTALS})
    result = run(monkeypatch, answer, str(table))
    assert result.exit_code == 1
    assert "Ngày tiếp nhận: một ngày" in result.output


def test_an_import_that_stopped_names_the_row_to_go_on_from(
    monkeypatch: pytest.MonkeyPatch, table: Path
) -> None:
    stopped = {"kind": "stopped", "totals": TOTALS, "next_row": 5, "problem": {"title": "vắng"}}
    result = run(monkeypatch, lines(TABLE, stopped), str(table))
    assert result.exit_code == 1
    assert "--from-row 5" in result.stderr


def test_a_refused_table_tells_which_headers_are_missing(
    monkeypatch: pytest.MonkeyPatch, table: Path
) -> None:
    problem = {"type": "urn:motcua:problem:headers", "missing": {"dossier": ["Mã hồ sơ"]}}
    answer = httpx.Response(422, json=problem, headers={"Content-Type": "application/problem+json"})
    result = run(monkeypatch, answer, str(table))
    assert result.exit_code == 1
    assert "dossier (Mã hồ sơ)" in result.stderr


def test_a_mapping_can_be_made_from_a_table(monkeypatch: pytest.MonkeyPatch, table: Path) -> None:
    result = run(monkeypatch, lines(TABLE), str(table), "--save-mapping", "igate")
    (entry,) = yaml.safe_load(result.stdout)
    assert entry["importMapping"] == {
        "publisher": "xa-24733",
        "name": "igate",
        "source": "/xa-24733/import",
        "sheet": "Hồ sơ",
        "columns": TABLE["columns"],
    }
