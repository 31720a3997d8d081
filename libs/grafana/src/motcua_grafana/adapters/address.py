"""Where Grafana is, and with what it is entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Address:
    """The base URL of a Grafana and a token of a service account that administers it."""

    url: str
    token: str = field(repr=False)
    ca_file: str = ""
    """A file of certificates to trust instead of the usual ones."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError("the URL of Grafana: http(s)://host[:port][/path], without a user")

    def arguments(self) -> dict[str, Any]:
        """The arguments that both libraries take."""
        parts = urlsplit(self.url)
        path = parts.path.strip("/")
        return {
            "auth": self.token,
            "host": f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname,
            "port": parts.port,
            "url_path_prefix": f"{path}/" if path else "",
            "protocol": parts.scheme,
            "verify": self.ca_file or True,
            "timeout": _SECONDS,
        }
