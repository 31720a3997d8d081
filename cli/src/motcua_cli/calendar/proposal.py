"""What files would change in the registry, and the names to show it with."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.calendar.tables import Names
from motcua_cli.registry.difference import Change, changes
from motcua_cli.registry.files import Sourced, read_registry
from motcua_cli.registry.log import latest_entries
from motcua_cli.registry.references import check_references


@dataclass(frozen=True)
class Proposal:
    """The entries of files that differ from the log, in their order."""

    changes: tuple[Change, ...]
    names: Names

    @property
    def entries(self) -> list[Sourced]:
        """The entries to be written."""
        return [change.new for change in self.changes]


def propose(paths: Iterable[Path], kafka: KafkaConnection) -> Proposal:
    """Read registry files, check them with what the log has, and take what differs.

    Raises:
        CommandError: a file is missing, or Kafka does not answer.
        InvalidRegistry: with every fault.
    """
    wanted = read_registry(paths)
    latest = asyncio.run(latest_entries(kafka))
    check_references(wanted, latest.values())
    names = Names([*latest.values(), *(one.entry for one in wanted)])
    return Proposal(tuple(changes(wanted, latest)), names)
