"""Settings: environment variables with the prefix `MOTCUA_`, one frozen class a service.

A secret may come from a file: `MOTCUA_DATABASE_URL_FILE=/run/secrets/url` gives
`MOTCUA_DATABASE_URL`. Unknown `MOTCUA_` names of a service's own are refused, so that a typo is
found at start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
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

    access: Literal["guarded", "open"] = "guarded"
    """Open: whoever reaches the service may ask. Refused in production."""
    oidc_issuer: str = ""
    """The `iss` of tokens; without it tokens are not accepted."""
    oidc_audience: str = "motcua"
    """The `aud` that a token must name."""
    oidc_jwks_url: str = ""
    oidc_jwks_path: str = ""
    """Where the issuer's keys (JWKS) are: one of the two."""
    oidc_subject_claim: str = "sub"
    """The claim that says who speaks; the registry says what they may."""
    oidc_leeway_seconds: Annotated[int, Field(ge=0, le=300)] = 30
    """How far the clocks of issuer and service may differ."""
    metrics_key: SecretStr = SecretStr("")
    """The bearer key that opens /metrics; empty: open to whoever reaches the port."""
    tls_certificate: str = ""
    tls_key: str = ""
    """Files in PEM; both or none."""
    trusted_proxies: str = ""
    """Addresses, with commas, of proxies that end TLS and whose X-Forwarded-For is believed."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        """Production is guarded, and what travels beyond this machine is encrypted."""
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key: both, or none")
        if bool(self.oidc_issuer) != bool(self.oidc_jwks_url or self.oidc_jwks_path):
            raise ValueError("oidc_issuer and one of oidc_jwks_url, oidc_jwks_path: both, or none")
        if self.environment == "production":
            if self.access == "open":
                raise ValueError("access: production is guarded")
            encrypted = self.tls_certificate or self.trusted_proxies
            if not is_loopback(self.http_host) and not encrypted:
                raise ValueError("http_host: beyond loopback with TLS, or behind trusted_proxies")
        return self


def is_loopback(host: str) -> bool:
    """Whether a host is this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("10.0.0.1")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}"
            if fault["loc"]
            else fault["msg"]
            for fault in error.errors()
        )
        raise Misconfigured(faults) from error
