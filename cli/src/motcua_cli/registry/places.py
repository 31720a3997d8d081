"""YAML with the line of every member, so that a fault can say where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

_TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"
_FASTEST: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FASTEST):  # type: ignore[misc,valid-type]
    """The safe loader, with dates left as the text they are: the registry has dates as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the library declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class Item:
    """One item of a YAML list: its value, and the lines of its members."""

    file: str
    value: Any
    node: yaml.Node

    def at(self, *path: str | int) -> str:
        """`file:line` of a member, or of the nearest one around it that is written here."""
        return f"{self.file}:{_line(self.node, path)}"

    def repeated_keys(self) -> Iterator[tuple[str, str]]:
        """The keys that a mapping in this item has twice, each with its place."""
        for key in _repeated(self.node):
            yield str(key.value), f"{self.file}:{key.start_mark.line + 1}"


def items(file: str, text: str) -> list[Item] | None:
    """The items of a YAML list, or None for anything else.

    Raises:
        yaml.YAMLError: no YAML.
    """
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode):
            return None
        return [Item(file, loader.construct_document(node), node) for node in root.value]
    finally:
        loader.dispose()


def _line(entry: yaml.Node, path: tuple[str | int, ...]) -> int:
    node, line = entry, entry.start_mark.line
    for step in path:
        child = _child(node, step)
        if child is None:
            break
        named, node = child
        if not entry.start_mark.line <= named.start_mark.line <= entry.end_mark.line:
            break  # an alias: written elsewhere
        line = named.start_mark.line
    return line + 1


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """What names a member, and the member."""
    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _repeated(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield key
            seen.add(str(key.value))
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated(value)
