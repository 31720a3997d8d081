import pytest
from motcua_cli.demo.figures import Figures, InProgress, Resolved


@pytest.fixture
def figures() -> Figures:
    """Figures that agree with the article."""
    return Figures(
        as_of="2020-10-30T17:00:00+07:00",
        received=11_960,
        resolved=Resolved(total=10_870, early=5_000, on_time=5_845, overdue=25, no_deadline=0),
        in_progress=InProgress(
            total=455, within=300, due_soon=80, overdue=20, paused=55, no_deadline=0
        ),
        withdrawn=200,
        stopped=235,
        refused=200,
        on_time_percent="99.77",
        overdue_percent="0.23",
    )
