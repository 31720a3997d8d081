import pytest
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli import clock_entries
from motcua_cli.errors import CommandError
from motcua_kernel.instant import Instant, parse_rfc3339

FIVE_PM = parse_rfc3339("2020-10-30T17:00:00+07:00")


@pytest.mark.parametrize(
    "text", ["2020-10-30T17:00:00+07:00", "2020-10-30T10:00:00Z", "2020-10-30T17:00"]
)
def test_a_moment_without_offset_is_local_time(text: str) -> None:
    assert clock_entries.moment(text) == FIVE_PM


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="yesterday"):
        clock_entries.moment("yesterday")


def _latest(mapping: pb.RegistryEntry) -> dict[str, pb.RegistryEntry]:
    return {clock_entries.CLOCK_KEY: mapping}


def test_a_frozen_clock_stands_still_and_is_the_same_entry_each_time() -> None:
    frozen = clock_entries.frozen(FIVE_PM)
    assert frozen == clock_entries.frozen(FIVE_PM)
    assert frozen.key == clock_entries.CLOCK_KEY
    for real in (0, 1_800_000_000_000):
        assert clock_entries.domain_now(_latest(frozen.entry), Instant(real)) == FIVE_PM


def test_a_running_clock_goes_on_at_its_rate() -> None:
    entry = clock_entries.running(Instant(1_000), FIVE_PM, 60.0).entry
    assert clock_entries.domain_now(_latest(entry), Instant(3_000)) == FIVE_PM + 120_000


def test_without_a_mapping_domain_time_is_real_time() -> None:
    assert clock_entries.domain_now({}, Instant(42)) == 42
