"""Where a scenario of Lâm Đồng plays: an empty folder, a whole system over it, a frozen clock."""

import asyncio
import shutil
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel.instant import Instant, parse_rfc3339
from motcua_platform.kafka_connection import KafkaConnection
from motcua_sample_lam_dong import REGISTRY
from motcua_sample_lam_dong import Delivery as Told

from motcua_cli import clock_entries
from motcua_cli.demo.figures import FiguresClient, Question
from motcua_cli.demo.gauges import Gauges
from motcua_cli.demo.playing import publish_all, settle_all
from motcua_cli.demo.settling import Settled, gauges_by_unit
from motcua_cli.errors import CommandError
from motcua_cli.local.running import Running, running_system
from motcua_cli.processing_api import client_of
from motcua_cli.publishing.deliveries import Delivery
from motcua_cli.publishing.keys import Keys, ensure_keys, sha256_of
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import Sourced, read_registry, sourced
from motcua_cli.stack.lock import FolderLock

_CLOCK_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Stage:
    """A running system, and what a scenario does with it."""

    system: Running
    http: httpx.Client
    keys: Keys

    @property
    def kafka(self) -> KafkaConnection:
        """How Kafka is reached."""
        return self.system.servers.kafka

    def publish(self, deliveries: Sequence[Told]) -> None:
        """Hand in what the sample tells."""
        handed_in = [Delivery(one.publisher, one.event, one.delivered_at) for one in deliveries]
        publish_all(handed_in, self.system.addresses, self.keys)

    def ask(self, question: Question) -> FiguresClient:
        """Someone who asks processing a question."""
        return FiguresClient(self.http, self.system.addresses.processing, question)

    def settle(self, question: Question) -> Settled:
        """Wait until nothing moves any more, and the gauges show what answers the question."""
        return settle_all(self.http, self.ask(question), self.system.addresses)

    def gauges(self) -> Mapping[str, Gauges]:
        """The gauges of each unit now."""
        return gauges_by_unit(self.http, self.system.addresses.metrics)

    def move_clock(self, at: Instant, question: Question) -> None:
        """Freeze the clock at another moment, and wait until processing answers as of it.

        Raises:
            CommandError: it does not within a minute.
        """
        asyncio.run(apply_entries(self.kafka, [clock_entries.frozen(at)]))
        client = self.ask(question)
        give_up = time.monotonic() + _CLOCK_SECONDS
        while parse_rfc3339(client.summary().as_of) != at:
            if time.monotonic() > give_up:
                raise CommandError("Đồng hồ không đổi.", "Processing does not follow the clock.")
            time.sleep(_POLL_SECONDS)


@contextmanager
def stage(
    folder: Path, calendar: Iterable[Path], at: Instant, publishers: Iterable[str]
) -> Generator[Stage]:
    """A system over an empty folder, with the registry of Lâm Đồng and some of the calendar.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
        CommandError: a part does not do what it must.
    """
    keys = ensure_keys(folder / "keys.json", publishers)
    entries = _registry([*calendar, REGISTRY], at, keys)

    def fill(kafka: KafkaConnection) -> None:
        asyncio.run(apply_entries(kafka, entries))

    with ExitStack() as closing:
        system = closing.enter_context(running_system(folder, fill, observability=False))
        http = closing.enter_context(client_of(system.addresses.processing, 60.0))
        yield Stage(system, http, keys)


def _registry(paths: Iterable[Path], at: Instant, keys: Keys) -> list[Sourced]:
    """The frozen clock, so that all else is recorded in domain time, then units, then the rest."""
    entries = sorted(read_registry(paths), key=lambda one: not one.entry.HasField("unit"))
    return [clock_entries.frozen(at), *(_with_key(one, keys) for one in entries)]


def _with_key(one: Sourced, keys: Keys) -> Sourced:
    publisher = one.entry.publisher
    if publisher.id not in keys:
        return one
    known = pb.Publisher()
    known.CopyFrom(publisher)
    known.key_sha256.append(sha256_of(keys[publisher.id]))
    return sourced(pb.RegistryEntry(publisher=known), one.place)


def emptied(folder: Path) -> Path:
    """A folder without what an earlier run has left in it.

    Raises:
        StackError: a stack is using it.
    """
    with ExitStack() as locks:
        for one in (folder, folder / "kafka", folder / "postgres"):
            locks.enter_context(FolderLock(one))
        for found in folder.iterdir():
            if found.is_dir():
                shutil.rmtree(found)
            elif found.name != ".lock":
                found.unlink()
    return folder


def must_be_empty(folder: Path) -> Path:
    """A folder that someone has named.

    Raises:
        CommandError: something is in it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CommandError(
            f"Kịch bản cần một thư mục trống, {folder} thì không trống.",
            f"A scenario needs an empty folder; {folder} is not.",
        )
    return folder
