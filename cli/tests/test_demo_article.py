from datetime import date
from typing import Any

import msgspec
import pytest
from motcua_cli.demo.article import STATEMENTS, differences
from motcua_cli.demo.figures import Figures
from motcua_cli.demo.wording import english_sentence, sentence


def _changed(figures: Figures, member: str, value: int | str | None) -> Figures:
    outer, _, inner = member.partition(".")
    if not inner:
        return msgspec.structs.replace(figures, **{outer: value})
    part: Any = msgspec.structs.replace(getattr(figures, outer), **{inner: value})
    return msgspec.structs.replace(figures, **{outer: part})


def test_the_article_agrees_with_figures_that_satisfy_it(figures: Figures) -> None:
    assert differences(figures) == []


@pytest.mark.parametrize(
    ("member", "value", "name"),
    [
        ("received", 12_000, "received"),
        ("received", 11_899, "received"),
        ("resolved.total", 10_800, "resolved"),
        ("resolved.total", 10_900, "resolved"),
        ("in_progress.total", 454, "in_progress"),
        ("on_time_percent", "99.76", "on_time_percent"),
        ("on_time_percent", None, "on_time_percent"),
        ("overdue_percent", "0.24", "overdue_percent"),
    ],
)
def test_a_figure_that_leaves_its_statement_is_named(
    figures: Figures, member: str, value: int | str | None, name: str
) -> None:
    found = differences(_changed(figures, member, value))
    assert [one.statement.name for one in found] == [name]


@pytest.mark.parametrize(
    ("member", "value"),
    [("received", 11_900), ("received", 11_999), ("resolved.total", 10_801)],
)
def test_nearly_and_more_than_leave_room(figures: Figures, member: str, value: int) -> None:
    assert differences(_changed(figures, member, value)) == []


def test_every_statement_quotes_the_article() -> None:
    article = (
        "đã tiếp nhận gần 12.000 hồ sơ; giải quyết hơn 10.800 hồ sơ; đang giải quyết 455 hồ sơ; "
        "tỷ lệ đúng hạn đạt 99,77%; quá hạn 0.23%"
    )
    assert all(statement.words in article for statement in STATEMENTS)


def test_the_sentence_is_the_articles_with_our_numbers(figures: Figures) -> None:
    assert sentence(figures, date(2020, 10, 30)) == (
        "Tính đến 30/10/2020, Bộ phận tiếp nhận và trả kết quả huyện đã tiếp nhận 11.960 hồ sơ; "
        "giải quyết 10.870 hồ sơ; đang giải quyết 455 hồ sơ; tỷ lệ đúng hạn đạt 99,77%; "
        "quá hạn 0,23%"
    )


def test_the_english_sentence_has_the_same_numbers(figures: Figures) -> None:
    words = english_sentence(figures, date(2020, 10, 30))
    for number in ("30 October 2020", "11,960", "10,870", "455", "99.77 %", "0.23 %"):
        assert number in words
