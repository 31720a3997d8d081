"""Processing built wrongly on purpose: it clears the marks before the states are acknowledged.

Run in the place of `python -m motcua_processing`; between clearing and writing lies the failpoint
`wrong.after_clear`.
"""

from __future__ import annotations

from collections.abc import Sequence

from motcua_platform.process import Failpoints
from motcua_processing.__main__ import main
from motcua_processing.application.publish_states import MarkBooks, Marks, States, publish_round
from motcua_processing.entrypoints import publisher


async def clear_then_write(
    books: MarkBooks, states: States, lane: int, failpoints: Failpoints
) -> int:
    """The round in the wrong order."""
    return await publish_round(_ClearsAtOnce(books, failpoints), states, lane, failpoints)


class _ClearsAtOnce:
    """Marks that are cleared while they are read, so before anything has been written."""

    def __init__(self, books: MarkBooks, failpoints: Failpoints) -> None:
        self._books = books
        self._failpoints = failpoints

    async def marked(self, lane: int, limit: int) -> Marks:
        marks = await self._books.marked(lane, limit)
        if marks.ids:
            await self._books.clear(marks.ids)
            self._failpoints.reach("wrong.after_clear")
        return marks

    async def clear(self, ids: Sequence[int]) -> None:
        """Done already."""


publisher.publish_round = clear_then_write  # pyright: ignore[reportPrivateImportUsage]

if __name__ == "__main__":
    main()
