"""`motcua grafana sync` with a real registry topic and a Grafana that minds its description."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from motcua_cli.main import app
from typer.testing import CliRunner, Result

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "samples/dak-rlap-2020/registry"
sys.path.insert(0, str(ROOT / "libs/grafana/tests"))

from grafana_stub import TOKEN, GrafanaStub, described, minding  # noqa: E402

runner = CliRunner()


@pytest.fixture
def stub() -> Iterator[GrafanaStub]:
    with minding(described()) as one:
        yield one


@pytest.fixture
def registry(kafka_bootstrap: str) -> str:
    for command in (["topics", "apply"], ["registry", "apply", str(REGISTRY)]):
        done = runner.invoke(app, [*command, "--bootstrap", kafka_bootstrap])
        assert done.exit_code == 0, done.output
    return kafka_bootstrap


def sync(stub: GrafanaStub, bootstrap: str, *more: str, knows: str = TOKEN) -> Result:
    words = ["grafana", "sync", "--url", stub.url, "--bootstrap", bootstrap, *more]
    return runner.invoke(app, words, env={"MOTCUA_GRAFANA_TOKEN": knows})


def test_a_dry_run_lists_and_changes_nothing_a_run_does_it_and_a_third_has_nothing_to_do(
    stub: GrafanaStub, registry: str
) -> None:
    dry = sync(stub, registry, "--dry-run")
    assert dry.exit_code == 3, dry.output
    assert stub.changes() == []
    listed = re.search(r"([\d,]+) things to do", dry.output)
    done = sync(stub, registry)
    assert done.exit_code == 0, done.output
    assert listed
    assert f"{listed[1]} things done" in done.output
    assert len(stub.changes()) == int(listed[1].replace(",", ""))
    assert any("(24733" in folder["title"] for folder in stub.grafana.folders.values())
    again = sync(stub, registry, "--dry-run")
    assert again.exit_code == 0, again.output
    assert "Grafana đã đúng như danh mục" in again.output
    assert TOKEN not in dry.output + done.output + again.output


def test_what_grafana_refuses_is_told_with_its_reason_and_exit_code_1(
    stub: GrafanaStub, registry: str
) -> None:
    assert sync(stub, registry).exit_code == 0
    board: Any = next(iter(stub.grafana.boards.values()))
    board.provisioned = True
    board.messages.append("sửa tay")
    refused = sync(stub, registry, "--library", "grafana-client")
    assert refused.exit_code == 1
    assert "Cannot save provisioned dashboard" in refused.output


def test_a_wrong_token_is_one_sentence_that_does_not_hold_it(
    stub: GrafanaStub, registry: str
) -> None:
    wrong = sync(stub, registry, knows="glsa_wrong")
    assert wrong.exit_code == 1
    assert "401" in wrong.output
    assert "glsa_wrong" not in wrong.output
    assert "Traceback" not in wrong.output


def test_without_a_token_or_with_a_strange_url_nothing_is_asked(
    stub: GrafanaStub, tmp_path: Path
) -> None:
    missing = sync(stub, "127.0.0.1:1", knows="")
    assert "MOTCUA_GRAFANA_TOKEN" in missing.output
    file = {"MOTCUA_GRAFANA_TOKEN_FILE": str(tmp_path / "none")}
    unread = runner.invoke(app, ["grafana", "sync", "--url", stub.url], env=file)
    strange = runner.invoke(
        app, ["grafana", "sync", "--url", "ftp://x"], env={"MOTCUA_GRAFANA_TOKEN": TOKEN}
    )
    assert [one.exit_code for one in (missing, unread, strange)] == [1, 1, 1]
    assert stub.asked == []
