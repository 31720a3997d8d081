"""`motcua conformance`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import parse_rfc3339

from motcua_cli.conformance.door import Ground, probe_door
from motcua_cli.conformance.findings import Finding, Verdict, failures
from motcua_cli.conformance.running import judge_file, judge_publisher
from motcua_cli.console import heading, plain, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.importing.sending import own_publisher
from motcua_cli.processing_api import client_of

_REQUEST_SECONDS: Final = 60.0
_SHOWN: Final = 10
_WORDS: Final[dict[Verdict, str]] = {
    "passed": "ĐẠT · pass",
    "failed": "KHÔNG ĐẠT · FAIL",
    "skipped": "bỏ qua · skip",
}


@reports_failures
def conformance(  # noqa: PLR0917 - the options of the command
    url: Annotated[str, typer.Argument(help="Tiếp nhận của môi trường thử · sandbox intake")],
    events: Annotated[
        Path | None, typer.Option(help="Tệp sự kiện JSON, mỗi dòng một · judge these events")
    ] = None,
    listen: Annotated[
        int | None, typer.Option(help="Đứng giữa ở cổng này, 0: bất kỳ · judge a publisher at work")
    ] = None,
    door: Annotated[bool, typer.Option(help="Thử môi trường trước · probe the sandbox")] = True,
    procedure: Annotated[str, typer.Option(help="Mã thủ tục · code of a procedure")] = "1.000894",
    unit: Annotated[str, typer.Option(help="Đơn vị, mặc định của khóa · id of a unit")] = "",
    at: Annotated[str, typer.Option(help="Thời điểm RFC 3339 · when probes happened")] = "",
    quiet: Annotated[float, typer.Option(min=0.1, help="Giây im lặng · seconds of silence")] = 15.0,
    longest: Annotated[float, typer.Option(min=1, help="Giây tối đa · seconds at most")] = 900.0,
) -> None:
    """Kiểm tra hệ thống gửi với môi trường thử · Check a publisher; the key is in MOTCUA_KEY."""
    failed = 0
    with client_of(url, _REQUEST_SECONDS) as http:
        http.base_url = httpx.URL(url)
        http.headers["Accept-Language"] = "vi"
        try:
            if door:
                ground = Ground(unit or _own_unit(http, url), procedure, _moment(at))
                failed += _report("Môi trường thử", "the sandbox", probe_door(http, ground))
            if events is not None:
                failed += _report("Tệp sự kiện", "the events of the file", judge_file(http, events))
            if listen is not None:
                found = judge_publisher(http, listen, quiet, longest, _listening)
                failed += _report("Hệ thống gửi", "the publisher", found)
        except httpx.TransportError as error:
            raise CommandError(
                f"Không kết nối được {url}.", f"No answer at {url} ({type(error).__name__})."
            ) from error
        except OSError as error:
            raise CommandError(f"Lỗi: {error.strerror}.", f"{error}.") from error
    if failed:
        raise CommandError(f"{failed} mục không đạt.", f"{failed} checks failed.")
    say("Mọi mục đã kiểm tra đều đạt.", "every check made has passed")


def _own_unit(http: httpx.Client, url: str) -> str:
    own_publisher(http, url)
    units: list[str] = http.get("/v1/publisher").json()["units"]
    if not units:
        raise CommandError("Khóa này không gửi thay đơn vị nào.", "The key speaks for no unit.")
    return units[0]


def _moment(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(parse_rfc3339(text) / 1000, UTC)
    except Invalid as error:
        raise CommandError(f"{text} không phải là thời điểm.", f"{text} is no time.") from error


def _listening(url: str) -> None:
    say(
        f"Hãy cho hệ thống gửi gửi đến {url}; yêu cầu đầu tiên sẽ gặp 503, mất trả lời, 429.",
        f"point the publisher to {url}; its first requests meet 503, a lost answer, 429",
    )


def _report(vietnamese: str, english: str, findings: Iterable[Finding]) -> int:
    heading(vietnamese, english)
    told = list(findings)
    for one in told:
        plain(f"{_WORDS[one.verdict]:<17} {one.check:<18} {one.vi}  ·  {one.en}")
        for detail in one.details[:_SHOWN]:
            plain(f"    {detail}")
        if len(one.details) > _SHOWN:
            plain(f"    … {len(one.details) - _SHOWN}")
    return failures(told)
