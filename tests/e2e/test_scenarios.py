"""The two scenarios of Lâm Đồng, and the commands that they show, on the live stack."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from final_figures import assert_exact
from flow import hand_in
from gauges_read import read_gauges
from sample_share import share
from stack_under_fault import Stack
from waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults]

_SECONDS = 240
_NO_STACK = "Không dựng được hệ thống tại chỗ"
CLOSED = "".join(
    f"""\
- calendar_day:
    layer: CALENDAR_LAYER_NATIONAL
    day: "2020-10-{day}"
    kind: DAY_KIND_CLOSED
    reference: "a closure of this test"
"""
    for day in (19, 20, 21, 22, 23, 26, 27, 28, 29)
)

SUSPENDED = """\
- suspension:
    id: flood
    units: ["666"]
    first_day: "2020-02-03"
    last_day: "2020-08-31"
    reference: "a suspension of this test"
"""
_VERDICT = re.compile(r"│ (Đã giải quyết|Đang giải quyết|Rút, dừng)")
PROCEDURES = Path(__file__).parents[2] / "samples/dak-rlap-2020/registry/procedures.yaml"


@pytest.fixture
def folder() -> Generator[Path]:
    """Not pytest's own, which is closed to other accounts, PostgreSQL's among them."""
    with TemporaryDirectory(prefix="motcua-tests-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _motcua(*words: str, code: int = 0) -> str:
    """What `motcua` prints; without the parts of a stack a test is skipped, but never in CI."""
    done = subprocess.run(
        (sys.executable, "-c", "from motcua_cli.main import app; app()", *words),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if _NO_STACK in done.stderr and os.environ.get("CI") != "true":
        pytest.skip(done.stderr)
    assert done.returncode == code, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def test_the_swap_day_does_what_its_preview_says_and_only_once(folder: Path) -> None:
    told = _motcua("demo", "--scenario", "swap-day", "--exit", "--data", str(folder))
    assert "✗" not in told
    (fall,) = re.findall(r"✓ Quá hạn giảm: xem trước, điều chỉnh, chỉ số: (\d+)", told)
    open_overdue = [int(one) for one in re.findall(r"quá hạn (\d+); năm 2026", told)]
    resolved = [int(one) for one in re.findall(r"đã giải quyết quá hạn (\d+)\.", told)]
    assert len(open_overdue) == len(resolved) == 2
    assert open_overdue[0] - open_overdue[1] + resolved[0] - resolved[1] == int(fall) > 0
    assert "Nothing to do" in told


def test_eleven_communes_become_three_and_every_total_agrees(folder: Path) -> None:
    told = _motcua("demo", "--scenario", "merger", "--exit", "--data", str(folder))
    assert "✗" not in told
    assert "✓ Theo đơn vị khi đó: 11" in told
    assert "✓ Theo đơn vị hiện nay: 3" in told
    assert told.count("totals as now, as then, and of the gauges") == 3


def test_a_closure_is_previewed_applied_and_then_there_is_nothing_to_do(
    own_stack: Stack, folder: Path
) -> None:
    hand_in(own_stack, share(0, 40))
    assert_exact(own_stack)
    before = read_gauges(own_stack.addresses.metrics).timings["overdue"]
    file = folder / "closed.yaml"
    file.write_text(CLOSED, "utf-8")
    where = (
        "--url",
        own_stack.addresses.processing,
        "--bootstrap",
        own_stack.servers.kafka.bootstrap,
    )

    told = _motcua("calendar", "preview", str(file), *where)
    crossing, moved, withdrawn, appeared = _total(told)
    assert crossing >= moved > 0
    assert _total(_motcua("calendar", "preview", str(file), *where)) == _total(told)

    applied = _motcua("calendar", "apply", str(file), "--yes", *where)
    assert _total(applied) == _total(told)
    (line,) = [line for line in applied.splitlines() if "Đang giải quyết, quá hạn" in line]
    was, has_become, _ = _numbers(line)
    assert was > has_become
    until(
        "the gauges have followed",
        lambda: (
            read_gauges(own_stack.addresses.metrics).timings["overdue"] == before - was + has_become
        ),
        30,
    )
    assert withdrawn > appeared == 0
    again = _motcua("calendar", "apply", str(file), *where)
    assert "Nothing to do" in again
    assert "Điều chỉnh" not in again


def test_a_suspension_and_a_corrected_procedure_restate_what_their_previews_say(
    own_stack: Stack, folder: Path
) -> None:
    where = (
        "--url",
        own_stack.addresses.processing,
        "--bootstrap",
        own_stack.servers.kafka.bootstrap,
    )
    corrected = PROCEDURES.read_text("utf-8").replace("_minutes: 4800}", "_minutes: 7200}")
    all_withdrawn = 0
    for name, text in (("suspended.yaml", SUSPENDED), ("corrected.yaml", corrected)):
        file = folder / name
        file.write_text(text, "utf-8")
        previewed = _motcua("calendar", "preview", str(file), *where)
        crossing, moved, withdrawn, appeared = _total(previewed)
        assert crossing >= moved > 0
        applied = _motcua("calendar", "apply", str(file), "--yes", *where)
        restated = {line: _numbers(line) for line in applied.splitlines() if _VERDICT.search(line)}
        assert sum(before for before, _, _ in restated.values()) == crossing
        assert sum(after for _, after, _ in restated.values()) == crossing
        overdue = [counts for line, counts in restated.items() if "quá hạn / " in line]
        assert sum(before - after for before, after, _ in overdue) == withdrawn - appeared
        assert "Nothing to do" in _motcua("calendar", "apply", str(file), *where)
        all_withdrawn += withdrawn
    assert all_withdrawn > 0


def _total(told: str) -> list[int]:
    """The numbers of the table's last line."""
    (line,) = [line for line in told.splitlines() if "Tổng cộng / total" in line]
    return _numbers(line)


def _numbers(line: str) -> list[int]:
    return [int(one.replace(".", "")) for one in re.findall(r"\d[\d.]*", line)]
