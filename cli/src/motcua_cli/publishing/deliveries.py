"""Deliveries: which publisher hands in which event, in the order of handing in."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from motcua_cli.errors import CommandError


class Delivery(msgspec.Struct, frozen=True):
    """One event (CloudEvents JSON) as `publisher` hands it in at `delivered_at`."""

    publisher: str
    event: dict[str, Any]
    delivered_at: str | int = ""


class Batch(msgspec.Struct, frozen=True):
    """Consecutive events of one publisher, for one request."""

    publisher: str
    events: tuple[dict[str, Any], ...]


def read_deliveries(file: Path) -> Iterator[Delivery]:
    """The deliveries of a JSON-lines file, one a line; empty lines are skipped.

    Raises:
        CommandError: the file is missing, or a line is no delivery; the sentence names the line.
    """
    decode = msgspec.json.Decoder(Delivery).decode
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _decoded(decode, line, f"{file}:{number}")
    except OSError as error:
        raise CommandError(
            f"Không đọc được {file} ({error.strerror}).", f"{file} cannot be read."
        ) from error


def _decoded(decode: Any, line: bytes, place: str) -> Delivery:
    try:
        return decode(line)
    except msgspec.DecodeError as error:
        raise CommandError(
            f"{place} không phải là một bản ghi gửi ({error}).",
            f"{place} is no delivery with publisher, delivered_at and event.",
        ) from error


def count_lines(file: Path) -> int:
    """How many lines that are not empty a file has; 0 for a missing one."""
    if not file.is_file():
        return 0
    with file.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def batches(deliveries: Iterable[Delivery], size: int) -> Iterator[Batch]:
    """Cut deliveries into batches of one publisher and at most `size` events.

    The batches of a publisher, one after another, hold its deliveries in their order; therefore
    also those of each dossier.
    """
    waiting: dict[str, list[dict[str, Any]]] = {}
    for delivery in deliveries:
        events = waiting.setdefault(delivery.publisher, [])
        events.append(delivery.event)
        if len(events) == size:
            yield Batch(delivery.publisher, tuple(waiting.pop(delivery.publisher)))
    for publisher, events in waiting.items():
        yield Batch(publisher, tuple(events))
