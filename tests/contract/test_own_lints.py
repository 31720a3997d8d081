"""The project's own lints find what they forbid, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTS = ROOT / "scripts" / "lints.py"


def lint(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(LINTS), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def rules(tmp_path: Path, name: str, code: str) -> list[str]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, "utf-8")
    _, printed = lint(tmp_path)
    path.unlink()
    return [line.split(": ")[1] for line in printed.splitlines()]


IMPURE = [
    "import time\ntime.time()",
    "import time as t\nt.time_ns()",
    "from time import time\ntime()",
    "from datetime import datetime\ndatetime.now()",
    "import datetime\ndatetime.datetime.now()",
    "from datetime import date as day\nnow = day.today",
    "import random\nrandom.random()",
    "from random import choice\nchoice([1])",
    "from uuid import uuid4\nuuid4()",
    "import os\nos.environ['A']",
    "from os import environ\nenviron['A']",
]


@pytest.mark.parametrize("code", IMPURE)
def test_the_domain_and_the_kernel_read_no_clock_chance_or_environment(
    tmp_path: Path, code: str
) -> None:
    assert rules(tmp_path, "x/domain/m.py", code) == ["no-wall-clock"]
    assert rules(tmp_path, "motcua_kernel/m.py", code) == ["no-wall-clock"]
    assert rules(tmp_path, "x/entrypoints/m.py", code) == []
    assert rules(tmp_path, "x/domain/tests/m.py", code) == []


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date, datetime\ndate(2026, 1, 1), datetime.fromisoformat('x')",
        "from uuid import UUID\nUUID(int=1)",
        "class Clock:\n    def time(self): ...\nClock().time()",
        "time = 1\nprint(time)",
    ],
)
def test_values_of_time_are_welcome(tmp_path: Path, code: str) -> None:
    assert rules(tmp_path, "x/domain/m.py", code) == []


@pytest.mark.parametrize("caught", ["", " Exception", " (ValueError, Exception)"])
def test_everything_is_caught_in_entry_points_only(tmp_path: Path, caught: str) -> None:
    code = f"try:\n    pass\nexcept{caught}:\n    pass\n"
    assert rules(tmp_path, "x/adapters/m.py", code) == ["no-catch-all"]
    assert rules(tmp_path, "x/entrypoints/m.py", code) == []
    assert (
        rules(tmp_path, "x/adapters/m.py", code.replace(f"except{caught}", "except OSError")) == []
    )


def test_an_error_may_be_caught_to_be_raised_again(tmp_path: Path) -> None:
    code = "try:\n    pass\nexcept Exception:\n    close()\n    raise\n"
    assert rules(tmp_path, "x/adapters/m.py", code) == []


def test_no_consumer_starts_at_the_end(tmp_path: Path) -> None:
    code = "subscribe(auto_offset_reset='{}')"
    assert rules(tmp_path, "x/m.py", code.format("latest")) == ["no-latest"]
    assert rules(tmp_path, "x/m.py", code.format("earliest")) == []


def test_no_file_is_longer_than_400_lines(tmp_path: Path) -> None:
    assert rules(tmp_path, "x/m.py", "x = 1\n" * 401) == ["too-long"]
    assert rules(tmp_path, "x/m.py", "x = 1\n" * 400) == []


def test_the_repository_is_clean() -> None:
    done = subprocess.run([sys.executable, str(LINTS)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
