"""Publishers and accounts of the registry, from Protobuf."""

from __future__ import annotations

from datetime import date

from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel import parties
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import Instant


def publisher_from_proto(
    message: pb.Publisher, recorded_at: Instant | None = None
) -> parties.Publisher:
    """The kernel's publisher; `recorded_at` is the broker's append time, None outside the log."""
    return parties.Publisher(
        id=message.id,
        name=message.name,
        units=tuple(message.units),
        key_sha256=tuple(message.key_sha256),
        revoked=message.revoked,
        keys=tuple(_key(one) for one in message.keys),
        subjects=tuple(message.subjects),
        events_per_minute=message.events_per_minute or None,
        events_per_day=message.events_per_day or None,
        cap=parties.QuarantineCap(message.cap.percent, message.cap.window, message.cap.run)
        if message.HasField("cap")
        else None,
        recorded_at=recorded_at,
    )


def account_from_proto(message: pb.Account) -> parties.Account:
    """The kernel's account.

    Raises:
        Invalid: a grant has no role.
        ValueError: a day is none.
    """
    return parties.Account(
        id=message.id,
        grants=tuple(_grant(one) for one in message.grants),
        keys=tuple(_key(one) for one in message.keys),
        subjects=tuple(message.subjects),
        revoked=message.revoked,
    )


def _key(message: pb.ApiKey) -> parties.ApiKey:
    return parties.ApiKey(
        id=message.id,
        sha256=message.sha256.lower(),
        valid_from=Instant(message.valid_from) if message.valid_from else None,
        valid_until=Instant(message.valid_until) if message.valid_until else None,
        revoked=message.revoked,
    )


def _grant(message: pb.Grant) -> parties.Grant:
    if message.role == pb.ROLE_UNSPECIFIED:
        raise Invalid("role", "a role: reader, officer or administrator", "none")
    return parties.Grant(
        role=parties.Role(message.role),
        units=tuple(message.units),
        first_day=date.fromisoformat(message.first_day) if message.first_day else None,
        last_day=date.fromisoformat(message.last_day) if message.last_day else None,
    )
