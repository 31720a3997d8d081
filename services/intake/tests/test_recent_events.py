from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from motcua_intake.domain.recent import Memory, RecentEvents


def test_the_content_known_first_stays() -> None:
    recent = RecentEvents(10)
    recent.remember(("p", "1"), b"a")
    recent.remember(("p", "1"), b"b")
    assert recent.recall(("p", "1"), b"a") is Memory.SAME
    assert recent.recall(("p", "1"), b"b") is Memory.OTHER
    assert recent.recall(("q", "1"), b"a") is Memory.NOTHING


@given(st.integers(0, 5), st.lists(st.integers(0, 9), max_size=40))
def test_it_remembers_the_newest_identities_and_less_than_twice_as_many(
    capacity: int, ids: list[int]
) -> None:
    recent = RecentEvents(capacity)
    for one in ids:
        recent.remember(("p", str(one)), b"")
    newest = list(dict.fromkeys(reversed(ids)))
    known = [recent.recall(("p", str(one)), b"-") is not Memory.NOTHING for one in newest]
    assert all(known[:capacity])
    assert sum(known) <= 2 * capacity
