"""What the command refuses or cannot do: a sentence in both languages, exit code 1."""

from collections.abc import Sequence


class CommandError(Exception):
    """An expected failure; the user sees its sentence, after its details, and no traceback."""

    def __init__(
        self, vietnamese: str, english: str, details: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(english)
        self.vietnamese = vietnamese
        self.english = english
        self.details = details
