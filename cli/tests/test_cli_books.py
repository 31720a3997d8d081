"""`motcua topics adopt` and `motcua rebuild` on real parts."""

import subprocess
import sys

import pytest
from motcua_cli.local.services import environment
from motcua_cli.main import app
from motcua_contracts.topics import is_event_topic, topics
from typer.testing import CliRunner

pytestmark = pytest.mark.real

runner = CliRunner()


@pytest.fixture
def migrated(kafka_bootstrap: str, database_url: str) -> dict[str, str]:
    """Topics and tables; the environment that names them."""
    names = {"KAFKA_BOOTSTRAP": kafka_bootstrap, "DATABASE_URL": database_url}
    subprocess.run(
        [sys.executable, "-m", "motcua_processing.migrate"], env=environment(names), check=True
    )
    assert runner.invoke(app, ["topics", "apply", "--bootstrap", kafka_bootstrap]).exit_code == 0
    return {f"MOTCUA_{name}": value for name, value in names.items()}


def test_adopting_the_events_topic_names_its_partitions(migrated: dict[str, str]) -> None:
    done = runner.invoke(app, ["topics", "adopt"], env=migrated)
    assert done.exit_code == 0, done.output
    partitions = sum(one.partitions for one in topics().values() if is_event_topic(one.name))
    assert f"{partitions} partitions adopted" in done.output


def test_a_rebuild_says_what_differed(migrated: dict[str, str]) -> None:
    done = runner.invoke(app, ["rebuild"], env=migrated)
    assert done.exit_code == 0, done.output
    assert "changed=0, missing=0" in " ".join(done.output.split())


def test_a_database_that_is_away_is_one_sentence(migrated: dict[str, str]) -> None:
    away = migrated | {"MOTCUA_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/motcua"}
    done = runner.invoke(app, ["topics", "adopt"], env=away)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
