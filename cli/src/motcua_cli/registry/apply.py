"""Bring the registry topic to what the files say, writing only what differs."""

from collections.abc import Callable, Sequence

from motcua_cli.registry.difference import Change, changes
from motcua_cli.registry.files import Sourced
from motcua_cli.registry.log import latest_entries, write_entries
from motcua_cli.registry.references import check_references


async def pending_changes(bootstrap: str, wanted: Sequence[Sourced]) -> list[Change]:
    """What `apply_entries` would write.

    Raises:
        CommandError: a reference is broken, or Kafka does not answer.
    """
    latest = await latest_entries(bootstrap)
    check_references(wanted, latest.values())
    return changes(wanted, latest)


def _nothing(_: Sourced) -> None:
    """Tell nobody."""


async def apply_entries(
    bootstrap: str, wanted: Sequence[Sourced], written: Callable[[Sourced], None] = _nothing
) -> list[Change]:
    """Write those entries whose content differs from the newest one of their key.

    Returns:
        What was written, in order.

    Raises:
        CommandError: a reference is broken, or Kafka does not answer.
    """
    found = await pending_changes(bootstrap, wanted)
    await write_entries(bootstrap, [change.new for change in found], written)
    return found
