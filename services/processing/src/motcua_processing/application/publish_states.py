"""The one path by which states leave processing: serial per lane, current rows only.

Compaction keeps the last offset of a key, so the last record must be the newest state. A lane is a
fixed set of states partitions. Its publisher holds the lane's lock, reads the *current* rows
behind the marks, waits until Kafka has committed them, and only then clears the marks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from motcua_kernel.snapshot import decode
from motcua_platform.process import Failpoints
from motcua_platform.state_codec import state_to_value

MARKS_A_ROUND = 64


class Marks(Protocol):
    """What a round takes from the books."""

    @property
    def ids(self) -> list[int]:
        """The marks."""
        ...

    @property
    def snapshots(self) -> list[tuple[str, bytes | None]]:
        """The dossiers behind them as they are now, None for one that is gone."""
        ...


class MarkBooks(Protocol):
    """The marks of unpublished dossiers."""

    async def marked(self, lane: int, limit: int) -> Marks:
        """The oldest marks of a lane, with the current snapshots behind them."""
        ...

    async def clear(self, ids: Sequence[int]) -> None:
        """Forget marks."""
        ...


class States(Protocol):
    """The states topic of one lane."""

    async def write(
        self,
        values: Sequence[tuple[str, bytes | None]],
        after_first: Callable[[], None] | None = None,
    ) -> None:
        """Write a round; return once it is acknowledged and committed."""
        ...


async def publish_round(books: MarkBooks, states: States, lane: int, failpoints: Failpoints) -> int:
    """Publish what is marked in a lane, up to a bound; returns how many states were written."""
    marks = await books.marked(lane, MARKS_A_ROUND)
    if not marks.ids:
        return 0
    if marks.snapshots:
        values = [(code, _value(snapshot)) for code, snapshot in marks.snapshots]
        await states.write(
            values, after_first=lambda: failpoints.reach("publisher.after_first_state")
        )
    failpoints.reach("publisher.before_mark")
    await books.clear(marks.ids)
    return len(marks.snapshots)


def _value(snapshot: bytes | None) -> bytes | None:
    if snapshot is None:
        return None
    decoded = decode(snapshot)
    if decoded is None:
        raise ValueError("a snapshot of another fold revision; processing folds it anew first")
    return state_to_value(decoded)
