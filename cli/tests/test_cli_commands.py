"""The commands as a user meets them: exit codes, one sentence for a failure, no traceback."""

from collections.abc import Generator
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient, NewPartitions
from motcua_cli.main import app
from motcua_cli.stack import KafkaServer
from motcua_contracts.topics import QUARANTINE, topics
from typer.testing import CliRunner, Result

NOBODY = "127.0.0.1:1"
UNITS = """\
- unit: {id: "67", code: "67", name: "Tỉnh Đắk Nông", level: UNIT_LEVEL_PROVINCE}
- unit: {id: "666", code: "666", name: "Huyện", level: UNIT_LEVEL_DISTRICT, parent: "67"}
- working_week:
    first_day: "2020-01-01"
    last_day: "2020-12-31"
    days: [{windows: [{start_minute: 450, end_minute: 690}]}, {}, {}, {}, {}, {}, {}]
"""


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    file = tmp_path / "units.yaml"
    file.write_text(UNITS, "utf-8")
    return file


def test_without_kafka_a_command_says_one_sentence_and_ends_with_1(units: Path) -> None:
    done = _run("registry", "diff", str(units), "--bootstrap", NOBODY)
    assert done.exit_code == 1
    (line,) = done.output.splitlines()
    assert line.startswith("Lỗi: ")
    assert "does not answer" in line


def test_files_are_checked_without_kafka(units: Path) -> None:
    assert _run("registry", "check", str(units)).exit_code == 0
    units.write_text(UNITS.replace('parent: "67"', 'parent: "68"'), "utf-8")
    done = _run("registry", "check", str(units))
    assert done.exit_code == 1
    told, summary = done.output.splitlines()
    assert told.startswith(f"{units}:2: [unit.parent] unit.parent '68' không có trong danh mục")
    assert summary == "Lỗi: Danh mục có 1 lỗi.  ·  Invalid registry: 1 fault"


def test_publishing_a_missing_file_ends_with_1(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    missing = str(tmp_path / "year.jsonl")
    assert _run("publish", missing, "--keys", str(keys)).exit_code == 1
    assert _run("publish", str(keys), "--keys", missing).exit_code == 1


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server.bootstrap


@pytest.mark.real
def test_topics_and_registry_are_applied_once(bootstrap: str, units: Path) -> None:
    to = ("--bootstrap", bootstrap)
    assert _run("registry", "apply", str(units), *to).exit_code == 1  # no topic yet
    assert "created" in _run("topics", "apply", *to).output
    assert _run("topics", "apply", *to).output.count("unchanged") == len(topics())
    assert _run("topics", "list", *to).output.count("as declared") == len(topics())
    assert "3 of 3 entries written" in _run("registry", "apply", str(units), *to).output
    assert "0 of 3 entries written" in _run("registry", "apply", str(units), *to).output
    units.write_text(UNITS.replace("Huyện", "Huyện Đắk R'Lấp"), "utf-8")
    assert "~ unit:666  name" in _run("registry", "diff", str(units), *to).output
    assert "1 of 3 entries written" in _run("registry", "apply", str(units), *to).output


@pytest.mark.real
def test_the_clock_is_frozen_and_goes_on_from_where_it_stood(bootstrap: str) -> None:
    to = ("--bootstrap", bootstrap)
    _run("topics", "apply", *to)
    frozen = _run("clock", "freeze", "2020-10-30T17:00:00+07:00", *to)
    assert "2020-10-30T17:00:00+07:00" in frozen.output
    assert _run("clock", "show", *to).output == frozen.output
    assert "2020-10-30T17:00:0" in _run("clock", "run", *to).output


@pytest.mark.real
def test_a_topic_with_another_partition_count_is_refused(bootstrap: str) -> None:
    to = ("--bootstrap", bootstrap)
    _run("topics", "apply", *to)
    client = KafkaAdminClient(bootstrap_servers=[bootstrap])
    client.create_partitions({QUARANTINE: NewPartitions(2)})
    client.close()
    done = _run("topics", "apply", *to)
    assert done.exit_code == 1
    assert "other partition count" in _run("topics", "list", *to).output
