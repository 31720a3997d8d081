"""Bring the registry topic to what the files say, writing only what differs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from motcua.registry.v1 import registry_pb2 as pb
from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.access.keys import keeping_keys
from motcua_cli.registry.difference import Change, changes
from motcua_cli.registry.files import Sourced
from motcua_cli.registry.log import latest_entries, write_entries
from motcua_cli.registry.references import check_references


async def pending_changes(kafka: KafkaConnection, wanted: Sequence[Sourced]) -> list[Change]:
    """What `apply_entries` would write.

    Raises:
        CommandError: a reference is broken, or Kafka does not answer.
    """
    latest = await latest_entries(kafka)
    check_references(wanted, latest.values())
    return changes([_with_keys(one, latest) for one in wanted], latest)


def _with_keys(one: Sourced, latest: Mapping[str, pb.RegistryEntry]) -> Sourced:
    entry = keeping_keys(one.entry, latest.get(one.key))
    return one if entry is one.entry else replace(one, entry=entry)


def _nothing(_: Sourced) -> None:
    """Tell nobody."""


async def apply_entries(
    kafka: KafkaConnection, wanted: Sequence[Sourced], written: Callable[[Sourced], None] = _nothing
) -> list[Change]:
    """Write those entries whose content differs from the newest one of their key.

    Returns:
        What was written, in order.

    Raises:
        CommandError: a reference is broken, or Kafka does not answer.
    """
    found = await pending_changes(kafka, wanted)
    await write_entries(kafka, [change.new for change in found], written)
    return found
