"""Settings of processing."""

from __future__ import annotations

from typing import Annotated

from motcua_platform.settings import ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """Environment variables with the prefix `MOTCUA_`."""

    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8102
    database_url: SecretStr
    """postgresql://user:password@host:port/database"""
    database_schema: str = "motcua"
    group_id: str = "motcua-processing"
    group_instance: str | None = None
    """A name that this process keeps over restarts and shares with no other: it then takes up its
    partitions again at once, instead of after the session of its dead predecessor (KIP-345)."""
    batch_records: Annotated[int, Field(ge=1)] = 8000
    batch_wait_ms: Annotated[int, Field(ge=1)] = 40
    publication_lanes: Annotated[int, Field(ge=1)] = 4
    """Into so many lanes the states partitions are dealt; fixed for a deployment."""
    public_totals: bool = False
    """Whether anyone may ask for monthly totals of a unit, small cells kept back."""
    small_cell: Annotated[int, Field(ge=2)] = 5
    """Counts from 1 to below this are kept from the public."""
    notice_tick_seconds: Annotated[float, Field(gt=0)] = 1.0
    """How often, in real time, deadlines are looked at."""
