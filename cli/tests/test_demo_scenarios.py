"""The parts of the scenarios that need no running system."""

from pathlib import Path

import pytest
from motcua_cli.demo.checks import Checks
from motcua_cli.demo.communes import Counts, of_departments, of_gauges, total_of
from motcua_cli.demo.figures import DepartmentFigures, Figures, Question
from motcua_cli.demo.gauges import expected_gauges, read_gauges_by_unit
from motcua_cli.demo.stage import emptied, must_be_empty
from motcua_cli.errors import CommandError
from motcua_cli.stack import StackError
from motcua_cli.stack.lock import FolderLock
from msgspec.structs import asdict

EXPOSITION = """\
# TYPE motcua_dossiers_in_progress gauge
motcua_dossiers_in_progress{unit="24760-2025",department="a",timing="overdue"} 3.0
motcua_dossiers_in_progress{unit="24760-2025",department="b",timing="overdue"} 4.0
motcua_dossiers_in_progress{unit="24751-2025",department="a",timing="within"} 5.0
motcua_dossiers_in_progress{unit="24733-2025",department="a",timing="within"} 0.0
"""


def test_gauges_are_read_by_unit_and_units_without_dossiers_are_left_out() -> None:
    gauges = read_gauges_by_unit(EXPOSITION)
    assert gauges["24760-2025"]["in_progress.overdue"] == 7
    assert of_gauges(gauges) == {
        "24760-2025": Counts(in_progress=7, overdue=7),
        "24751-2025": Counts(in_progress=5),
    }


def test_the_api_and_the_gauges_are_counted_alike(figures: Figures) -> None:
    counts = Counts.of_api(figures)
    assert Counts.of_gauges(expected_gauges(figures)) == counts
    assert str(counts) == "11.960 / 10.870 / 455 / 20"


def test_departments_of_a_unit_are_added_up(figures: Figures) -> None:
    rows = [
        DepartmentFigures(**asdict(figures), unit=unit, department=department)
        for unit, department in (("a", "x"), ("a", "y"), ("b", "x"))
    ]
    units = of_departments(rows)
    assert units["a"].received == 2 * figures.received
    assert total_of(units).in_progress == 3 * 455


def test_a_check_that_does_not_hold_is_counted_and_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    checks = Checks()
    checks.equal("Số đơn vị", "communes", 3, 3, 3)
    checks.that("Khớp", "agrees", holds=True)
    checks.none("Giống nhau", "alike", [])
    assert checks.failed == 0
    checks.equal("Số đơn vị", "communes", 3, 3, 11)
    checks.that("Khớp", "agrees", holds=False)
    checks.none("Giống nhau", "alike", ["24760: 3 ≠ 4"])
    assert checks.failed == 3
    told = capsys.readouterr().out
    assert "✗ Số đơn vị: 3 ≠ 3 ≠ 11" in told
    assert "24760: 3 ≠ 4" in told


def test_a_question_names_its_view_only_where_it_has_one(figures: Figures) -> None:
    day = figures.as_of_day
    plain = Question("666", day, day).query()
    assert plain == {"unit": "666", "from": "2020-10-30", "to": "2020-10-30"}
    assert Question("666", day, day, "as_now").query() == plain | {"view": "as_now"}


def test_what_an_earlier_run_left_is_removed_but_not_under_a_running_stack(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "keys.json").write_text("{}")
    assert emptied(tmp_path) == tmp_path
    assert [one.name for one in tmp_path.iterdir()] == [".lock"]
    with FolderLock(tmp_path / "kafka"), pytest.raises(StackError):
        emptied(tmp_path)


def test_a_named_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    assert must_be_empty(tmp_path / "new") == tmp_path / "new"
    (tmp_path / "letters").touch()
    with pytest.raises(CommandError):
        must_be_empty(tmp_path)
