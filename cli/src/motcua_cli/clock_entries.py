"""Registry entries that set domain time (law L9): frozen, or running at a rate."""

from collections.abc import Mapping

from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import Instant, parse_rfc3339

from motcua_cli.errors import CommandError
from motcua_cli.registry.files import Sourced, sourced

CLOCK_KEY = "clock_mapping:"
_PLACE = "motcua clock"


def moment(text: str) -> Instant:
    """An instant from `2020-10-30T17:00:00`; local time (UTC+7) where no offset is given.

    Raises:
        CommandError: the text names no moment.
    """
    for candidate in (text, f"{text}+07:00", f"{text}:00+07:00"):
        try:
            return parse_rfc3339(candidate)
        except Invalid:
            continue
    raise CommandError(
        f"{text!r} không phải là thời điểm; viết như 2020-10-30T17:00:00+07:00.",
        f"{text!r} is no moment; write it like 2020-10-30T17:00:00+07:00.",
    )


def frozen(at: Instant) -> Sourced:
    """Domain time stands still; the same moment always gives the same entry."""
    return _entry(pb.ClockMapping(real_anchor=0, domain_anchor=at, rate=0.0))


def running(real: Instant, domain: Instant, rate: float) -> Sourced:
    """Domain time is `domain` at the real moment `real`, and goes on at `rate`."""
    return _entry(pb.ClockMapping(real_anchor=real, domain_anchor=domain, rate=rate))


def domain_now(latest: Mapping[str, pb.RegistryEntry], real: Instant) -> Instant:
    """Domain time at the real moment `real`, by the newest entries of the registry."""
    if CLOCK_KEY not in latest:
        return real
    mapping = latest[CLOCK_KEY].clock_mapping
    return Instant(mapping.domain_anchor + round((real - mapping.real_anchor) * mapping.rate))


def _entry(mapping: pb.ClockMapping) -> Sourced:
    return sourced(pb.RegistryEntry(clock_mapping=mapping), _PLACE)
