from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from motcua_sample_dak_rlap import Delivery, generate

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = (2020, 7, 31)


@lru_cache(maxsize=len(SEEDS))
def _deliveries(seed: int) -> list[Delivery]:
    return generate(seed)


@pytest.fixture(scope="session")
def deliveries_of() -> Callable[[int], list[Delivery]]:
    return _deliveries


@pytest.fixture(scope="session")
def deliveries() -> list[Delivery]:
    return _deliveries(SEEDS[0])


@pytest.fixture(scope="session", params=SEEDS)
def any_deliveries(request: pytest.FixtureRequest) -> list[Delivery]:
    return _deliveries(request.param)
