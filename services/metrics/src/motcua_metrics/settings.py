"""The settings of metrics."""

from __future__ import annotations

from typing import Annotated

from motcua_platform.settings import ServiceSettings
from pydantic import Field, SecretStr


class MetricsSettings(ServiceSettings):
    """Where to read, which partitions, and whom to compare the balance with."""

    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8103
    shard_ordinal: Annotated[int, Field(ge=0)] = 0
    """This process reads the states partitions p with p % shard_count == shard_ordinal."""
    shard_count: Annotated[int, Field(ge=1)] = 1
    on_time_objective: Annotated[float, Field(gt=0, le=1)] = 0.98
    """The share to be resolved in time by units of which the registry says nothing."""
    processing_url: str = ""
    """Base address of processing; without it no balance residual is shown."""
    processing_key: SecretStr = SecretStr("")
    """API key of an account that administers; processing asks for one unless it is open."""
    balance_poll_seconds: Annotated[float, Field(gt=0)] = 15.0
