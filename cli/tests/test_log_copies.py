"""Copies of the log in files: what goes in comes out, and damage is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from motcua_cli.errors import CommandError
from motcua_cli.log_backup.inventory import (
    CopiedTopic,
    Inventory,
    Stretch,
    damaged,
    read_inventory,
    write_inventory,
)
from motcua_cli.log_backup.stretches import Kept, StretchFile, read_stretch

_RECORDS = st.lists(
    st.builds(
        Kept,
        st.integers(0, 2**62),
        st.integers(0, 2**50),
        st.none() | st.binary(max_size=20),
        st.none() | st.binary(max_size=20),
        st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=5)), max_size=3).map(tuple),
    ),
    max_size=5,
)
_ONE = Kept(0, 1_600_000_000_000, b"key", b"value", (("ce_id", b"1"),))


@given(st.lists(_RECORDS, max_size=4))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stretch_gives_back_what_it_was_given(tmp_path: Path, frames: list[list[Kept]]) -> None:
    path = tmp_path / "0.stretch"
    with StretchFile(path) as written:
        for frame in frames:
            written.add(frame)
    assert list(read_stretch(path)) == frames


def test_a_stretch_that_was_broken_off_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "0.stretch"
    with pytest.raises(KeyError):
        _break_off(path)
    assert list(tmp_path.iterdir()) == []


def _break_off(path: Path) -> None:
    with StretchFile(path) as written:
        written.add([_ONE])
        raise KeyError


def test_a_changed_a_cut_and_a_missing_file_are_damaged(tmp_path: Path) -> None:
    stretches: list[Stretch] = []
    for name in ("whole", "changed", "cut", "missing"):
        with StretchFile(tmp_path / f"{name}.stretch") as written:
            written.add([_ONE])
        stretches.append(Stretch(f"{name}.stretch", 0, 1, 1, written.sha256))
    content = (tmp_path / "changed.stretch").read_bytes()
    (tmp_path / "changed.stretch").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (tmp_path / "cut.stretch").write_bytes(content[:-1])
    (tmp_path / "missing.stretch").unlink()
    inventory = Inventory("cluster", {"topic": CopiedTopic("id", [stretches])})
    write_inventory(tmp_path, inventory)

    assert read_inventory(tmp_path) == inventory
    assert damaged(tmp_path, inventory) == ["changed.stretch", "cut.stretch", "missing.stretch"]
    with pytest.raises(CommandError, match="cut off"):
        list(read_stretch(tmp_path / "cut.stretch"))


def test_an_inventory_of_a_later_format_is_refused(tmp_path: Path) -> None:
    write_inventory(tmp_path, Inventory("cluster", format=2))
    with pytest.raises(CommandError, match="format 2"):
        read_inventory(tmp_path)
