"""Requests of intake's operations for schemathesis: bodies that a schema cannot describe, senders.

Of what the document allows, half is made to name what the small registry knows.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from typing import Any, Final, cast
from zlib import crc32

import schemathesis
import zstandard
from hypothesis import strategies as st
from motcua.dossier.v1 import events_pb2 as pb
from openpyxl import Workbook

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEADERS: Final = ("Mã hồ sơ", "Mã TTHC", "Đơn vị xử lý", "Ngày tiếp nhận", "Trạng thái")
ROW: Final = ("000.00.31.H16-200106-0001", "1.000894", "666", "06/01/2020", "Đang xử lý")
KNOWN: Final = {
    "procedure": "1.000894",
    "receiving_unit": "666",
    "resolving_unit": "24733",
    "reporting_unit": "666",
    "department": "",
    "subject": "000.00.31.H16-200106-0001",
    "time": "2020-01-06T08:15:00+07:00",
    "MaHoSo": "000.00.31.H16-200106-0001",
    "MaTTHC": "1.000894",
    "DonViXuLy": "666",
    "TrangThaiHoSo": "4",
    "TrangThai": "5",
    "NgayTiepNhan": "20200106081500",
    "ThoiDiemXuLy": "20200107081500",
}
_DAYS: Final = st.dates().map(lambda day: day.strftime("%d/%m/%Y"))
_ROWS: Final = st.lists(
    st.one_of(
        st.just(ROW),
        st.tuples(st.just(ROW[0]), st.just(ROW[1]), st.sampled_from(("666", "664")), _DAYS),
        st.lists(st.text(max_size=12), max_size=5).map(tuple),
    ),
    max_size=4,
)
_INSTANTS: Final = st.integers(1_262_304_000_000, 1_604_000_000_000)


def named_things_exist(body: Any) -> Any:
    """The body, or one of the same form that names what the registry knows."""
    if isinstance(body, bytes) or crc32(repr(body).encode()) % 2:
        return body
    return _known(body)


def _known(node: Any) -> Any:
    if isinstance(node, list):
        return [_known(one) for one in cast("list[Any]", node)]
    if isinstance(node, dict):
        members = cast("dict[str, Any]", node)
        return {
            name: KNOWN[name] if name in KNOWN and isinstance(value, str) else _known(value)
            for name, value in members.items()
        }
    return node


def a_csv(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    return text.getvalue().encode("utf-8", "replace")


def an_xlsx(rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("s")
    for row in (HEADERS, *rows):
        page.append(["".join(letter for letter in cell if letter.isprintable()) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _a_batch(told: list[tuple[str, int]]) -> bytes:
    events = [
        pb.Publication(
            id=name,
            source="/dak-rlap/mot-cua",
            event=pb.DossierEvent(
                dossier=KNOWN["subject"],
                occurred_at=at,
                received=pb.Received(
                    procedure="1.000894",
                    channel=pb.CHANNEL_COUNTER,
                    receiving_unit="666",
                    resolving_unit="666",
                ),
            ),
        )
        for name, at in told
    ]
    return pb.PublicationBatch(events=events).SerializeToString()


def describe_bodies() -> None:
    """Tell schemathesis what is in the bodies of which a document can only say: bytes."""
    table = _ROWS.map(a_csv)
    schemathesis.openapi.media_type("text/csv", table)
    schemathesis.openapi.media_type("application/octet-stream", st.one_of(table, st.binary()))
    schemathesis.openapi.media_type(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ROWS.map(an_xlsx)
    )
    names = st.one_of(st.sampled_from(("e-1", "e-2")), st.text("é x", max_size=3))
    batches = st.lists(st.tuples(names, _INSTANTS), min_size=1, max_size=3).map(_a_batch)
    schemathesis.openapi.media_type("application/protobuf", batches)


class FromManyAddresses:
    """Gives each request an address of its own, and packs its body as its header says.

    Schemathesis sends more wrong keys than one address may.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._numbers = count()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = next(self._numbers)
        address = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 1)
        headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        pack = _PACKING.get(dict(headers).get(b"content-encoding", b"").decode("latin-1"))
        if pack is None:
            await self._app({**scope, "client": address}, receive, send)
            return
        body = pack(await _whole(receive))
        sent = [one for one in headers if one[0] != b"content-length"]
        sent.append((b"content-length", str(len(body)).encode()))
        await self._app({**scope, "client": address, "headers": sent}, _once(body), send)


_PACKING: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "zstd": lambda body: zstandard.ZstdCompressor().compress(body),
}


async def _whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _once(body: bytes) -> Receive:
    messages = iter([{"type": "http.request", "body": body}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive
