from pathlib import Path

import pytest
from motcua_cli.errors import CommandError
from motcua_cli.registry.faults import InvalidRegistry
from motcua_cli.registry.files import read_registry
from motcua_cli.registry.references import check_references

PROVINCE = """\
- unit:
    id: "67"
    code: "67"
    name: "Tỉnh Đắk Nông"
    level: UNIT_LEVEL_PROVINCE
    departments:
      - {id: mot-cua, name: "Một cửa"}
"""
WEEK = """\
- working_week:
    first_day: "2020-01-01"
    last_day: "2020-12-31"
    days: [{windows: [{start_minute: 450, end_minute: 690}]}, {}, {}, {}, {}, {}, {}]
"""
SECOND_LINE = PROVINCE.count("\n") + 1


def _file(folder: Path, text: str, name: str = "registry.yaml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_entries_are_read_with_their_keys_and_places(tmp_path: Path) -> None:
    file = _file(tmp_path, PROVINCE)
    (entry,) = read_registry([file])
    assert (entry.key, entry.place) == ("unit:67", f"{file}:1")
    assert entry.entry.unit.name == "Tỉnh Đắk Nông"


def test_a_folder_gives_its_files_in_the_order_of_names(tmp_path: Path) -> None:
    _file(tmp_path, PROVINCE.replace('"67"', '"68"'), "b.yaml")
    _file(tmp_path, PROVINCE, "a.yaml")
    assert [entry.key for entry in read_registry([tmp_path])] == ["unit:67", "unit:68"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PROVINCE + "- unit: {id: '1', colour: red}\n", "colour"),
        (PROVINCE + "- unit: {id: '1', level: UNIT_LEVEL_PLANET}\n", "UNIT_LEVEL_PLANET"),
        (PROVINCE + "- {}\n", "a registry entry of a known kind"),
        (PROVINCE + "- just text\n", "an object"),
        (
            PROVINCE + "- working_week: {first_day: '2020-02-30', last_day: '2020-12-31'}\n",
            "30/02/2020",
        ),
        (PROVINCE + "- unit: {id: '1'}\n  publisher: {id: x}\n", "oneof"),
    ],
)
def test_a_bad_entry_is_named_with_its_file_and_line(tmp_path: Path, text: str, fault: str) -> None:
    file = _file(tmp_path, text)
    with pytest.raises(InvalidRegistry) as caught:
        read_registry([file])
    first = caught.value.faults[0]
    assert first.place == f"{file}:{SECOND_LINE}"
    assert fault in first.vietnamese + first.english


@pytest.mark.parametrize("text", ["unit: {id: x}\n", "- [\n", ""])
def test_a_file_that_is_no_list_is_named(tmp_path: Path, text: str) -> None:
    file = _file(tmp_path, text)
    with pytest.raises(InvalidRegistry) as caught:
        read_registry([file])
    assert caught.value.faults[0].place.startswith(f"{file}:")


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(CommandError):
            read_registry([path])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- unit: {id: '666', code: '666', level: UNIT_LEVEL_DISTRICT, parent: '99'}\n", "'99'"),
        ("- unit: {id: '666', code: '66', level: UNIT_LEVEL_DISTRICT, parent: '67'}\n", "'66'"),
        ("- unit: {id: '666', code: '666', parent: '67'}\n", "level"),
        (
            "- procedure: {code: '1.000894', valid_from: '2019-01-01', steps: [{department: xyz}]}",
            "xyz",
        ),
        ("- procedure: {code: '1000894', valid_from: '2019-01-01'}\n", "1000894"),
        ("- publisher: {id: p, units: ['24733']}\n", "24733"),
        (
            "- calendar_day: {layer: CALENDAR_LAYER_UNIT, scope: '1', day: '2020-01-01'}\n",
            "calendar_day.scope",
        ),
    ],
)
def test_a_broken_reference_is_named(tmp_path: Path, text: str, fault: str) -> None:
    file = _file(tmp_path, PROVINCE + text + "\n" + WEEK)
    with pytest.raises(InvalidRegistry) as caught:
        check_references(read_registry([file]))
    (only,) = caught.value.faults
    assert only.place == f"{file}:{SECOND_LINE}"
    assert fault in only.vietnamese


def test_a_reference_may_be_to_what_the_log_has(tmp_path: Path) -> None:
    known = [one.entry for one in read_registry([_file(tmp_path, PROVINCE + WEEK)])]
    text = "- unit: {id: '666', code: '666', level: UNIT_LEVEL_DISTRICT, parent: '67'}\n"
    check_references(read_registry([_file(tmp_path, text)]), known)
