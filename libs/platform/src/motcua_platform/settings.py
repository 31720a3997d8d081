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
from typing import Annotated, Final, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from motcua_platform.errors import Misconfigured
from motcua_platform.kafka_connection import KafkaConnection, Mechanism, Scram, Security, Tls

PREFIX = "MOTCUA_"
_FILE_SUFFIX = "_FILE"
_BOOTSTRAP = f"{PREFIX}KAFKA_BOOTSTRAP"
_OF_KAFKA = (f"{PREFIX}KAFKA_", f"{PREFIX}ENVIRONMENT")


class KafkaSettings(BaseSettings):
    """How Kafka is reached: alike for every service and for the command."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    environment: Literal["production", "development"] = "production"
    """Production refuses a mapping of domain time (law L9)."""
    kafka_bootstrap: str
    """`host:port`, several with commas."""
    kafka_security: Security = "plaintext"
    """Production speaks in the clear beyond loopback only where this says so in so many words."""
    kafka_tls_ca: str = ""
    kafka_tls_certificate: str = ""
    kafka_tls_key: str = ""
    """Files in PEM: whom to trust instead of the system's authorities; ours, both or none."""
    kafka_sasl_mechanism: Mechanism = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")

    @property
    def kafka(self) -> KafkaConnection:
        """All of it as one value.

        Raises:
            ValueError: it does not fit together.
        """
        tls = Tls(self.kafka_tls_ca, self.kafka_tls_certificate, self.kafka_tls_key)
        password = self.kafka_password.get_secret_value()
        if self.kafka_security == "plaintext":
            return KafkaConnection(self.kafka_bootstrap)
        if self.kafka_security == "tls":
            return KafkaConnection(self.kafka_bootstrap, tls)
        scram = Scram(self.kafka_username, password, self.kafka_sasl_mechanism)
        return KafkaConnection(self.kafka_bootstrap, tls, scram)

    @model_validator(mode="after")
    def _reaches_kafka(self) -> Self:
        """What is said fits together, its files can be used, and nothing is said in vain."""
        kafka = self.kafka
        said = self.model_fields_set
        for name, kinds in _ONLY_WITH.items():
            if name in said and self.kafka_security not in kinds and _is_given(self, name):
                raise ValueError(f"{name}: only with kafka_security={' or '.join(kinds)}")
        if kafka.tls is not None:
            kafka.tls.context()
        remote = not all(is_loopback(host) for host in kafka.hosts)
        if self.environment == "production" and remote and "kafka_security" not in said:
            raise ValueError(
                "kafka_security: beyond loopback tls or sasl_tls, or plaintext where that is meant"
            )
        return self


_ONLY_WITH: Final[dict[str, tuple[Security, ...]]] = {
    "kafka_tls_ca": ("tls", "sasl_tls"),
    "kafka_tls_certificate": ("tls", "sasl_tls"),
    "kafka_tls_key": ("tls", "sasl_tls"),
    "kafka_sasl_mechanism": ("sasl_tls",),
    "kafka_username": ("sasl_tls",),
    "kafka_password": ("sasl_tls",),
}


def _is_given(settings: KafkaSettings, name: str) -> bool:
    value: str | SecretStr = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


class ServiceSettings(KafkaSettings):
    """What every service needs to know."""

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


def read_kafka(bootstrap: str, environment: Mapping[str, str] | None = None) -> KafkaConnection:
    """How Kafka is reached at these addresses, for a tool that has no settings of its own.

    Raises:
        Misconfigured: the variables `MOTCUA_KAFKA_…` do not fit together; the message names them.
    """
    given = os.environ if environment is None else environment
    kept = {name: value for name, value in given.items() if name.startswith(_OF_KAFKA)}
    kept.pop(f"{_BOOTSTRAP}{_FILE_SUFFIX}", None)
    return read_settings(KafkaSettings, kept | {_BOOTSTRAP: bootstrap}).kafka


SettingsT = TypeVar("SettingsT", bound=KafkaSettings)


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
