"""What the user is told of a preview and of restatements."""

from collections.abc import Sequence

from motcua_cli.calendar.effects import Preview, Restatement
from motcua_cli.calendar.proposal import Proposal
from motcua_cli.calendar.tables import Names, by_weight, effects_table, restatement_table
from motcua_cli.console import out, plain, say
from motcua_cli.vietnamese import whole


def say_proposal(proposal: Proposal) -> None:
    """Print which entries differ from the log, or that none does."""
    for change in proposal.changes:
        sign = "+" if change.old is None else "~"
        plain(f"{sign} {change.new.key}  {', '.join(change.members())}".rstrip())
    if not proposal.changes:
        say(
            "Không có gì phải làm: danh mục đã như vậy.",
            "Nothing to do: the registry says so already.",
        )


def say_preview(preview: Preview, names: Names, most: int | None = None) -> None:
    """Print what a change would do, the rows with the most changed verdicts first."""
    out.print(effects_table(by_weight(preview.rows), preview.total, names, most))
    milliseconds = round(preview.seconds * 1000)
    say(f"Tính thử trong {whole(milliseconds)} ms.", f"Previewed in {milliseconds:,} ms.")


def say_restatements(restatements: Sequence[Restatement]) -> None:
    """Print what was restated, with the figures before and after."""
    for restatement in restatements:
        out.print(restatement_table(restatement))
        for reference in restatement.references:
            plain(f"  {reference}")
    if not restatements:
        say("Không có số liệu nào phải điều chỉnh.", "No figure had to be restated.")
