"""A table on its way to `POST /v1/imports`, its answer read line by line while it comes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx
import msgspec

from motcua_cli.errors import CommandError

Line: TypeAlias = dict[str, Any]
"""A line of the answer; `kind` says which."""

_OK: Final = 200
_decode = msgspec.json.Decoder(Line).decode


@contextmanager
def sending(
    http: httpx.Client, url: str, file: Path, query: Mapping[str, str]
) -> Generator[Iterator[Line]]:
    """The lines of the answer to a table.

    Raises:
        CommandError: intake cannot be reached, refuses the table, or the answer breaks off.
    """
    try:
        with (
            file.open("rb") as content,
            http.stream("POST", f"{url}/v1/imports", params=query, content=content) as response,
        ):
            if response.status_code != _OK:
                response.read()
                raise _refusal(response)
            yield (_decode(line) for line in response.iter_lines() if line)
    except OSError as error:
        raise CommandError(f"Không đọc được {file}.", f"Cannot read {file}.") from error
    except httpx.TransportError as error:
        raise CommandError(
            f"Dịch vụ tiếp nhận {url} không phục vụ; gửi lại cùng tệp là an toàn.",
            f"Intake at {url} does not serve ({type(error).__name__}); sending it again is safe.",
        ) from error


def own_publisher(http: httpx.Client, url: str) -> str:
    """The publisher that the key belongs to.

    Raises:
        CommandError: it belongs to none, or intake cannot be reached.
    """
    try:
        response = http.get(f"{url}/v1/publisher")
    except httpx.TransportError as error:
        raise CommandError(
            f"Dịch vụ tiếp nhận {url} không phục vụ.", f"Intake at {url} does not serve."
        ) from error
    if response.status_code != _OK:
        raise _refusal(response)
    return str(response.json()["id"])


def _refusal(response: httpx.Response) -> CommandError:
    told: dict[str, Any] = {}
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        told = response.json()
    what = ": ".join(str(told[name]) for name in ("title", "detail") if told.get(name))
    rule = told.get("type", f"HTTP {response.status_code}")
    missing = [f"{name} ({', '.join(words)})" for name, words in told.get("missing", {}).items()]
    return CommandError(
        f"Bảng bị từ chối: {'; '.join([what, *missing])}", f"The table was refused ({rule})."
    )
