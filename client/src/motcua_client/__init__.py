"""Publishes dossier events to Motcua's intake: a durable spool, retries, one answer per event."""

from motcua_client.answers import Verdict
from motcua_client.async_client import AsyncClient
from motcua_client.client import Client
from motcua_client.errors import (
    Away,
    ClientError,
    Invalid,
    NotAdmitted,
    Refused,
    SpoolError,
    SpoolFull,
    SpoolInUse,
)
from motcua_client.progress import Progress
from motcua_client.retrying import Pace
from motcua_client.spool import SetAside, Spool

__all__ = [
    "AsyncClient",
    "Away",
    "Client",
    "ClientError",
    "Invalid",
    "NotAdmitted",
    "Pace",
    "Progress",
    "Refused",
    "SetAside",
    "Spool",
    "SpoolError",
    "SpoolFull",
    "SpoolInUse",
    "Verdict",
]
