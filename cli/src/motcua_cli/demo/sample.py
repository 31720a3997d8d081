"""The sample's registry with the demo's clock in front and publishers with keys behind."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from motcua.registry.v1 import registry_pb2 as pb
from motcua_platform.kafka_connection import KafkaConnection
from motcua_sample_dak_rlap.publishers import PUBLISHERS

from motcua_cli import clock_entries
from motcua_cli.publishing.keys import Keys, ensure_keys, sha256_of
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import Sourced, read_registry, sourced
from motcua_cli.stack.paths import repository_root

FROZEN_AT: Final = "2020-10-30T17:00:00+07:00"
_REGISTRY: Final = Path("samples/dak-rlap-2020/registry")


def keys_of(data: Path) -> Keys:
    """The publishers' API keys of a data folder, made at its first use."""
    return ensure_keys(data / "keys.json", (publisher.id for publisher in PUBLISHERS))


def sample_entries(keys: Keys) -> list[Sourced]:
    """The frozen clock, then units, procedures and calendar, then the publishers.

    The clock is the first entry of all, so that everything else is recorded in domain time.
    """
    folder = repository_root() / _REGISTRY
    entries = sorted(read_registry([folder]), key=_units_first)
    clock = clock_entries.frozen(clock_entries.moment(FROZEN_AT))
    return [clock, *entries, *_publishers(keys)]


def fill_registry(kafka: KafkaConnection, keys: Keys) -> None:
    """Write what the registry topic lacks of the sample."""
    asyncio.run(apply_entries(kafka, sample_entries(keys)))


def _units_first(entry: Sourced) -> bool:
    return not entry.entry.HasField("unit")


def _publishers(keys: Keys) -> Iterable[Sourced]:
    for one in PUBLISHERS:
        publisher = pb.Publisher(
            id=one.id, name=one.name, units=one.units, key_sha256=[sha256_of(keys[one.id])]
        )
        yield sourced(pb.RegistryEntry(publisher=publisher), f"publisher {one.id}")
