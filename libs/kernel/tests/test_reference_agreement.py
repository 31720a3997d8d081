"""The engine agrees with the slow walk of `reference_clock` and `reference_rules`.

`MOTCUA_REFERENCE_CASES` seeded cases (`make reference` takes a million, on two processes). Half of
them are bare ledgers, the other half stories of dossiers under the rules of a random registry.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from motcua_kernel.clock import LimitUnit
from reference_cases import Seen, ledgers_agree, stories_agree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Agree = Callable[[int, int], Seen]

CASES = int(os.environ.get("MOTCUA_REFERENCE_CASES", "20000"))
PROCESSES = int(os.environ.get("MOTCUA_REFERENCE_PROCESSES", "1"))
CASES_A_SEED = 500
ENOUGH_TO_SEE_ALL = 20_000


def test_engine_and_reference_agree_on_random_ledgers() -> None:
    seen = Seen()
    for part in _run(ledgers_agree):
        seen.add(part)
    assert seen.cases == CASES // 2
    assert seen.beyond <= CASES // 50
    if CASES >= ENOUGH_TO_SEE_ALL:
        assert {unit.name for unit in LimitUnit} <= set(seen.kinds)
        assert min(seen.kinds["phases"], seen.kinds["overlaps"], seen.kinds["restarts"]) > 100


def test_engine_and_reference_agree_on_random_stories_under_random_rules() -> None:
    seen = Seen()
    for part in _run(stories_agree):
        seen.add(part)
    assert seen.cases == CASES // 2
    assert seen.beyond <= CASES // 50
    if CASES >= ENOUGH_TO_SEE_ALL:
        rare = {kind: count for kind, count in seen.kinds.items() if count < 20}
        assert rare == {}
        assert len(seen.kinds) == 15


def _run(agree: Agree) -> Iterator[Seen]:
    seeds = range(-(-CASES // 2 // CASES_A_SEED))
    sizes = [min(CASES_A_SEED, CASES // 2 - seed * CASES_A_SEED) for seed in seeds]
    if PROCESSES == 1:
        yield from map(agree, seeds, sizes)
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        yield from pool.map(agree, seeds, sizes, chunksize=20)
