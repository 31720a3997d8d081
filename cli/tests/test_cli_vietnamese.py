from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_cli.vietnamese import day, percent, whole


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (455, "455"), (11_960, "11.960"), (1_234_567, "1.234.567"), (-1_000, "-1.000")],
)
def test_thousands_are_parted_by_dots(number: int, written: str) -> None:
    assert whole(number) == written


@given(st.integers())
def test_a_whole_number_can_be_read_back(number: int) -> None:
    assert int(whole(number).replace(".", "")) == number


@pytest.mark.parametrize(
    ("value", "written"),
    [("99.77", "99,77%"), ("0.23", "0,23%"), ("100.00", "100,00%"), (None, "–")],
)
def test_a_percentage_has_a_decimal_comma(value: str | None, written: str) -> None:
    assert percent(value) == written


def test_a_date_begins_with_the_day() -> None:
    assert day(date(2020, 3, 1)) == "01/03/2020"
