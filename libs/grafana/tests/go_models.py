"""JSON values held against the models that go-swagger generated from an API description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

_TYPE = re.compile(r"^type (\w+) ([^\n]+)$", re.MULTILINE)
_FIELD = re.compile(r'^\t\w+ (\S+) `json:"([^",]+)[^`]*`$')
_ENUM = re.compile(r"// Enum: \[(.*)\]")
_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "strfmt.DateTime": (str,),
    "bool": (bool,),
    "int64": (int,),
    "float64": (int, float),
}
_ANYTHING = frozenset({"interface{}", "any"})


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a model: its Go type, and what the description says of it."""

    type: str
    required: bool = False
    enum: frozenset[str] = frozenset()


@dataclass(slots=True)
class Models:
    """The models of a description by name; an alias is the Go type that it stands for."""

    objects: dict[str, dict[str, Property]] = field(default_factory=dict[str, dict[str, Property]])
    aliases: dict[str, str] = field(default_factory=dict[str, str])

    def read(self, source: str) -> None:
        """Take the models of one generated file."""
        for match in _TYPE.finditer(source):
            name, kind = match[1], match[2].strip()
            if kind == "struct {":
                body = source[match.end() : source.index("\n}", match.end())]
                self.objects[name] = dict(_properties(body))
            else:
                self.aliases[name] = kind

    def faults(self, value: Any, kind: str, place: str, *, strict: bool) -> Iterator[str]:
        """What is wrong with a value; strict refuses properties that the model does not have."""
        kind = kind.removeprefix("*").removeprefix("models.")
        if kind in _ANYTHING:
            return
        if kind.startswith("[]"):
            yield from self._list_faults(value, kind[2:], place, strict=strict)
        elif kind.startswith("map[string]"):
            if not isinstance(value, dict):
                yield f"{place}: no object"
        elif kind in _SCALARS:
            if not isinstance(value, _SCALARS[kind]) or (
                kind != "bool" and value in (True, False) and isinstance(value, bool)
            ):
                yield f"{place}: no {kind}"
        elif kind in self.aliases:
            yield from self.faults(value, self.aliases[kind], place, strict=strict)
        elif kind in self.objects:
            yield from self._object_faults(value, self.objects[kind], place, strict=strict)
        else:
            yield f"{place}: the description has no {kind}"

    def _list_faults(self, value: Any, kind: str, place: str, *, strict: bool) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place}: no list"
            return
        for number, one in enumerate(cast("list[Any]", value)):
            yield from self.faults(one, kind, f"{place}[{number}]", strict=strict)

    def _object_faults(
        self, value: Any, known: Mapping[str, Property], place: str, *, strict: bool
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: no object"
            return
        given = cast("dict[str, Any]", value)
        for name, about in known.items():
            if name not in given:
                if about.required:
                    yield f"{place}.{name}: missing"
                continue
            yield from self.faults(given[name], about.type, f"{place}.{name}", strict=strict)
            if about.enum and given[name] not in about.enum:
                yield f"{place}.{name}: none of {sorted(about.enum)}"
        if strict:
            yield from (f"{place}.{name}: unknown" for name in given.keys() - known.keys())


def _properties(body: str) -> Iterator[tuple[str, Property]]:
    required = False
    enum = frozenset[str]()
    for line in body.splitlines():
        if "// Required: true" in line:
            required = True
        elif listed := _ENUM.search(line):
            enum = frozenset(listed[1].split())
        elif match := _FIELD.match(line):
            yield match[2], Property(match[1], required, enum)
            required, enum = False, frozenset[str]()
