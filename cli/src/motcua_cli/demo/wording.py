"""The article's sentence, written anew from our figures."""

from datetime import date

from motcua_cli import vietnamese
from motcua_cli.demo.figures import Figures


def sentence(figures: Figures, as_of: date) -> str:
    """The sentence in Vietnamese, in the article's own words."""
    return (
        f"Tính đến {vietnamese.day(as_of)}, Bộ phận tiếp nhận và trả kết quả huyện đã tiếp nhận "
        f"{vietnamese.whole(figures.received)} hồ sơ; giải quyết "
        f"{vietnamese.whole(figures.resolved.total)} hồ sơ; đang giải quyết "
        f"{vietnamese.whole(figures.in_progress.total)} hồ sơ; tỷ lệ đúng hạn đạt "
        f"{vietnamese.percent(figures.on_time_percent)}; quá hạn "
        f"{vietnamese.percent(figures.overdue_percent)}"
    )


def english_sentence(figures: Figures, as_of: date) -> str:
    """The same in English."""
    return (
        f"As of {as_of.day} {as_of:%B %Y}, the district's one-stop counter had received "
        f"{figures.received:,} dossiers; resolved {figures.resolved.total:,}; "
        f"{figures.in_progress.total:,} were in progress; "
        f"{figures.on_time_percent or '–'} % on time; {figures.overdue_percent or '–'} % overdue"
    )
