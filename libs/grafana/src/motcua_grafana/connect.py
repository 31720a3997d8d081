"""A Grafana to talk to, through the library of one's choice."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua_grafana.adapters.address import Address
    from motcua_grafana.port import GrafanaPort


class Library(Enum):
    """The Python library that speaks to Grafana."""

    GRAFANA_API = "grafana-api"
    """The old one, and grafana-client where it has no word."""

    GRAFANA_CLIENT = "grafana-client"
    """The current one alone."""


def connect(address: Address, library: Library = Library.GRAFANA_API) -> GrafanaPort:
    """The port over a library; nothing is asked yet. Only who connects loads the libraries."""
    if library is Library.GRAFANA_CLIENT:
        from motcua_grafana.adapters.current_library import CurrentLibrary  # noqa: PLC0415

        return CurrentLibrary(address)
    from motcua_grafana.adapters.old_library import OldLibrary  # noqa: PLC0415

    return OldLibrary(address)
