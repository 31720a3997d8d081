"""What a folder of copies holds: `inventory.json`, written last, so that it never says too much."""

import os
from pathlib import Path
from typing import Final

import msgspec

from motcua_cli.errors import CommandError
from motcua_cli.log_backup.stretches import sha256_of

_NAME: Final = "inventory.json"
FORMAT: Final = 1


class Stretch(msgspec.Struct, frozen=True):
    """A file, and which records of its partition it holds."""

    file: str
    first: int
    """The offset from which on the partition was read."""
    next: int
    """The offset from which on the following stretch goes on."""
    records: int
    sha256: str


class CopiedTopic(msgspec.Struct):
    """A topic and the stretches of each of its partitions, in order."""

    id: str
    """The broker's own: a topic created anew has another."""
    partitions: list[list[Stretch]]

    def next_offset(self, partition: int) -> int:
        """From where on the next copy reads."""
        stretches = self.partitions[partition]
        return stretches[-1].next if stretches else 0

    def records(self, partition: int) -> int:
        """How many have been copied."""
        return sum(one.records for one in self.partitions[partition])


class Inventory(msgspec.Struct):
    """The copies of one log."""

    cluster: str
    topics: dict[str, CopiedTopic] = msgspec.field(default_factory=dict[str, CopiedTopic])
    format: int = FORMAT

    def records(self) -> int:
        """How many records there are in all."""
        return sum(
            topic.records(partition)
            for topic in self.topics.values()
            for partition in range(len(topic.partitions))
        )


def read_inventory(folder: Path) -> Inventory | None:
    """What the folder holds; None where it has no inventory.

    Raises:
        CommandError: it was written by a version that this one does not know.
    """
    try:
        text = (folder / _NAME).read_bytes()
    except FileNotFoundError:
        return None
    try:
        found = msgspec.json.decode(text, type=Inventory)
    except msgspec.MsgspecError as error:
        raise CommandError(
            f"{folder / _NAME} không đọc được ({error}).",
            f"{folder / _NAME} cannot be read ({error}).",
        ) from error
    if found.format != FORMAT:
        raise CommandError(
            f"{folder} có định dạng {found.format}, bản này đọc {FORMAT}.",
            f"{folder} has format {found.format}, this version reads {FORMAT}.",
        )
    return found


def existing_inventory(folder: Path) -> Inventory:
    """What the folder holds.

    Raises:
        CommandError: it holds no copy.
    """
    found = read_inventory(folder)
    if found is None:
        raise CommandError(f"{folder} không có bản sao lưu nào.", f"{folder} holds no backup.")
    return found


def write_inventory(folder: Path, inventory: Inventory) -> None:
    """Put the inventory in the place of the former one, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{_NAME}.part"
    with unfinished.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(inventory), indent=1))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / _NAME)


def damaged(folder: Path, inventory: Inventory) -> list[str]:
    """The files that are missing, or are not what was written."""
    return [
        stretch.file
        for topic in inventory.topics.values()
        for stretches in topic.partitions
        for stretch in stretches
        if not (folder / stretch.file).is_file()
        or sha256_of(folder / stretch.file) != stretch.sha256
    ]
