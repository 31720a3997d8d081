"""What a demo run found, for people and for `var/demo/summary.json`."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from motcua_cli.console import plain, say
from motcua_cli.demo.article import STATEMENTS, differences
from motcua_cli.demo.figures import Figures
from motcua_cli.demo.settling import Settled
from motcua_cli.demo.wording import english_sentence, sentence


@dataclass(frozen=True)
class Outcome:
    """The settled figures, how many deliveries were published, and the seconds it all took."""

    settled: Settled
    events: int
    seconds: float

    @property
    def figures(self) -> Figures:
        """The API's figures."""
        return self.settled.figures

    def faults(self) -> list[tuple[str, str]]:
        """Everything that speaks against the run, in both languages; empty when it agrees."""
        against = [
            (
                f"{one.statement.name} = {one.value}, bài báo viết « {one.statement.words} »",
                f"{one.statement.name} is {one.value}, the article says {one.statement.meaning}",
            )
            for one in differences(self.figures)
        ]
        if self.figures.balance_residual:
            residual = self.figures.balance_residual
            against.append((f"cân đối lệch {residual}", f"the balance is off by {residual}"))
        against += [
            (f"chỉ số khác API: {one}", "a gauge differs from the API")
            for one in self.settled.disagreements()
        ]
        return against

    def write(self, file: Path) -> None:
        """Write the figures as JSON; the percentages are numbers."""
        figures = self.figures
        members = {
            "received": figures.received,
            "resolved": figures.resolved.total,
            "overdue": figures.resolved.overdue,
            "in_progress": figures.in_progress.total,
            "other": figures.other,
            "on_time_percent": _number(figures.on_time_percent),
            "overdue_percent": _number(figures.overdue_percent),
            "balance_residual": figures.balance_residual,
            "events": self.events,
            "seconds": round(self.seconds, 1),
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(members)) + b"\n")


def _number(percent: str | None) -> float | None:
    return None if percent is None else float(percent)


def say_outcome(outcome: Outcome) -> None:
    """Print the sentence, and whether it agrees with the article."""
    as_of = outcome.figures.as_of_day
    plain(f"« {sentence(outcome.figures, as_of)} »")
    plain(f'"{english_sentence(outcome.figures, as_of)}"')
    faults = outcome.faults()
    for vietnamese, english in faults:
        say(f"✗ {vietnamese}", english)
    if not faults:
        say(
            f"✓ Khớp với {len(STATEMENTS)} số liệu của bài báo; API và chỉ số giống nhau.",
            f"agrees with the article's {len(STATEMENTS)} figures; API and gauges are equal.",
        )
