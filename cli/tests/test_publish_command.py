"""`motcua publish`: a file through a spool, over and over, to an intake served here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from motcua_cli.main import app
from motcua_cli.publishing.file_events import spool_file
from motcua_client import Spool
from motcua_client import async_client as client_module
from motcua_client.requests import async_http
from motcua_client.retrying import Pace
from motcua_client.testing import BUSY, FakeIntake
from typer.testing import CliRunner


def event(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": f"e-{number}", "subject": f"d-{number % 7}", "data": ""} | changes


def write(path: Path, *events: dict[str, Any] | str, mode: str = "w") -> None:
    with path.open(mode, encoding="utf-8") as file:
        for one in events:
            file.write((one if isinstance(one, str) else json.dumps(one)) + "\n")


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> FakeIntake:
    served = FakeIntake(rejects=lambda one: one["data"] == "bad")

    def http(url: str, pace: Pace, _: object) -> httpx.AsyncClient:
        return async_http(url, pace, served.async_transport())

    monkeypatch.setattr(client_module, "async_http", http)
    monkeypatch.setenv("MOTCUA_KEY", "key")
    return served


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    write(path, *(event(number) for number in range(1_200)))
    return path


def run(tmp_path: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["publish", *arguments, "--spool", str(tmp_path / "spool")])


def test_a_file_is_published_whole_and_the_second_time_nothing_is_sent(
    intake: FakeIntake, file: Path, tmp_path: Path
) -> None:
    result = run(tmp_path, str(file))
    assert result.exit_code == 0, result.output
    assert "Đã tiếp nhận 1.200 sự kiện" in result.output
    assert len(intake.journal) == 1_200
    before = len(intake.requests)
    assert run(tmp_path, str(file)).exit_code == 0
    assert len(intake.requests) == before


def test_a_file_that_has_grown_goes_on_where_it_ended(
    intake: FakeIntake, file: Path, tmp_path: Path
) -> None:
    run(tmp_path, str(file))
    write(file, event(5_000), mode="a")
    result = run(tmp_path, str(file))
    assert "Đã tiếp nhận 1 sự kiện" in result.output
    assert intake.requests[-1] == [event(5_000)]


def test_a_file_whose_beginning_has_changed_is_read_anew(
    intake: FakeIntake, file: Path, tmp_path: Path
) -> None:
    run(tmp_path, str(file))
    write(file, event(9_000), *(event(number) for number in range(1_200)))
    result = run(tmp_path, str(file))
    assert "Đã tiếp nhận 1 sự kiện, 1.200 đã có" in result.output
    assert len(intake.journal) == 1_201


def test_what_was_spooled_is_sent_when_intake_is_back(
    intake: FakeIntake, file: Path, tmp_path: Path
) -> None:
    intake.fates = [BUSY] * 8
    away = run(tmp_path, str(file), "--patience", "1")
    assert away.exit_code == 1
    assert "chạy lại đúng lệnh này" in away.stderr
    intake.fates = []
    file.unlink()
    result = run(tmp_path)
    assert "Đã tiếp nhận 1.200 sự kiện" in result.output


def test_rejected_events_and_lines_that_are_no_event_are_named_and_set_aside(
    intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.ndjson"
    write(path, event(1), "{ no json", "", event(2, data="bad"), event(3))
    result = run(tmp_path, str(path))
    assert result.exit_code == 1
    assert "e-2 /subject [dossier-code]: mã hồ sơ" in result.output
    assert "? [json]" in result.output
    assert list(intake.journal) == ["e-1", "e-3"]
    again = run(tmp_path, str(path), "--try-again")
    assert again.exit_code == 1
    assert "e-2" in again.output
    with Spool(tmp_path / "spool") as spool:
        assert {one.event.body for one in spool.set_aside()} == {
            b"{ no json",
            json.dumps(event(2, data="bad")).encode(),
        }


def test_without_a_key_the_events_wait_in_the_spool(
    intake: FakeIntake, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MOTCUA_KEY")
    result = run(tmp_path, str(file))
    assert result.exit_code == 1
    assert "MOTCUA_KEY" in result.stderr
    assert not intake.requests


def test_a_reading_that_was_killed_goes_on_after_the_last_commit(
    file: Path, tmp_path: Path
) -> None:
    class Killed(Exception):  # noqa: N818
        pass

    def dies(count: int) -> None:
        if count:
            raise Killed

    with Spool(tmp_path / "spool") as spool:
        with pytest.raises(Killed):
            spool_file(spool, file, dies)
        assert spool.waiting() == 1_000
        spool_file(spool, file, lambda _: None)
        assert [one.id for one in spool.take(limit=2_000)] == [f"e-{n}" for n in range(1_200)]
