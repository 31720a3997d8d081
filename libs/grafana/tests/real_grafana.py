"""A real Grafana for the contract suite, cleaned of what the suite made.

`make grafana-test URL=https://grafana.example` names it; the token of a service account that
administers it is in `MOTCUA_GRAFANA_TOKEN`.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaException
from motcua_grafana.adapters.address import Address
from motcua_grafana.connect import Library, connect
from motcua_grafana.domain.names import ARCHIVE, key_of_folder, key_of_team
from motcua_grafana.port import GrafanaPort

TEST_URL = "MOTCUA_GRAFANA_TEST_URL"
TRIAL = "mt-trial-"
"""How the uids of folders and the names of teams begin that only the suite makes."""


@contextmanager
def real_grafana(library: Library) -> Generator[GrafanaPort]:
    """The server named in the environment.

    Raises:
        RuntimeError: it has folders of Motcua; the suite would archive them.
    """
    address = Address(os.environ[TEST_URL], os.environ["MOTCUA_GRAFANA_TOKEN"])
    port = connect(address, library)
    if any(_is_motcuas(uid) for uid in port.folder_uids()):
        raise RuntimeError("this Grafana is in use by Motcua; name an empty one")
    try:
        yield port
    finally:
        _clean(port, GrafanaApi(**address.arguments()))


def _clean(port: GrafanaPort, api: Any) -> None:
    """Folders take their dashboards with them."""
    for uid in port.folder_uids():
        if _is_motcuas(uid) or uid.startswith(TRIAL):
            with suppress(GrafanaException):  # gone with the folder above it
                api.folder.delete_folder(uid)
    for team in port.teams():
        if key_of_team(team.name) is not None or team.name.startswith(TRIAL):
            api.teams.delete_team(team.id)


def _is_motcuas(uid: str) -> bool:
    return uid == ARCHIVE or key_of_folder(uid) is not None
