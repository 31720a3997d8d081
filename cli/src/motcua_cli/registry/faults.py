"""What is wrong in registry files: one sentence per fault, with its file, line and rule."""

from collections.abc import Iterable
from dataclasses import dataclass

from motcua_cli.errors import CommandError


@dataclass(frozen=True)
class Fault:
    """A broken rule; `place` is `file:line`, `rule` a short name that stays."""

    place: str
    rule: str
    vietnamese: str
    english: str


class InvalidRegistry(CommandError):  # noqa: N818
    """Registry files with faults, all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(
            f"Danh mục có {count} lỗi.",
            "Invalid registry: 1 fault" if count == 1 else f"Invalid registry: {count} faults",
            [(f"{one.place}: [{one.rule}] {one.vietnamese}", one.english) for one in self.faults],
        )


def refuse(faults: Iterable[Fault]) -> None:
    """Raise if there is any fault.

    Raises:
        InvalidRegistry: with all of them.
    """
    found = tuple(faults)
    if found:
        raise InvalidRegistry(found)
