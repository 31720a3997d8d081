"""The article's own figures, and whether ours agree with them as it states them.

Source: "Huyện Đắk R'Lấp đạt loại Khá trong hoạt động xây dựng, áp dụng, duy trì và cải tiến Hệ
thống chất lượng theo tiêu chuẩn quốc gia TCVN ISO 9001: 2015", Khánh Hiền, TTVHTT&TT,
04/11/2020: "Tính đến 30/10/2020, Bộ phận tiếp nhận và trả kết quả huyện đã tiếp nhận gần 12.000 hồ
sơ; giải quyết hơn 10.800 hồ sơ; đang giải quyết 455 hồ sơ; tỷ lệ đúng hạn đạt 99,77%; quá hạn
0.23%". Nothing else in the project knows these figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from motcua_cli.demo.figures import Figures


@dataclass(frozen=True)
class Statement:
    """One figure of the article: its words, their meaning, and the test of ours."""

    name: str
    words: str
    meaning: str
    figure: Callable[[Figures], int | Decimal | None]
    agrees: Callable[[int | Decimal], bool]


@dataclass(frozen=True)
class Difference:
    """A figure of ours that the article contradicts."""

    statement: Statement
    value: int | Decimal | None


def _rate(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.01"))


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "received",
        "tiếp nhận gần 12.000 hồ sơ",
        "nearly 12,000",
        lambda figures: figures.received,
        lambda value: 11_900 <= value < 12_000,  # noqa: PLR2004 - the meaning of "nearly"
    ),
    Statement(
        "resolved",
        "giải quyết hơn 10.800 hồ sơ",
        "more than 10,800",
        lambda figures: figures.resolved.total,
        lambda value: 10_800 < value < 10_900,  # noqa: PLR2004 - the meaning of "more than"
    ),
    Statement(
        "in_progress",
        "đang giải quyết 455 hồ sơ",
        "455",
        lambda figures: figures.in_progress.total,
        lambda value: value == 455,  # noqa: PLR2004 - the article's figure
    ),
    Statement(
        "on_time_percent",
        "tỷ lệ đúng hạn đạt 99,77%",
        "99.77",
        lambda figures: _rate(figures.on_time_percent),
        lambda value: value == Decimal("99.77"),
    ),
    Statement(
        "overdue_percent",
        "quá hạn 0.23%",
        "0.23",
        lambda figures: _rate(figures.overdue_percent),
        lambda value: value == Decimal("0.23"),
    ),
)


def differences(figures: Figures) -> list[Difference]:
    """The figures that do not agree with the article as the article states them."""
    asked = [(statement, statement.figure(figures)) for statement in STATEMENTS]
    return [
        Difference(statement, value)
        for statement, value in asked
        if value is None or not statement.agrees(value)
    ]
