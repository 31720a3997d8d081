"""The Protobuf schemas with their comments, by full name, and their form as JSON Schema.

The JSON is that of ProtoJSON, in which the golden examples are written too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

ROOT: Final = Path(__file__).parents[2]
PROTO: Final = ROOT / "proto"

Comments = dict[tuple[int, ...], str]
JsonSchema = dict[str, Any]

_MESSAGES, _ENUMS = (
    FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER,
    FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER,
)
_FIELDS: Final = DescriptorProto.FIELD_FIELD_NUMBER
_VALUES: Final = EnumDescriptorProto.VALUE_FIELD_NUMBER
_NESTED_ENUMS: Final = DescriptorProto.ENUM_TYPE_FIELD_NUMBER

_WIDE_NUMBER: Final[JsonSchema] = {"type": "string", "pattern": "^-?[0-9]+$"}
_COUNT: Final[JsonSchema] = {"type": "integer", "minimum": 0}
_SCALARS: Final[dict[int, JsonSchema]] = {
    FieldDescriptorProto.TYPE_STRING: {"type": "string"},
    FieldDescriptorProto.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldDescriptorProto.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptorProto.TYPE_DOUBLE: {"type": "number"},
    FieldDescriptorProto.TYPE_INT32: {"type": "integer"},
    FieldDescriptorProto.TYPE_SINT32: {"type": "integer"},
    FieldDescriptorProto.TYPE_UINT32: _COUNT,
    FieldDescriptorProto.TYPE_INT64: _WIDE_NUMBER,
    FieldDescriptorProto.TYPE_UINT64: {"type": "string", "pattern": "^[0-9]+$"},
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message, with what its comment says."""

    name: str
    text: str
    oneof: bool
    message: str
    schema: JsonSchema

    @property
    def json_name(self) -> str:
        """Its name in ProtoJSON."""
        first, *others = self.name.split("_")
        return first + "".join(word.capitalize() for word in others)


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its comment, its fields in their order."""

    name: str
    text: str
    fields: tuple[Field, ...]

    @property
    def schema(self) -> JsonSchema:
        """Its ProtoJSON form: no field is required, none is unknown."""
        properties = {field.json_name: field.schema for field in self.fields}
        described: JsonSchema = {"type": "object", "description": self.text} if self.text else {}
        return (
            {"type": "object"}
            | described
            | {
                "properties": properties,
                "additionalProperties": False,
            }
        )


@cache
def messages() -> dict[str, Message]:
    """Every message by its full name."""
    found: dict[str, Message] = {}
    for file in _files():
        comments = _comments(file)
        for place, message in enumerate(file.message_type):
            name = f"{file.package}.{message.name}"
            found[name] = _message(name, message, comments, (_MESSAGES, place))
    return found


@cache
def enums() -> dict[str, JsonSchema]:
    """Every enum by its full name, as a schema of its words."""
    found: dict[str, JsonSchema] = {}
    for file in _files():
        comments = _comments(file)
        for place, enum in enumerate(file.enum_type):
            found[f"{file.package}.{enum.name}"] = _enum(enum, comments, (_ENUMS, place))
        for outer, message in enumerate(file.message_type):
            for place, enum in enumerate(message.enum_type):
                path = (_MESSAGES, outer, _NESTED_ENUMS, place)
                name = f"{file.package}.{message.name}.{enum.name}"
                found[name] = _enum(enum, comments, path)
    return found


def reference(name: str) -> JsonSchema:
    """A reference to a message or an enum by its full name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _message(
    name: str, message: DescriptorProto, comments: Comments, path: tuple[int, ...]
) -> Message:
    fields = tuple(
        _field(field, comments.get((*path, _FIELDS, place), ""))
        for place, field in enumerate(message.field)
    )
    return Message(name, comments.get(path, ""), fields)


def _field(field: FieldDescriptorProto, text: str) -> Field:
    target = field.type_name.removeprefix(".")
    schema = reference(target) if target else _SCALARS[field.type]
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        schema = {"type": "array", "items": schema}
    if text:
        schema = (
            {"allOf": [schema], "description": text}
            if "$ref" in schema
            else (schema | {"description": text})
        )
    is_choice = field.HasField("oneof_index") and not field.proto3_optional
    is_message = field.type == FieldDescriptorProto.TYPE_MESSAGE
    return Field(field.name, text, is_choice, target if is_message else "", schema)


def _enum(enum: EnumDescriptorProto, comments: Comments, path: tuple[int, ...]) -> JsonSchema:
    told = [
        f"{value.name}: {text}"
        for place, value in enumerate(enum.value)
        if (text := comments.get((*path, _VALUES, place), ""))
    ]
    text = " ".join(filter(None, [comments.get(path, ""), "; ".join(told)]))
    described: JsonSchema = {"description": text} if text else {}
    return {"type": "string"} | described | {"enum": [value.name for value in enum.value]}


def _comments(file: FileDescriptorProto) -> Comments:
    """What is written above a thing, or else behind it, on one line."""
    return {
        tuple(place.path): re.sub(r"\s+", " ", text).strip()
        for place in file.source_code_info.location
        if (text := place.leading_comments or place.trailing_comments)
    }


@cache
def _files() -> tuple[FileDescriptorProto, ...]:
    names = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "motcua").rglob("*.proto"))
    with TemporaryDirectory() as folder:
        made = Path(folder) / "schemas.binpb"
        argv = (sys.executable, "-m", "grpc_tools.protoc", "-I.", "--include_source_info")
        subprocess.run((*argv, f"--descriptor_set_out={made}", *names), cwd=PROTO, check=True)  # noqa: S603 - our own compiler
        return tuple(FileDescriptorSet.FromString(made.read_bytes()).file)
