"""Intake served here: the commands of the page run, and the probes find nothing wrong."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from motcua_cli.main import app
from motcua_cli.stack.paths import repository_root
from motcua_intake.bootstrap import build_app
from motcua_intake.settings import IntakeSettings
from motcua_intake.testing import KEY, FakeEventLog, FakeRegistrySource, fake_world
from motcua_platform.settings import read_settings
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from page_commands import Terminal, blocks_of

PAGE = repository_root() / "docs/clients.md"
_AT = "2020-10-30T08:00:00+07:00"


@pytest.fixture
def log() -> FakeEventLog:
    return FakeEventLog()


@pytest.fixture
def url(log: FakeEventLog) -> Generator[str]:
    """The URL of intake, all of it but Kafka."""
    settings = read_settings(IntakeSettings, {"MOTCUA_KAFKA_BOOTSTRAP": "localhost:1"})
    served = build_app(settings, fake_world(log, FakeRegistrySource()))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(served, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_commands_of_the_page_work_one_after_another(
    url: str, log: FakeEventLog, tmp_path: Path
) -> None:
    blocks = blocks_of(PAGE)
    assert [block.language for block in blocks] == ["sh", "sh", "python", "sh", "sh"]
    with Terminal(tmp_path, {"MOTCUA_URL": url, "MOTCUA_KEY": KEY}) as terminal:
        for block in blocks:
            done = terminal.run(block, tmp_path / "block")
            assert done.status == 0, (block.code, done.output)
    published = [event.event_id for event in log.events]
    assert [one for one in published if one[:2] in {"a-", "b-", "c-"}] == [
        "a-1",
        "a-2",
        "b-1",
        "c-1",
    ]
    assert not list((tmp_path / "outbox").iterdir())


def run(monkeypatch: pytest.MonkeyPatch, key: str, *arguments: str) -> Any:
    monkeypatch.setenv("MOTCUA_KEY", key)
    return CliRunner().invoke(app, ["conformance", *arguments])


def test_the_probes_find_nothing_wrong_with_our_own_door(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(monkeypatch, KEY, url, "--at", _AT)
    assert result.exit_code == 0, result.output
    assert result.output.count("ĐẠT · pass") == 12


def test_a_door_that_knows_no_such_procedure_fails_the_probe_that_needs_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(monkeypatch, KEY, url, "--at", _AT, "--procedure", "9.999999")
    assert result.exit_code == 1
    assert "/data/procedure procedure" in result.output


def test_a_wrong_key_is_said_in_one_sentence(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(monkeypatch, "mc_wrong", url)
    assert result.exit_code == 1
    assert "Lỗi" in result.stderr
