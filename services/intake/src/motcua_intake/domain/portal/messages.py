"""What is read of the portal's messages: an allow-list, so that nothing of a person is (law L7).

The names are the portal's own (reference: fields of `DongBoHoSoMC` and `CapNhatTienDoHoSoMC`).
Whatever else a message has, its names and numbers of persons among them, is never looked at.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

from motcua_intake.domain.errors import MalformedBody, TooManyEvents

MAX_ITEMS: Final = 300
"""Dossiers of one message; each may give several events."""


class Supplement(msgspec.Struct, frozen=True):
    """A supplement asked for (`DanhSachHoSoBoSung`): when it was, and when it came."""

    NgayBoSung: str = ""
    NgayTiepNhanBoSung: str = ""


class Dossier(msgspec.Struct, frozen=True):
    """A dossier as `DongBoHoSoMC` tells it."""

    MaHoSo: str = ""
    MaTTHC: str = ""
    TrangThaiHoSo: str = ""
    DonViXuLy: str = ""
    NgayTiepNhan: str = ""
    NgayKetThucXuLy: str = ""
    NgayTra: str = ""
    DanhSachHoSoBoSung: tuple[Supplement, ...] = ()


class Progress(msgspec.Struct, frozen=True):
    """A step of a dossier as `CapNhatTienDoHoSoMC` tells it."""

    MaHoSo: str = ""
    TrangThai: str = ""
    ThoiDiemXuLy: str = ""
    PhongBanXuLy: str = ""


Item: TypeAlias = Dossier | Progress


class Unfit(msgspec.Struct, frozen=True):
    """An item that is no object of its service; `field` is where, as a JSON pointer within it."""

    field: str


class _Message(msgspec.Struct, frozen=True):
    service: str
    data: msgspec.Raw


_FORMS: Final[dict[str, msgspec.json.Decoder[Item]]] = {
    "DongBoHoSoMC": msgspec.json.Decoder(Dossier, strict=False),
    "CapNhatTienDoHoSoMC": msgspec.json.Decoder(Progress, strict=False),
}
SERVICES: Final = tuple(_FORMS)
_decode_message: Final = msgspec.json.Decoder(_Message).decode
_decode_items: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


def read_message(body: bytes) -> list[Item | Unfit]:
    """The items of a message; `data` may be one object or an array.

    Raises:
        MalformedBody: no JSON, no `service` that is read here, or no `data`.
        TooManyEvents: none, or more than `MAX_ITEMS`.
    """
    try:
        message = _decode_message(body)
        raw = bytes(message.data)
        items = _decode_items(raw) if raw.lstrip()[:1] == b"[" else [message.data]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody("the text is no JSON with service and data") from error
    decoder = _FORMS.get(message.service)
    if decoder is None:
        raise MalformedBody("service is DongBoHoSoMC or CapNhatTienDoHoSoMC")
    if not 0 < len(items) <= MAX_ITEMS:
        raise TooManyEvents(len(items), MAX_ITEMS)
    return [_item(decoder, item) for item in items]


def _item(decoder: msgspec.json.Decoder[Item], raw: msgspec.Raw) -> Item | Unfit:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        _, _, path = str(error).partition(" - at `$")
        known = path.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "")
        return Unfit(known if known.lstrip("/").split("/")[0] in _NAMES else "")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unfit("")


_NAMES: Final = frozenset(
    field.encode_name for form in (Dossier, Progress) for field in msgspec.structs.fields(form)
)
