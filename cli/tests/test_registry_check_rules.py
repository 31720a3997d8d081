"""`motcua registry check`: each bad configuration is named with its file, line and rule."""

from pathlib import Path
from typing import NamedTuple

import pytest
from motcua_cli.main import app
from typer.testing import CliRunner

UNITS = """\
- unit: {id: "68", code: "68", name: "Tỉnh Lâm Đồng", level: UNIT_LEVEL_PROVINCE}
- unit:
    {id: "666", code: "666", name: "Huyện", level: UNIT_LEVEL_DISTRICT, parent: "68",
     departments: [{id: mot-cua, name: "Một cửa"}]}
- unit: {id: "24733", code: "24733", name: "Xã", level: UNIT_LEVEL_COMMUNE, parent: "666"}
"""
HOURS = "[{start_minute: 450, end_minute: 690}, {start_minute: 810, end_minute: 1050}]"
FIVE_DAYS = ", ".join(f"{{windows: {HOURS}}}" for _ in range(5))
WEEK = f"""\
- working_week:
    first_day: "2024-01-01"
    last_day: "2026-12-31"
    days: [{FIVE_DAYS}, {{}}, {{}}]
"""


class Bad(NamedTuple):
    """A configuration, and where and how it is refused."""

    text: str
    line: int
    rule: str
    told: str


def day(rest: str) -> str:
    return f"- calendar_day: {{layer: CALENDAR_LAYER_NATIONAL, {rest}}}\n"


def procedure(*lines: str, valid_from: str = "2024-01-01") -> str:
    """Three lines, then those given."""
    head = f'- procedure:\n    code: "1.000894"\n    valid_from: "{valid_from}"\n'
    return head + "".join(f"    {line}\n" for line in lines)


def limit(minutes: int, unit: str = "WORKING_DAYS", rest: str = "") -> str:
    return f"{{unit: LIMIT_UNIT_{unit}, statutory_minutes: {minutes}{rest}}}"


def steps(*budgets: int) -> str:
    listed = (f"{{id: b{n}, department: mot-cua, budget_minutes: {n}}}" for n in budgets)
    return f"steps: [{', '.join(listed)}]"


def week(*days: str, first: str = "2024-01-01", last: str = "2024-12-31") -> str:
    """A week of the commune: four lines, then a line a day."""
    head = (
        f'- working_week:\n    scope: "24733"\n    first_day: "{first}"\n    last_day: "{last}"\n'
    )
    return head + "    days:\n" + "".join(f"      - {one}\n" for one in days)


def commune(rest: str, id_: str = "24760") -> str:
    return (
        f'- unit:\n    id: "{id_}"\n    code: "24760"\n    name: "Xã"\n'
        f"    level: UNIT_LEVEL_COMMUNE\n" + "".join(f"    {line}\n" for line in rest.split("; "))
    )


PROMISED = ", channel: 2, committed_minutes: 960"
CLOSED = "{windows: []}"
OPEN = f"{{windows: {HOURS}}}"
ENDED = 'parent: "666"; valid_until: "2025-06-30"'

