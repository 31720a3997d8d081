"""Law L9: domain time is a mapping of real time that the log holds."""

from __future__ import annotations

import pytest
from motcua_kernel.instant import DAY, HOUR, Instant
from motcua_kernel.registry import ClockMapping, Registry
from motcua_platform.domain_clock import DomainClock, real_now

REAL = Instant(1_790_000_000_000)
DOMAIN = Instant(1_604_052_000_000)


class Hands:
    """A real clock that the test turns."""

    def __init__(self) -> None:
        self.real = REAL

    def __call__(self) -> Instant:
        return self.real


def mapping(rate: float, logged: int = REAL, domain: int = DOMAIN) -> ClockMapping:
    return ClockMapping(REAL, Instant(domain), rate, recorded_at=Instant(logged))


def registry(*mappings: ClockMapping) -> Registry:
    return Registry().with_entries(enumerate(mappings))


def test_without_mapping_domain_time_is_real_time() -> None:
    clock = DomainClock(Registry, Hands())
    assert clock.now() == REAL
    assert clock.recorded_at(REAL + 5) == REAL + 5
    before = real_now()
    assert before <= DomainClock(Registry).now() <= real_now()


@pytest.mark.parametrize(("rate", "passed"), [(0.0, 0), (1.0, HOUR), (2.0, 2 * HOUR)])
def test_domain_time_stands_walks_or_runs(rate: float, passed: int) -> None:
    hands = Hands()
    known = registry(mapping(rate))
    clock = DomainClock(lambda: known, hands)
    assert clock.now() == DOMAIN
    hands.real = Instant(REAL + HOUR)
    assert clock.now() == DOMAIN + passed
    assert clock.recorded_at(REAL + HOUR) == DOMAIN + passed


def test_a_new_mapping_counts_at_once() -> None:
    known = [registry(mapping(0.0))]
    clock = DomainClock(lambda: known[-1], Hands())
    assert clock.now() == DOMAIN
    known.append(registry(mapping(0.0), mapping(0.0, domain=DOMAIN + DAY)))
    assert clock.now() == DOMAIN + DAY


def test_a_record_has_the_time_of_the_mapping_that_the_log_had_when_it_was_appended() -> None:
    known = registry(
        mapping(0.0, logged=REAL), mapping(0.0, logged=REAL + HOUR, domain=DOMAIN + DAY)
    )
    clock = DomainClock(lambda: known, Hands())
    assert clock.recorded_at(REAL - 1) == REAL - 1
    assert clock.recorded_at(REAL) == DOMAIN
    assert clock.recorded_at(REAL + HOUR - 1) == DOMAIN
    assert clock.recorded_at(REAL + HOUR) == DOMAIN + DAY
    assert clock.recorded_at(REAL + 2 * HOUR) == DOMAIN + DAY
