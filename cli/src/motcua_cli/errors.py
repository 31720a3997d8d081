"""What the command refuses or cannot do: one sentence in both languages, exit code 1."""


class CommandError(Exception):
    """An expected failure; the user sees its sentence and no traceback."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(english)
        self.vietnamese = vietnamese
        self.english = english
