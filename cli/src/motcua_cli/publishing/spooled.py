"""Draining a spool for a command, and its errors in both languages."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from motcua_client import (
    AsyncClient,
    Away,
    ClientError,
    NotAdmitted,
    Pace,
    Progress,
    Refused,
    SetAside,
    Spool,
    SpoolFull,
    SpoolInUse,
)
from motcua_client.progress import Listener

from motcua_cli.errors import CommandError
from motcua_cli.vietnamese import whole


async def drain(spool: Spool, url: str, key: str, patience: float, listener: Listener) -> Progress:
    """Send what waits in the spool.

    Raises:
        ClientError: it stopped before; the rest waits in the spool.
    """
    async with AsyncClient(url, key, spool, pace=Pace(patience=patience)) as client:
        return await client.drain(listener)


@contextmanager
def told_in_both_languages(url: str) -> Generator[None]:
    """Errors of the client as sentences.

    Raises:
        CommandError: the block raised an error of the client.
    """
    try:
        yield
    except ClientError as error:
        vietnamese, english = _sentences(error, url)
        raise CommandError(vietnamese, english) from error


def _sentences(error: ClientError, url: str) -> tuple[str, str]:
    match error:
        case Away():
            wait = f" (hẹn sau {whole(round(error.retry_after))} giây)" if error.retry_after else ""
            vietnamese = (
                f"Dịch vụ tiếp nhận {url} không phục vụ{wait}: {error.why}. "
                "Sự kiện còn trong hàng đợi trên đĩa; chạy lại đúng lệnh này để gửi tiếp."
            )
            english = (
                f"Intake at {url} does not serve ({error.why}); the events wait in the spool, "
                "run the same command again."
            )
            return vietnamese, english
        case NotAdmitted():
            return (
                f"Khóa trong MOTCUA_KEY không được chấp nhận: {error.title}.",
                f"The key in MOTCUA_KEY is not accepted (HTTP {error.status}).",
            )
        case Refused():
            return (
                f"{url} không phải là dịch vụ tiếp nhận (HTTP {error.status}): {error.title}.",
                f"There is no intake at {url} (HTTP {error.status}).",
            )
        case SpoolFull():
            return (
                "Đĩa đầy, hàng đợi không nhận thêm; hãy giải phóng dung lượng rồi chạy lại.",
                f"The disk is full: {error}. Free some space and run the same command again.",
            )
        case SpoolInUse():
            return ("Một tiến trình khác đang gửi từ hàng đợi này.", f"{error}.")
        case _:
            return (f"Hàng đợi trên đĩa không dùng được: {error}.", f"The spool fails: {error}.")


def reason(one: SetAside) -> str:
    """Why an event was set aside, on one line: its id, place, rule and what would be right."""
    where = f" {one.field}" if one.field else ""
    what = f": {one.expected}" if one.expected else ""
    return f"{one.event.id or '?'}{where} [{one.rule}]{what}"
