"""The generated code is up to date, and the schemas can only grow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROTO = ROOT / "proto"
CHECK = ROOT / "scripts" / "check_proto.sh"


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*.py*")
        if path.suffix in {".py", ".pyi"}
    }


def test_the_generated_code_is_that_of_the_schemas(tmp_path: Path) -> None:
    environment = os.environ | {"MOTCUA_PYTHON_BIN": str(Path(sys.executable).parent)}
    subprocess.run(
        [PROTO / "generate.sh", tmp_path], check=True, env=environment, capture_output=True
    )
    generated = files(tmp_path / "motcua")
    assert generated == files(PROTO / "python" / "motcua")
    assert len(generated) == 2 * len(list((PROTO / "motcua").rglob("*.proto")))


def check(proto: Path, against: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the schema check on a copy of `proto`."""
    if shutil.which("npm") is None and os.environ.get("CI") != "true":
        pytest.skip("npm, which brings buf, is not installed")
    arguments = [CHECK] if against is None else [CHECK, against]
    environment = os.environ | {"MOTCUA_PROTO": str(proto)}
    return subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the schemas to be changed."""
    copy = tmp_path / "proto"
    shutil.copytree(PROTO / "motcua", copy / "motcua")
    shutil.copy(PROTO / "buf.yaml", copy)
    return copy


def replace(proto: Path, old: str, new: str) -> None:
    path = proto / "motcua" / "dossier" / "v1" / "events.proto"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


RESULT = "  string result_code = 1; // mã giấy tờ kết quả, KQ.G15.000031\n"


def test_the_schemas_pass_against_the_last_commit() -> None:
    done = check(PROTO)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_field_may_be_added(changed: Path) -> None:
    replace(changed, RESULT, RESULT + "  string decision_code = 2;\n")
    done = check(changed, PROTO)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "new", ["", RESULT.replace("string", "bytes"), RESULT.replace("= 1", "= 2")]
)
def test_a_removed_retyped_or_renumbered_field_is_refused(changed: Path, new: str) -> None:
    replace(changed, RESULT, new)
    done = check(changed, PROTO)
    assert done.returncode != 0
    assert "events.proto" in done.stdout + done.stderr
    assert "result_code" in done.stdout + done.stderr


def test_a_name_against_the_style_is_refused(changed: Path) -> None:
    replace(changed, RESULT, RESULT + "  string decisionCode = 2;\n")
    done = check(changed, PROTO)
    assert done.returncode != 0
    assert "lower_snake_case" in done.stdout + done.stderr
