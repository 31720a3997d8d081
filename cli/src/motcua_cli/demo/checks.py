"""What a scenario holds against each other, said as it is found, and whether all of it agreed."""

from motcua_cli.console import say


class Checks:
    """Counts what does not agree."""

    def __init__(self) -> None:
        self.failed = 0

    def equal(self, vietnamese: str, english: str, *values: object) -> None:
        """All values are the same."""
        agree = all(value == values[0] for value in values)
        self.failed += not agree
        shown = str(values[0]) if agree else " ≠ ".join(map(str, values))
        say(f"{'✓' if agree else '✗'} {vietnamese}: {shown}", english)

    def that(self, vietnamese: str, english: str, *, holds: bool) -> None:
        """Something holds."""
        self.failed += not holds
        say(f"{'✓' if holds else '✗'} {vietnamese}", english)
