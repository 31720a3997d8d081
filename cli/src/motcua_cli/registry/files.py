"""Registry files: YAML lists of `motcua.registry.v1.RegistryEntry` in protobuf's JSON form.

The form is read strictly, so a misspelt field is an error and not a silent default.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml
from google.protobuf.json_format import ParseDict, ParseError
from motcua.registry.v1 import registry_pb2 as pb
from motcua_platform.errors import Unreadable
from motcua_platform.registry_codec import entry_from_proto, entry_key

from motcua_cli.errors import CommandError
from motcua_cli.registry.faults import Fault, InvalidRegistry, refuse
from motcua_cli.registry.places import Item, items
from motcua_cli.registry.values import value_faults


@dataclass(frozen=True)
class Sourced:
    """An entry, its key, and where it was read, for messages: `file:line`, or what made it."""

    entry: pb.RegistryEntry
    key: str
    place: str
    item: Item | None = field(default=None, compare=False, repr=False)

    def at(self, *path: str | int) -> str:
        """The place of a member, by the names and numbers that lead to it."""
        return self.item.at(*path) if self.item else self.place


@dataclass(frozen=True)
class Reading:
    """What files hold: the entries that could be read, and every fault on the way."""

    entries: list[Sourced]
    faults: list[Fault]


def sourced(entry: pb.RegistryEntry, place: str) -> Sourced:
    """An entry made here, with its key.

    Raises:
        InvalidRegistry: no kind is set, or a date, number or name in it is impossible.
    """
    try:
        one = Sourced(entry, entry_key(entry), place)
    except Unreadable as error:
        raise InvalidRegistry([_unreadable(place, error)]) from error
    refuse(_value_faults(one))
    return one


def read_registry(paths: Iterable[Path]) -> list[Sourced]:
    """The entries of files, and of the `*.yaml` files of folders in the order of their names.

    Raises:
        CommandError: a file is missing.
        InvalidRegistry: a file is no YAML list, or an entry breaks the schema; with every fault.
    """
    reading = scan_registry(paths)
    refuse(reading.faults)
    return reading.entries


def scan_registry(paths: Iterable[Path]) -> Reading:
    """As `read_registry`, but with the faults beside what could be read.

    Raises:
        CommandError: a file is missing.
    """
    reading = Reading([], [])
    for path in paths:
        for file in _files(path):
            for found in _scan(file):
                if isinstance(found, Fault):
                    reading.faults.append(found)
                else:
                    reading.entries.append(found)
    return reading


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(path.glob("*.yaml"))
        if not files:
            raise CommandError(
                f"Thư mục {path} không có tệp .yaml nào.", f"The folder {path} has no .yaml file."
            )
        return files
    if not path.is_file():
        raise CommandError(f"Không tìm thấy {path}.", f"{path} was not found.")
    return [path]


def _scan(file: Path) -> Iterator[Sourced | Fault]:
    try:
        listed = items(str(file), file.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield _no_yaml(f"{file}:{line}", error)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        yield _no_yaml(f"{file}:1", error)
    else:
        if listed is None:
            yield Fault(
                f"{file}:1",
                "yaml.list",
                "tệp phải là danh sách các mục",
                "a list of registry entries is expected",
            )
        for item in listed or ():
            yield from _entry(item)


def _entry(item: Item) -> Iterator[Sourced | Fault]:
    for key, place in item.repeated_keys():
        yield Fault(place, "yaml.twice", f"{key} có hai lần", f"{key} stands here twice")
    if not isinstance(item.value, dict):
        yield Fault(
            item.at(),
            "entry.schema",
            "mỗi mục phải là một đối tượng có đúng một loại",
            "an object with one kind of entry is expected",
        )
        return
    try:
        entry = ParseDict(cast("dict[str, Any]", item.value), pb.RegistryEntry())
        one = Sourced(entry, entry_key(entry), item.at(), item)
    except ParseError as error:
        text = " ".join(str(error).split())
        yield Fault(item.at(), "entry.schema", f"sai lược đồ: {text}", "breaks the schema")
    except Unreadable as error:
        yield _unreadable(item.at(), error)
    else:
        yield one
        yield from _value_faults(one)


def _value_faults(one: Sourced) -> list[Fault]:
    found = [
        Fault(one.at(*path), rule, vietnamese, english)
        for path, rule, vietnamese, english in value_faults(one.entry)
    ]
    if not found:
        try:
            entry_from_proto(one.entry)
        except Unreadable as error:
            found.append(_unreadable(one.place, error))
    return found


def _unreadable(place: str, error: Unreadable) -> Fault:
    text = f"{error.field}: {error.rule}".removeprefix(": ")
    return Fault(place, "entry.value", f"giá trị không hợp lệ: {text}", "an impossible value")


def _no_yaml(place: str, error: Exception) -> Fault:
    text = " ".join(str(error).split())
    return Fault(place, "yaml.syntax", f"không phải YAML: {text}", "no YAML")