CASES = {
    "a week without hours": Bad(
        week(*[CLOSED] * 7), 1, "calendar.working-day", "lịch của 24733 không có ngày làm việc nào"
    ),
    "a short calendar whose every working day is closed": Bad(
        week(*[OPEN] * 5, CLOSED, CLOSED, first="2024-04-30", last="2024-05-01")
        + day("day: '2024-04-30', kind: DAY_KIND_CLOSED")
        + day("day: '2024-05-01', kind: DAY_KIND_CLOSED"),
        1,
        "calendar.working-day",
        "không có ngày làm việc nào",
    ),
    "overlapping windows in a week": Bad(
        week(
            *[OPEN] * 2,
            "{windows: [{start_minute: 450, end_minute: 700}, {start_minute: 690, end_minute: 800}"
            "]}",
            *[OPEN] * 4,
        ),
        8,
        "calendar.windows",
        "khung giờ 11:30-13:20 chồng lên hoặc đứng trước 07:30-11:40",
    ),
    "an empty window": Bad(
        day(
            "day: '2024-05-04', kind: DAY_KIND_WORKING,\n"
            "    windows: [{start_minute: 450, end_minute: 450}]"
        ),
        2,
        "calendar.windows",
        "khung giờ 07:30-07:30 rỗng",
    ),
    "hours on a closed day": Bad(
        day(f"day: '2024-05-02', kind: DAY_KIND_CLOSED, windows: {HOURS}"),
        1,
        "calendar.windows",
        "ngày nghỉ không có giờ làm",
    ),
    "a week of five days": Bad(
        week(*[OPEN] * 5), 5, "calendar.week", "tuần làm việc phải có bảy ngày, không phải 5"
    ),
    "a calendar that ends before it begins": Bad(
        week(*[OPEN] * 7, first="2024-12-31", last="2024-01-01"),
        4,
        "calendar.range",
        "ngày cuối 2024-01-01 trước ngày đầu 2024-12-31",
    ),
    "a day outside the range of the week": Bad(
        day("\n    day: '2027-01-01', kind: DAY_KIND_CLOSED"),
        2,
        "calendar.day-range",
        "ngày 2027-01-01 nằm ngoài lịch làm việc 2024-01-01 - 2026-12-31",
    ),
    "a day of a unit that is not there": Bad(
        day("day: '2024-05-02', scope: '999'"), 1, "calendar_day.scope", "'999' không có"
    ),
    "31 April": Bad(
        day("\n    kind: DAY_KIND_CLOSED,\n    day: 2026-04-31"),
        3,
        "date.exists",
        "calendar_day.day: không có ngày 31/04/2026",
    ),
    "29 February of a common year": Bad(
        commune('parent: "666"; valid_from: "2025-02-29"'),
        7,
        "date.exists",
        "unit.valid_from: không có ngày 29/02/2025",
    ),
    "a date written another way": Bad(
        procedure(valid_from="1/7/2025"), 3, "date.form", "'1/7/2025' không có dạng năm-tháng-ngày"
    ),
    "a procedure without its first day": Bad(
        "- procedure: {code: '1.000894'}\n", 1, "date.missing", "thiếu procedure.valid_from"
    ),
    "steps longer than the shortest limit": Bad(
        procedure(
            f"limits: [{limit(1440)}, {limit(1440, rest=PROMISED)}]",
            steps(480, 481),
        ),
        5,
        "procedure.budget",
        "tổng thời gian các bước 961 phút vượt thời hạn ngắn nhất 960 phút",
    ),
    "steps longer than the working day of a same-day procedure": Bad(
        procedure(f"limits: [{limit(0)}]", steps(241, 240)),
        5,
        "procedure.budget",
        "481 phút vượt thời hạn ngắn nhất 480 phút",
    ),
    "steps longer than calendar days can hold": Bad(
        procedure(f"limits: [{limit(4320, 'CALENDAR_DAYS')}]", steps(1441)),
        5,
        "procedure.budget",
        "1441 phút vượt thời hạn ngắn nhất 1440 phút",
    ),
    "a committed limit above the statutory one": Bad(
        procedure("limits:", f"  - {limit(480)}", f"  - {limit(480, rest=PROMISED)}"),
        6,
        "procedure.committed",
        "thời hạn cam kết 960 phút dài hơn thời hạn theo quy định 480 phút",
    ),
    "two limits for one channel": Bad(
        procedure("limits:", f"  - {limit(480)}", f"  - {limit(960)}"),
        6,
        "procedure.limits",
        "hai thời hạn cho một kênh (mọi kênh)",
    ),
    "two pause rules for one cause": Bad(
        procedure(
            "pause_rules:",
            "  - {cause: PAUSE_CAUSE_PAYMENT, mode: PAUSE_MODE_CONTINUE}",
            "  - {cause: PAUSE_CAUSE_PAYMENT, mode: PAUSE_MODE_RESTART}",
        ),
        6,
        "procedure.pause-rules",
        "hai quy tắc tạm dừng cho một lý do (nghĩa vụ tài chính)",
    ),
    "two versions from one day": Bad(
        procedure("name: a") + procedure("name: b"),
        7,
        "procedure.versions",
        "thủ tục 1.000894 có hai phiên bản hiệu lực từ 2024-01-01, bản kia tại",
    ),
    "the same unit twice with another name": Bad(
        commune('parent: "666"') + commune('parent: "68"'),
        7,
        "entry.twice",
        "unit:24760 đã có với nội dung khác tại",
    ),
    "the same member twice": Bad(
        commune('parent: "666"; parent: "68"'), 7, "yaml.twice", "parent có hai lần"
    ),
    "a parent that is not there": Bad(
        commune('parent: "667"'), 6, "unit.parent", "unit.parent '667' không có trong danh mục"
    ),
    "a commune without a parent": Bad(
        commune("predecessors: []"), 1, "unit.orphan", "đơn vị 24760 không thuộc đơn vị nào"
    ),
    "a unit that ends without a successor": Bad(
        commune(ENDED),
        7,
        "unit.successor",
        "đơn vị 24760 hết hiệu lực 2025-06-30 mà không có đơn vị kế thừa",
    ),
    "a successor that begins a day late": Bad(
        commune(ENDED)
        + commune(
            'parent: "68"; valid_from: "2025-07-02"; predecessors: ["24760"]', id_="24760-2025"
        ),
        14,
        "unit.successor-day",
        "24760-2025 có hiệu lực từ 2025-07-02, phải là ngày sau 2025-06-30 của 24760",
    ),
    "a unit that ends before it begins": Bad(
        commune('parent: "666"; valid_from: "2025-07-01"; valid_until: "2025-06-30"')
        + commune('parent: "68"; valid_from: "2025-07-01"; predecessors: ["24760"]', id_="new"),
        8,
        "unit.validity",
        "hiệu lực đến 2025-06-30 trước ngày bắt đầu 2025-07-01",
    ),
    "a publisher for units that are not there": Bad(
        "- publisher:\n    id: p\n    units: ['666', '999']\n",
        3,
        "publisher.units",
        "publisher.units '999' không có trong danh mục",
    ),
    "a step in a department that is not there": Bad(
        procedure("steps:", "  - {id: a, department: mot-cua}", "  - {id: b, department: y-te}"),
        6,
        "procedure.steps.department",
        "'y-te' không có trong danh mục",
    ),
    "a suspension of a procedure that is not there": Bad(
        "- suspension: {id: s, first_day: '2024-09-01', procedures: ['1.000894']}\n",
        1,
        "suspension.procedures",
        "'1.000894' không có trong danh mục",
    ),
    "a misspelt member": Bad("- unit: {id: '1', colour: red}\n", 1, "entry.schema", "colour"),
    "no YAML": Bad("- unit: {id: '1'}\n- [\n", 3, "yaml.syntax", "không phải YAML"),
}


