"""The contract of an event in JSON: CloudEvents 1.0 attributes around the fields of a change.

One table, `CONTRACTS`, made from the kernel's `CHANGE_OF_KIND`: a field added there is accepted,
documented and converted here without another line. Unknown fields are refused, which is also what
keeps personal data out (law L7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, cast

import msgspec
from motcua_kernel.admission import (
    CODE_PATTERN,
    ID_PATTERN,
    MARK_BYTES,
    MAX_ADDED_MINUTES,
    MAX_SOURCE,
    MAX_TEXT,
    SOURCE_PATTERN,
)
from motcua_kernel.events import CHANGE_OF_KIND, Change, Channel, Kind
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE_PREFIX: Final = "motcua.dossier.v1."

CHANNEL_OF_WORD: Final[dict[str | None, Channel]] = {
    "counter": Channel.COUNTER,
    "online": Channel.ONLINE,
    "post": Channel.POST,
    None: Channel.UNSPECIFIED,
}
_WORD_OF_CHANNEL = {channel: word for word, channel in CHANNEL_OF_WORD.items()}


_BASE64: Final = "(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?"


def _pattern(text: str) -> dict[str, Any]:
    """A pattern for the document; admission holds events to it, whichever way they come in."""
    return {"pattern": f"^{text}$"}


_Text = Annotated[str, Meta(max_length=MAX_TEXT, extra_json_schema=_pattern(CODE_PATTERN))]
_RequiredText = Annotated[
    str, Meta(min_length=1, max_length=MAX_TEXT, extra_json_schema=_pattern(CODE_PATTERN))
]
_ChannelWord = Literal["counter", "online", "post"]
_Mark = Annotated[
    bytes,
    Meta(
        max_length=MARK_BYTES.stop - 1,
        description="HMAC under the provincial secret, base64",
        extra_json_schema=_pattern(_BASE64),
    ),
]
_Minutes = Annotated[int, Meta(ge=1, le=MAX_ADDED_MINUTES)]


class Envelope(
    msgspec.Struct,
    frozen=True,
    gc=False,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """The CloudEvents attributes; `type` picks the contract and so the form of `data`."""

    specversion: Literal["1.0"]
    id: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_TEXT,
            description="Unique per publisher",
            extra_json_schema=_pattern(ID_PATTERN),
        ),
    ]
    source: Annotated[
        str,
        Meta(min_length=1, max_length=MAX_SOURCE, extra_json_schema=_pattern(SOURCE_PATTERN)),
    ]
    subject: Annotated[str, Meta(max_length=MAX_TEXT, description="Dossier code (mã hồ sơ)")]
    time: Annotated[
        str,
        Meta(
            max_length=64,
            description="When it happened at the counter, with the offset from UTC",
            extra_json_schema={"format": "date-time"},
        ),
    ]
    sequence: Annotated[
        str,
        Meta(max_length=19, description="Decimal; rises with each event of the source"),
    ] = "0"
    backfill: Annotated[
        bool,
        Meta(description="Told long after, with its own date: counted, but nobody is warned of it"),
    ] = False
    datacontenttype: Literal["application/json"] = "application/json"
    data: Any


class Contract(msgspec.Struct, frozen=True):
    """How events of one kind are read: the strict form, and the way from it to the kernel."""

    kind: Kind
    form: type[Envelope]
    to_change: Callable[[Any], Change]


def _field(field: msgspec.structs.FieldInfo) -> tuple[str, Any] | tuple[str, Any, Any]:
    if field.type is Channel:
        if field.required:
            return (field.name, _ChannelWord)
        word = _WORD_OF_CHANNEL[field.default]
        return (field.name, _ChannelWord if word else _ChannelWord | None, word)
    if field.type is str and field.required:
        return (field.name, _RequiredText)
    forms: dict[Any, Any] = {str: _Text, bytes: _Mark, int: _Minutes, bool: bool}
    form = forms[field.type]
    return (field.name, form) if field.required else (field.name, form, field.default)


def _contract(kind: Kind, change: type[Change]) -> Contract:
    fields = msgspec.structs.fields(change)
    data = msgspec.defstruct(
        change.__name__,
        [_field(field) for field in fields],
        frozen=True,
        gc=False,
        forbid_unknown_fields=True,
    )
    form = msgspec.defstruct(
        f"{change.__name__}Event",
        [("data", data)],
        bases=(Envelope,),
        tag=TYPE_PREFIX + change.__name__,
        frozen=True,
        gc=False,
        kw_only=True,
        forbid_unknown_fields=True,
    )
    return Contract(kind, cast("type[Envelope]", form), _conversion(change, fields))


def _conversion(
    change: type[Change], fields: tuple[msgspec.structs.FieldInfo, ...]
) -> Callable[[Any], Change]:
    place = next((at for at, field in enumerate(fields) if field.type is Channel), None)
    values_of = msgspec.structs.astuple
    if place is None:
        return lambda data: change(*values_of(data))

    def with_channel(data: Any) -> Change:
        values: list[Any] = list(values_of(data))
        values[place] = CHANNEL_OF_WORD[values[place]]
        return change(*values)

    return with_channel


CONTRACTS: Final[dict[type[Envelope], Contract]] = {
    contract.form: contract
    for contract in (_contract(kind, change) for kind, change in CHANGE_OF_KIND.items())
}
"""Every contract, by the form that its events decode to."""

AnyEvent: Final[Any] = Union[tuple(CONTRACTS)]  # noqa: UP007 - made at run time
"""What one event may be."""
