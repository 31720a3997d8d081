"""The table of docs/architecture/scale.md is what the simulation says; it obeys arithmetic."""

from __future__ import annotations

import pytest

from bench.scale import BEGIN, END, PAGE, Case, simulate, table


def test_the_page_holds_the_table_that_the_measured_speeds_give() -> None:
    text = PAGE.read_text("utf-8")
    assert text.split(BEGIN, 1)[1].split(END, 1)[0] == table()


def test_recovery_is_what_waited_over_what_is_left_of_the_speed() -> None:
    found = simulate(Case("", 600, 1, 300), speed=1_000)
    assert found.most_waiting == 600 * 300
    assert found.recovery_seconds == 600 * 300 / (1_000 - 600)


@pytest.mark.parametrize(("processes", "recovers"), [(1, False), (4, True)])
def test_more_load_than_speed_never_recovers_and_more_processes_do(
    processes: int, recovers: bool
) -> None:
    found = simulate(Case("", 1_500, processes, 60), speed=1_000)
    assert (found.recovery_seconds is not None) == recovers
    assert (found.utilisation < 1) == recovers
