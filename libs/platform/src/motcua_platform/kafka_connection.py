"""How Kafka is reached: at which addresses, encrypted how, and as whom.

One value for every client of a process, so that none of them can be forgotten; each library's
words for it are in `kafka_words`.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, NoReturn

from motcua_platform.errors import Misconfigured

Security = Literal["plaintext", "tls", "sasl_tls"]
Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256"]
_PORTS: Final = 65_536


@dataclass(frozen=True, slots=True)
class Tls:
    """Encrypted, the brokers' certificates checked; with a certificate of ours, mutual (mTLS).

    All three are paths of PEM files. Without `ca` the authorities that the system trusts count.
    """

    ca: str = ""
    certificate: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        """Raises: ValueError."""
        if bool(self.certificate) != bool(self.key):
            raise ValueError("kafka_tls_certificate and kafka_tls_key: both, or none")

    def context(self) -> ssl.SSLContext:
        """What a client encrypts with; the files are read once a process.

        Raises:
            Misconfigured: a file is missing or not what it should be; the message names it.
        """
        return _context(self)


@dataclass(frozen=True, slots=True)
class Scram:
    """Who the client is, proved by a password that does not cross the wire (RFC 5802)."""

    username: str
    password: str = field(repr=False)
    mechanism: Mechanism = "SCRAM-SHA-512"

    def __post_init__(self) -> None:
        """Raises: ValueError."""
        if not self.username or not self.password:
            raise ValueError("kafka_username and kafka_password: both, with sasl_tls")


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """A cluster, and how it is spoken to. Without `tls` in the clear, for loopback and tests.

    >>> KafkaConnection("127.0.0.1:9092").security
    'plaintext'
    """

    bootstrap: str
    """`host:port`, several with commas."""
    tls: Tls | None = None
    scram: Scram | None = None

    def __post_init__(self) -> None:
        """Raises: ValueError."""
        if not all(_is_address(server) for server in self.servers):
            raise ValueError("kafka_bootstrap: host:port, several with commas")
        if self.scram is not None and self.tls is None:
            raise ValueError("kafka_username: a password is proved inside TLS only")

    @property
    def servers(self) -> list[str]:
        """The addresses one by one."""
        return [server.strip() for server in self.bootstrap.split(",")]

    @property
    def hosts(self) -> list[str]:
        """The hosts of the addresses, without ports."""
        return [server.rpartition(":")[0].strip("[]") for server in self.servers]

    @property
    def security(self) -> Security:
        """The word for it in the settings."""
        if self.tls is None:
            return "plaintext"
        return "tls" if self.scram is None else "sasl_tls"

    def settings(self) -> dict[str, str]:
        """The settings that say the same, for a process that is started with them.

        >>> KafkaConnection("127.0.0.1:9092").settings()
        {'KAFKA_BOOTSTRAP': '127.0.0.1:9092', 'KAFKA_SECURITY': 'plaintext'}
        """
        said = {"KAFKA_BOOTSTRAP": self.bootstrap, "KAFKA_SECURITY": self.security}
        if self.tls is not None:
            said |= {
                "KAFKA_TLS_CA": self.tls.ca,
                "KAFKA_TLS_CERTIFICATE": self.tls.certificate,
                "KAFKA_TLS_KEY": self.tls.key,
            }
        if self.scram is not None:
            said |= {
                "KAFKA_SASL_MECHANISM": self.scram.mechanism,
                "KAFKA_USERNAME": self.scram.username,
                "KAFKA_PASSWORD": self.scram.password,
            }
        return said


def _is_address(server: str) -> bool:
    host, colon, port = server.rpartition(":")
    return bool(host and colon) and port.isdecimal() and int(port) < _PORTS


@cache
def _context(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=tls.ca or None)
    except OSError as error:
        raise Misconfigured(
            f"kafka_tls_ca: a PEM file of certificates that can be read ({_reason(error)})"
        ) from error
    if tls.certificate:
        try:
            context.load_cert_chain(tls.certificate, tls.key, _refuse_passphrase)
        except (OSError, ValueError) as error:
            raise Misconfigured(
                "kafka_tls_certificate and kafka_tls_key: PEM files that can be read and belong "
                f"together, the key without a passphrase ({_reason(error)})"
            ) from error
    return context


def _refuse_passphrase() -> NoReturn:
    """Nobody is there to be asked for one."""
    raise ValueError("the key has a passphrase")


def _reason(error: Exception) -> str:
    """What went wrong, without a path or a piece of a file."""
    if isinstance(error, ssl.SSLError):
        return error.reason or "not PEM"
    return (error.strerror or "unreadable") if isinstance(error, OSError) else str(error)
