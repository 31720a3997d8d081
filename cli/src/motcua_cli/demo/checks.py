"""What a scenario holds against each other, said as it is found, and whether all of it agreed."""

from collections.abc import Iterable

from motcua_cli.console import plain, say


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

    def none(self, vietnamese: str, english: str, found: Iterable[str]) -> None:
        """Nothing speaks against it; what does is printed."""
        against = list(found)
        self.that(vietnamese, english, holds=not against)
        for one in against:
            plain(f"    {one}")
