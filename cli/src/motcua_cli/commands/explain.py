"""`motcua explain CODE`: every day of a dossier's deadline, as processing explains it."""

from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import quote

import httpx
import typer

from motcua_cli.commands.options import DEFAULT_PROCESSING_URL, ProcessingUrl
from motcua_cli.console import plain, reports_failures
from motcua_cli.errors import CommandError

_SECONDS: Final = 30.0
_NOT_FOUND: Final = 404


class Language(StrEnum):
    """The languages of an explanation."""

    VI = "vi"
    EN = "en"


@reports_failures
def explain(
    code: Annotated[str, typer.Argument(help="Mã hồ sơ · dossier code")],
    lang: Annotated[Language, typer.Option(help="Ngôn ngữ · language")] = Language.VI,
    url: ProcessingUrl = DEFAULT_PROCESSING_URL,
    at: Annotated[
        str | None, typer.Option(help="Tại thời điểm · as of, like 2020-10-30T17:00:00+07:00")
    ] = None,
    known: Annotated[
        str | None, typer.Option(help="Theo những gì đã biết khi đó · as known then")
    ] = None,
) -> None:
    """Giải trình thời hạn từng ngày · Explain a deadline day by day."""
    times = {name: value for name, value in (("at", at), ("known", known)) if value is not None}
    plain(_page(url, code, {"lang": lang.value, "format": "text", **times}).rstrip("\n"))


def _page(url: str, code: str, parameters: dict[str, str]) -> str:
    path = f"/v1/dossiers/{quote(code, safe='')}/explain"
    try:
        with httpx.Client(base_url=url, timeout=_SECONDS) as client:
            answer = client.get(path, params=parameters)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise CommandError(
            f"Dịch vụ xử lý {url} không trả lời ({type(error).__name__}).",
            f"Processing at {url} does not answer ({type(error).__name__}).",
        ) from error
    if answer.status_code == _NOT_FOUND:
        raise CommandError(f"Không có hồ sơ {code}.", f"There is no dossier {code}.")
    if answer.is_error:
        raise CommandError(
            f"Dịch vụ xử lý từ chối: HTTP {answer.status_code}, {_title(answer)}.",
            f"Processing refused with HTTP {answer.status_code}: {_title(answer)}.",
        )
    return answer.text


def _title(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("title", ""))
    except ValueError:
        return ""
