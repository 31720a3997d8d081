"""`motcua keys`: API keys of publishers and accounts."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer
from motcua.registry.v1 import registry_pb2 as pb
from motcua_platform.domain_clock import real_now
from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.access.keys import (
    PLAIN,
    PREFIX,
    Term,
    ending_at,
    party_of,
    with_key,
    without_key,
)
from motcua_cli.commands.options import USUAL_KAFKA, Kafka
from motcua_cli.console import plain, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.registry.files import sourced
from motcua_cli.registry.log import latest_entries, write_entries

app = typer.Typer(
    no_args_is_help=True,
    help="Khóa API của hệ thống gửi và tài khoản · API keys of publishers and accounts",
)

Party = Annotated[str, typer.Argument(help="Mã hệ thống gửi hoặc tài khoản · publisher or account")]
IsAccount = Annotated[bool, typer.Option("--account", help="Là tài khoản · it is an account")]
Name = Annotated[str, typer.Option("--id", help="Tên của khóa · what to call the key")]
Days = Annotated[int, typer.Option(min=0, help="Số ngày hiệu lực, 0: không hạn · days it is valid")]

_DAY_MS = 86_400_000


@app.command()
@reports_failures
def issue(
    party: Party,
    account: IsAccount = False,
    name: Name = "",
    days: Days = 365,
    kafka: Kafka = USUAL_KAFKA,
) -> None:
    """Cấp khóa mới, chỉ hiện một lần · Issue a key; it is shown once."""
    entry = _entry(kafka, party, account=account)
    _give(kafka, entry, name, days)


@app.command()
@reports_failures
def rotate(  # noqa: PLR0917 - the options of the command
    party: Party,
    account: IsAccount = False,
    name: Name = "",
    days: Days = 365,
    overlap: Annotated[int, typer.Option(min=0, help="Số ngày khóa cũ còn dùng được · days")] = 7,
    kafka: Kafka = USUAL_KAFKA,
) -> None:
    """Cấp khóa mới, khóa cũ hết hạn sau thời gian gối đầu · A new key; the old ones end later."""
    entry = _entry(kafka, party, account=account)
    _give(kafka, ending_at(entry, real_now() + overlap * _DAY_MS), name, days)


@app.command()
@reports_failures
def revoke(
    party: Party,
    name: Annotated[str, typer.Argument(help=f"Tên khóa, hoặc {PLAIN} · the key's id")],
    account: IsAccount = False,
    kafka: Kafka = USUAL_KAFKA,
) -> None:
    """Thu hồi khóa ngay · Revoke a key at once."""
    _write(kafka, without_key(_entry(kafka, party, account=account), name))
    say(f"Đã thu hồi khóa {name} của {party}.", f"Key {name} of {party} is revoked.")


@app.command("list")
@reports_failures
def list_keys(party: Party, account: IsAccount = False, kafka: Kafka = USUAL_KAFKA) -> None:
    """Liệt kê khóa, không hiện khóa · List keys by id and term."""
    known = party_of(_entry(kafka, party, account=account))
    for key in known.keys:
        state = "thu hồi · revoked" if key.revoked else ""
        plain(f"{key.id}  {_day(key.valid_from)} … {_day(key.valid_until)}  {state}".rstrip())
    count = len(known.key_sha256) if isinstance(known, pb.Publisher) else 0
    if count:
        plain(f"{PLAIN}  ({count})")


def _give(kafka: KafkaConnection, entry: pb.RegistryEntry, name: str, days: int) -> None:
    now = real_now()
    key = PREFIX + secrets.token_urlsafe(32)
    called = name or datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%d-%H%M%S")
    term = Term(now, now + days * _DAY_MS if days else 0)
    _write(kafka, with_key(entry, called, key, term))
    say(
        f"Khóa {called}, hiệu lực {_day(term.start)} … {_day(term.until)}; chỉ hiện lần này:",
        f"key {called}; it is not shown again:",
    )
    plain(key)


def _entry(kafka: KafkaConnection, party: str, *, account: bool) -> pb.RegistryEntry:
    kind = "account" if account else "publisher"
    known = asyncio.run(latest_entries(kafka)).get(f"{kind}:{party}")
    if known is None:
        raise CommandError(
            f"Danh mục không có {party}.", f"The registry has no {kind} of the id {party}."
        )
    return known


def _write(kafka: KafkaConnection, entry: pb.RegistryEntry) -> None:
    asyncio.run(write_entries(kafka, [sourced(entry, "motcua keys")]))


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat() if moment else "-"
