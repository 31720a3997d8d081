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


def test_what_was_asked_for_lately_outlives_the_rest() -> None:
    recent = RecentEvents(2)
    recent.remember(("p", "1"), b"a")
    recent.remember(("p", "2"), b"a")
    recent.recall(("p", "1"), b"a")
    recent.remember(("p", "3"), b"a")
    assert recent.recall(("p", "2"), b"a") is Memory.NOTHING
    assert recent.recall(("p", "1"), b"a") is Memory.SAME


@given(st.integers(0, 5), st.lists(st.integers(0, 9), max_size=40))
def test_it_remembers_the_newest_identities_and_no_more(capacity: int, ids: list[int]) -> None:
    recent = RecentEvents(capacity)
    for one in ids:
        recent.remember(("p", str(one)), b"")
    newest = list(dict.fromkeys(reversed(ids)))
    for place, one in enumerate(newest):
        known = recent.recall(("p", str(one)), b"") is Memory.SAME
        assert known == (place < capacity)
