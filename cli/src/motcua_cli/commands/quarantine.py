"""`motcua quarantine`: records that were set aside, and what is decided about them."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import msgspec
import typer
from rich.table import Table

from motcua_cli.commands.options import DEFAULT_PROCESSING_URL, ProcessingUrl
from motcua_cli.console import out, plain, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.processing_api import ProcessingApi, client_of

app = typer.Typer(no_args_is_help=True, help="Bản ghi bị cách ly · quarantined records")

Record = Annotated[str, typer.Argument(help="Mã bản ghi · id of the record")]
Reason = Annotated[str, typer.Option(help="Mã lý do · code of the ground")]

_SECONDS = 30.0


@app.command("list")
@reports_failures
def list_records(
    url: ProcessingUrl = DEFAULT_PROCESSING_URL,
    publisher: Annotated[str, typer.Option(help="Hệ thống gửi · publisher")] = "",
    rule: Annotated[str, typer.Option(help="Quy tắc · rule")] = "",
    decided: Annotated[bool, typer.Option("--decided", help="Đã quyết định · decided")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Số dòng · rows")] = 100,
) -> None:
    """Liệt kê · List what was set aside and waits for a decision."""
    state = "decided" if decided else "open"
    query = {"publisher": publisher, "rule": rule, "state": state, "limit": str(limit)}
    with _api(url) as api:
        records = _decoded(api.get("/v1/quarantine?" + urlencode(query)))["records"]
    table = Table("Bản ghi / record", "Hệ thống gửi / publisher", "Id", "Hồ sơ / dossier")
    for name in ("Quy tắc / rule", "Trường / field"):
        table.add_column(name)
    for one in records:
        table.add_row(
            *(one[name] for name in ("record", "publisher", "id", "dossier", "rule", "field"))
        )
    out.print(table)


@app.command()
@reports_failures
def show(record: Record, url: ProcessingUrl = DEFAULT_PROCESSING_URL) -> None:
    """Xem nội dung, để sửa rồi giải phóng · Show a record; its event can be mended in a file."""
    with _api(url) as api:
        found = _decoded(api.get(_path(record)))
    plain(json.dumps(found, ensure_ascii=False, indent=2))


@app.command()
@reports_failures
def explain(record: Record, url: ProcessingUrl = DEFAULT_PROCESSING_URL) -> None:
    """Giải thích vì sao và nên làm gì · Say what was wrong and what can be done."""
    with _api(url) as api:
        told = _decoded(api.get(_path(record)))["explanation"]
    plain(f"{told['field'] or '/'}: {told['rule']}")
    plain(f"  {told['expected']}")
    plain(f"  {told['advice']}")


@app.command()
@reports_failures
def release(
    record: Record,
    reason: Reason,
    url: ProcessingUrl = DEFAULT_PROCESSING_URL,
    event: Annotated[
        Path | None, typer.Option(help="Tệp JSON của sự kiện đã sửa · the mended event")
    ] = None,
    new_id: Annotated[str, typer.Option("--id", help="Id mới · a new id")] = "",
) -> None:
    """Giải phóng nguyên trạng hoặc đã sửa · Let a record in, as told or mended."""
    body: dict[str, Any] = {"reason": reason, "id": new_id}
    if event is not None:
        body["event"] = _event(event)
    with _api(url) as api:
        done = _decoded(api.post(_path(record) + "/release", msgspec.json.encode(body)))
    mended = ", ".join(done["mended"])
    say(f"Đã giải phóng {record} ({mended or 'nguyên trạng'}).", f"Released as {done['id']}.")


@app.command()
@reports_failures
def discard(record: Record, reason: Reason, url: ProcessingUrl = DEFAULT_PROCESSING_URL) -> None:
    """Loại bỏ, có lý do · Leave a record out for good, with the reason."""
    with _api(url) as api:
        api.post(_path(record) + "/discard", msgspec.json.encode({"reason": reason}))
    say(f"Đã loại bỏ {record}.", "Discarded.")


@app.command()
@reports_failures
def closed(url: ProcessingUrl = DEFAULT_PROCESSING_URL) -> None:
    """Hệ thống gửi đang bị tạm ngừng · Publishers that intake is closed to."""
    with _api(url) as api:
        for publisher in _decoded(api.get("/v1/publishers/closed"))["publishers"]:
            plain(publisher)


@app.command()
@reports_failures
def reopen(
    publisher: Annotated[str, typer.Argument(help="Mã hệ thống gửi · publisher")],
    url: ProcessingUrl = DEFAULT_PROCESSING_URL,
) -> None:
    """Mở lại tiếp nhận cho một hệ thống gửi · Let a publisher in again."""
    with _api(url) as api:
        api.post(f"/v1/publishers/{quote(publisher, safe='')}/open", b"{}")
    say(f"Đã mở lại cho {publisher}.", f"Open to {publisher} again.")


@contextmanager
def _api(url: str) -> Generator[ProcessingApi]:
    with client_of(url, _SECONDS) as http:
        yield ProcessingApi(http, url)


def _path(record: str) -> str:
    return "/v1/quarantine/" + quote(record, safe="")


def _decoded(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body, type=dict[str, Any])


def _event(path: Path) -> dict[str, Any]:
    """The event in a file: the whole answer of `show`, or its `event` alone."""
    try:
        found = _decoded(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise CommandError(f"Không đọc được {path}.", f"Cannot read {path}.") from error
    event: dict[str, Any] = found.get("event", found)
    return event
