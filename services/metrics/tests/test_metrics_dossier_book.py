"""What is packed comes out as it went in, and the book of dossiers is a plain mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_cases import states
from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome
from motcua_metrics.domain.contribution import Contribution, Waiting, contribution_of
from motcua_metrics.domain.dossier_book import DossierBook
from motcua_metrics.domain.ended import EndedDossiers
from motcua_metrics.domain.labels import Closure
from motcua_metrics.domain.packing import Packing

if TYPE_CHECKING:
    from collections.abc import Mapping

_labels = st.sampled_from(("", "24733", "24733-2025", "kt"))
_days = st.one_of(st.just(0), st.integers(1, 3_652_059))
ended = st.builds(
    Contribution,
    st.tuples(st.integers(0, 300), st.integers(-1, 1 << 27), st.integers(0, 1 << 17)),
    _labels,
    _labels,
    st.sampled_from(Channel),
    _days,
    _days,
    st.sampled_from((None, *Outcome, *Closure)),
    anomalies=st.lists(_labels, max_size=2).map(tuple),
)
"""Dossiers without a clock; some have days or numbers that are too wide to be packed."""


@given(st.lists(ended, max_size=5))
def test_what_is_packed_comes_out_as_it_went_in(ones: list[Contribution]) -> None:
    packing = Packing()
    packed = [(one, numbers) for one in ones if (numbers := packing.pack(one)) is not None]
    assert all(0 <= number < 1 << 64 for _, numbers in packed for number in numbers)
    assert [packing.unpack(*numbers) for _, numbers in packed] == [one for one, _ in packed]


def test_an_ordinary_dossier_is_packed_and_one_with_a_clock_is_not() -> None:
    packing = Packing()
    resolved = Contribution((4, 2_000, 12), "24733", "kt", Channel.POST, 737_000, 737_009)
    assert packing.pack(resolved) is not None
    assert packing.pack(Contribution((4, 1, 1), "24733", "", waiting=Waiting(None, False))) is None


_codes = st.integers(0, 40).map(str)
_changes = st.one_of(
    st.tuples(st.just("replace"), _codes, st.one_of(ended, states("").map(contribution_of))),
    st.tuples(st.just("forget"), _codes, st.none()),
)


@settings(max_examples=300)
@given(st.lists(_changes, max_size=80))
def test_a_book_of_dossiers_is_a_plain_mapping(
    changes: list[tuple[str, str, Contribution | None]],
) -> None:
    book = DossierBook()
    plain: dict[str, Contribution] = {}
    for _, code, new in changes:
        if new is None:
            assert book.forget(code) == plain.pop(code, None)
        else:
            assert book.replace(code, new) == plain.get(code)
            plain[code] = new
        assert len(book) == len(plain)
    assert {code: book.forget(code) for code in plain} == plain
    assert not len(book)


def test_many_rows_keep_apart_while_the_tables_grow_and_shrink() -> None:
    rows, plain = EndedDossiers(), dict[str, tuple[int, int]]()
    for number in range(30_000):
        code = f"000.00.00.H36-{number}"
        assert rows.swap(code, number, number + 1) is None
        plain[code] = (number, number + 1)
        if number % 3 == 0:
            gone = f"000.00.00.H36-{number // 2}"
            assert rows.pop(gone) == plain.pop(gone, None)
    assert _all(rows, plain) == plain
    assert len(rows) == 0


def _all(rows: EndedDossiers, plain: Mapping[str, object]) -> dict[str, object]:
    return {code: rows.pop(code) for code in plain}
