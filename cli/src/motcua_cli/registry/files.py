"""Registry files: YAML lists of `motcua.registry.v1.RegistryEntry` in protobuf's JSON form.

The form is read strictly, so a misspelt field is an error and not a silent default.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from google.protobuf.json_format import ParseDict, ParseError
from motcua.registry.v1 import registry_pb2 as pb
from motcua_platform.errors import Unreadable
from motcua_platform.registry_codec import entry_from_proto, entry_key

from motcua_cli.errors import CommandError


@dataclass(frozen=True)
class Sourced:
    """An entry, its key, and where it was read: file and place in it, for messages."""

    entry: pb.RegistryEntry
    key: str
    place: str


def sourced(entry: pb.RegistryEntry, place: str) -> Sourced:
    """An entry with its key.

    Raises:
        CommandError: no kind is set, or a date, number or name in it is impossible.
    """
    try:
        entry_from_proto(entry)
        return Sourced(entry, entry_key(entry), place)
    except Unreadable as error:
        raise _at(place, f"{error.field}: {error.rule}".removeprefix(": ")) from error


def read_registry(paths: Iterable[Path]) -> list[Sourced]:
    """The entries of files, and of the `*.yaml` files of folders in the order of their names.

    Raises:
        CommandError: a file is missing, is no YAML list, or an entry breaks the schema; the
            sentence names the file and the entry.
    """
    return [entry for path in paths for file in _files(path) for entry in _read(file)]


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


def _read(file: Path) -> Iterator[Sourced]:
    try:
        document: object = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _at(str(file), f"no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, list):
        raise _at(str(file), "a list of registry entries is expected")
    for number, value in enumerate(cast("list[object]", document), start=1):
        place = f"{file}, entry {number}"
        yield sourced(_parsed(value, place), place)


def _parsed(value: object, place: str) -> pb.RegistryEntry:
    if not isinstance(value, dict):
        raise _at(place, "an object with one kind of entry is expected")
    members = cast("dict[str, Any]", value)
    try:
        return ParseDict(members, pb.RegistryEntry())
    except ParseError as error:
        raise _at(f"{place} ({', '.join(map(str, members))})", str(error)) from error


def _at(place: str, fault: str) -> CommandError:
    return CommandError(f"Danh mục sai tại {place}: {fault}", f"Invalid registry at {place}")
