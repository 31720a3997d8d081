"""What the public sees of counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from motcua_processing.domain.small_cells import suppress

PARTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 30), min_size=1)


@given(PARTS, st.integers(2, 10))
def test_no_small_count_is_shown_and_none_can_be_worked_out(
    parts: dict[str, int], smallest: int
) -> None:
    shown = suppress(parts, smallest)
    small = {name for name, count in parts.items() if 0 < count < smallest}
    assert all(shown.parts[name] is None for name in small)
    kept = [name for name, count in shown.parts.items() if count is None]
    if small and shown.total is not None:
        hidden = shown.total - sum(count or 0 for count in shown.parts.values())
        assert len(kept) > 1
        assert hidden >= smallest


@given(PARTS, st.integers(2, 10))
def test_what_is_shown_is_true_and_nothing_is_kept_back_without_need(
    parts: dict[str, int], smallest: int
) -> None:
    shown = suppress(parts, smallest)
    assert all(count in {None, parts[name]} for name, count in shown.parts.items())
    assert shown.total in {None, sum(parts.values())}
    if all(count == 0 or count >= smallest for count in parts.values()):
        assert shown == (sum(parts.values()), parts)
