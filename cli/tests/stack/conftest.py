import time
from collections.abc import Callable

import pytest

_POLL_SECONDS = 0.02


def _eventually(condition: Callable[[], bool], *, within: float = 10.0) -> None:
    give_up = time.monotonic() + within
    while not condition():
        assert time.monotonic() < give_up, f"not true within {within} s"
        time.sleep(_POLL_SECONDS)


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Polls a condition until it is true, and fails after ten seconds."""
    return _eventually
