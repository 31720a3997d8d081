"""Settings: environment variables with the prefix `MOTCUA_`, one frozen class a service.

A secret may come from a file: `MOTCUA_DATABASE_URL_FILE=/run/secrets/url` gives
`MOTCUA_DATABASE_URL`. Unknown `MOTCUA_` names of a service's own are refused, so that a typo is
found at start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from motcua_platform.errors import Misconfigured

PREFIX = "MOTCUA_"
_FILE_SUFFIX = "_FILE"


class ServiceSettings(BaseSettings):
    """What every service needs to know."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    environment: Literal["production", "development"] = "production"
    """Production refuses a mapping of domain time (law L9)."""
    kafka_bootstrap: str
    """`host:port`, several with commas."""
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)]
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    failpoint: str = ""
    """Name of a place in the code where the process kills itself once; for fault tests only."""


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def read_settings(
    settings: type[SettingsT], environment: Mapping[str, str] | None = None
) -> SettingsT:
    """The settings of a service from its environment.

    Raises:
        Misconfigured: a name is unknown, missing, or has an impossible value; the message names it.
    """
    given = os.environ if environment is None else environment
    values = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in given.items()
        if name.startswith(PREFIX)
    }
    for name in [name for name in values if name.endswith(_FILE_SUFFIX.lower())]:
        path = Path(values.pop(name))
        try:
            values[name.removesuffix(_FILE_SUFFIX.lower())] = path.read_text("utf-8").strip()
        except OSError as error:
            raise Misconfigured(f"{PREFIX}{name.upper()}: a file that can be read") from error
    try:
        return settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise Misconfigured(faults) from error
