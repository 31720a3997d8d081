"""Writing a change, and waiting until every figure rests on it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.calendar.effects import Restatement
from motcua_cli.calendar.recalculation import Recalculation
from motcua_cli.console import counting
from motcua_cli.errors import CommandError
from motcua_cli.registry.files import Sourced
from motcua_cli.registry.log import write_entries

PATIENCE_SECONDS: Final = 600.0
_POLL_SECONDS: Final = 0.2

Told = Callable[[str, int], None]
"""Hears what is being done, and how many states are still to be published."""


def apply_change(
    kafka: KafkaConnection, entries: Sequence[Sourced], recalculation: Recalculation
) -> list[Restatement]:
    """Write entries, wait behind a progress bar until all states that they move are published.

    Returns:
        What they have restated.

    Raises:
        CommandError: Kafka or processing does not answer, or it takes more than ten minutes. The
            change is written then, and goes on by itself.
    """
    with counting() as bars:
        task = bars.add_task("Ghi danh mục · writing", total=None)
        written = asyncio.run(write_entries(kafka, entries))
        wait_applied(
            recalculation,
            written.stop - 1,
            lambda what, left: bars.update(task, description=what, completed=left),
        )
    return recalculation.restatements(written.start)


def wait_applied(
    recalculation: Recalculation, last: int, told: Told, seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait until processing has done all that the registry up to an offset leaves to do.

    Raises:
        CommandError: processing does not answer, or it takes more than `seconds`.
    """
    give_up = time.monotonic() + seconds
    while True:
        works = recalculation.works()
        computing = works.registry_offset < last or bool(works.works)
        unpublished = recalculation.unpublished()
        if not computing and not unpublished:
            return
        told("Tính lại · recalculating" if computing else "Công bố · publishing", unpublished)
        if time.monotonic() > give_up:
            raise CommandError(
                f"Sau {seconds:.0f} giây vẫn chưa xong; việc tính lại vẫn tiếp tục.",
                f"Not done after {seconds:.0f} s; it goes on by itself.",
            )
        time.sleep(_POLL_SECONDS)
