from hypothesis import given
from hypothesis import strategies as st
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.registry.difference import changes
from motcua_cli.registry.files import Sourced, sourced


def _unit(number: int, name: str) -> Sourced:
    unit = pb.Unit(id=f"{number:05}", code=f"{number:05}", name=name, level=pb.UNIT_LEVEL_COMMUNE)
    return sourced(pb.RegistryEntry(unit=unit), f"unit {number}")


_units = st.builds(_unit, st.integers(0, 4), st.sampled_from(["A", "B", ""]))
_entries = st.lists(_units, max_size=12)


def _log(entries: list[Sourced]) -> dict[str, pb.RegistryEntry]:
    return {one.key: one.entry for one in entries}


@given(_entries, _entries)
def test_after_the_changes_the_log_says_what_the_files_say(
    log: list[Sourced], wanted: list[Sourced]
) -> None:
    after = _log([*log, *(change.new for change in changes(wanted, _log(log)))])
    assert after == _log(log) | _log(wanted)


@given(_entries)
def test_a_second_application_writes_nothing(log: list[Sourced]) -> None:
    wanted = list({one.key: one for one in log}.values())
    assert changes(wanted, _log(wanted)) == []


def test_only_what_differs_is_written_in_the_order_of_the_files() -> None:
    log = _log([_unit(1, "A"), _unit(2, "A")])
    found = changes([_unit(3, "A"), _unit(2, "B"), _unit(1, "A")], log)
    assert [change.new.key for change in found] == ["unit:00003", "unit:00002"]
    assert [change.members() for change in found] == [[], ["name"]]