def check(*files: Path) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["registry", "check", *map(str, files)])
    return done.exit_code, done.output.splitlines()


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return written(tmp_path, "base.yaml", UNITS + WEEK)


def test_the_base_of_these_cases_has_no_fault(base: Path) -> None:
    assert check(base)[0] == 0


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_a_bad_configuration_is_named_by_file_line_and_rule(
    base: Path, tmp_path: Path, bad: Bad
) -> None:
    file = written(tmp_path, "bad.yaml", bad.text)
    code, lines = check(base, file)
    assert code == 1
    (told, summary) = lines
    assert told.startswith(f"{file}:{bad.line}: [{bad.rule}] ")
    assert bad.told in told
    assert "  ·  " in told
    assert summary == "Lỗi: Danh mục có 1 lỗi.  ·  Invalid registry: 1 fault"


def test_every_fault_of_every_file_is_named(base: Path, tmp_path: Path) -> None:
    names = ("31 April", "two limits for one channel", "a parent that is not there")
    files = [written(tmp_path, f"{n}.yaml", CASES[name].text) for n, name in enumerate(names)]
    code, lines = check(base, *files)
    assert code == 1
    for file, name in zip(files, names, strict=True):
        bad = CASES[name]
        assert any(line.startswith(f"{file}:{bad.line}: [{bad.rule}]") for line in lines)
    assert len(lines) == len(names) + 1


def test_a_unit_without_any_calendar_is_an_error(tmp_path: Path) -> None:
    file = written(tmp_path, "units.yaml", UNITS)
    code, (told, _) = check(file)
    assert code == 1
    assert told.startswith(f"{file}:1: [unit.calendar] đơn vị 68 và 2 đơn vị trực thuộc không có")


def test_units_with_a_calendar_of_their_own_do_not_count_as_without(tmp_path: Path) -> None:
    file = written(tmp_path, "units.yaml", UNITS + week(*[OPEN] * 7))
    code, lines = check(file)
    assert code == 1
    assert lines[0].startswith(f"{file}:1: [unit.calendar] đơn vị 68 và 1 đơn vị")


def test_the_same_entry_twice_with_the_same_content_is_no_fault(base: Path, tmp_path: Path) -> None:
    assert check(base, written(tmp_path, "again.yaml", UNITS))[0] == 0


def test_a_limit_of_two_phases_holds_the_steps_of_both(base: Path, tmp_path: Path) -> None:
    phases = limit(480, rest=f", then: [{limit(480, 'WORKING_HOURS')}]")
    good = procedure(f"limits: [{phases}]", steps(960))
    assert check(base, written(tmp_path, "good.yaml", good))[0] == 0
    bad = procedure(f"limits: [{phases}]", steps(961))
    assert check(base, written(tmp_path, "bad.yaml", bad))[0] == 1


def test_a_member_taken_over_by_an_alias_is_placed_at_the_entry_that_uses_it(
    base: Path, tmp_path: Path
) -> None:
    first = procedure(f"limits: &limits [{limit(480)}, {limit(480)}]")
    second = procedure("limits: *limits", valid_from="2025-01-01")
    file = written(tmp_path, "alias.yaml", first + second)
    _, lines = check(base, file)
    assert [line.partition(": ")[0] for line in lines[:-1]] == [f"{file}:4", f"{file}:8"]
