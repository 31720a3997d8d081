"""The body of a request: within its limits, unpacked, and read as its content type says.

What a publisher sends beyond the limit is thrown away by the server unread, so that the client
gets the answer instead of a broken connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

from motcua_intake.domain.candidates import Body
from motcua_intake.domain.encodings import ENCODINGS, TooLarge, decompress
from motcua_intake.domain.errors import MalformedBody, TooManyEvents
from motcua_intake.domain.json_events import read_json
from motcua_intake.entrypoints import protobuf_body, refusals

if TYPE_CHECKING:
    from datetime import timedelta

    from fastapi import Request

READERS: Final[dict[str, Callable[[str, bytes], Body]]] = {
    "application/json": read_json,
    "application/cloudevents+json": read_json,
    "application/cloudevents-batch+json": read_json,
    protobuf_body.MEDIA_TYPE: protobuf_body.read_protobuf,
}
"""How events are read, by content type."""
IDENTITY: Final = "identity"


@dataclass(frozen=True)
class BodyReader:
    """Reads bodies of at most `limit` bytes that arrive within `patience`."""

    limit: int
    patience: timedelta

    async def read(self, request: Request, publisher: str) -> Body:
        """The events of a publisher in a request.

        Raises:
            Problem: 400 for a body that is not what its headers say, 408 when it does not arrive in
                time, 413 when it is too large, 415 for a content type or encoding that is not read
                here, 422 for no events or too many.
        """
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        read = READERS.get(media_type)
        if read is None:
            raise refusals.unsupported_media_type(tuple(READERS))
        data = await unpacked(request, self.limit, self.patience.total_seconds())
        try:
            return read(publisher, data)
        except MalformedBody as error:
            raise refusals.malformed(str(error)) from error
        except TooManyEvents as error:
            raise refusals.event_count(error.count, error.limit) from error


def encoding_of(request: Request, accepted: tuple[str, ...]) -> str:
    """How a body is packed.

    Raises:
        Problem: 415 for what is not accepted here; a body that is not packed always is.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower() or IDENTITY
    if encoding not in {IDENTITY, *accepted}:
        raise refusals.unsupported_encoding(accepted or (IDENTITY,))
    return encoding


async def unpacked(request: Request, limit: int, patience_seconds: float) -> bytes:
    """The whole body, of at most `limit` bytes packed and unpacked.

    Raises:
        Problem: 400, 408, 413 and 415, as for `BodyReader.read`.
    """
    encoding = encoding_of(request, ENCODINGS)
    data = await _read_bytes(request, limit, patience_seconds)
    if encoding == IDENTITY:
        return data
    try:
        return decompress(encoding, data, limit)
    except TooLarge as error:
        raise refusals.body_too_large(limit) from error
    except MalformedBody as error:
        raise refusals.malformed(str(error)) from error


async def _read_bytes(request: Request, limit: int, patience_seconds: float) -> bytes:
    """The whole body as it came.

    Raises:
        Problem: 413 when it is, or says that it is, larger than `limit` bytes; 408 when it does
            not arrive within `patience_seconds`; 400 when it breaks off.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise refusals.body_too_large(limit)
    try:
        async with asyncio.timeout(patience_seconds):
            return await _collect(request, limit)
    except TimeoutError as error:
        raise refusals.body_too_slow() from error
    except ClientDisconnect as error:
        raise refusals.malformed("The body broke off.") from error


async def _collect(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise refusals.body_too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)
