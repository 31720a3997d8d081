"""What intake needs to know at start."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from motcua_platform.settings import ServiceSettings
from pydantic import Field


class IntakeSettings(ServiceSettings):
    """Settings of intake; environment variables with the prefix `MOTCUA_`."""

    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8101
    body_limit: Annotated[int, Field(gt=0)] = 5 * 1024 * 1024
    """The largest body of a request, in bytes."""
    body_patience: timedelta = timedelta(seconds=10)
    """How long a publisher may take to send a body."""
    import_limit: Annotated[int, Field(gt=0)] = 64 * 1024 * 1024
    """The largest table, in bytes."""
    import_patience: timedelta = timedelta(minutes=5)
    """How long a publisher may take to send a table."""
    max_imports: Annotated[int, Field(gt=0)] = 2
    """Imports at the same time; more are told to come back."""
    log_patience: timedelta = timedelta(seconds=5)
    """How long the log may take to acknowledge a request."""
    events_per_minute: Annotated[int, Field(ge=0)] = 0
    events_per_day: Annotated[int, Field(ge=0)] = 0
    """What a publisher without limits of its own may send; 0 is without end."""
    processing_url: str = ""
    """Where processing answers what became of an event; empty: publishers cannot ask here."""
    recent_events: Annotated[int, Field(ge=0)] = 50_000
    """How many acknowledged events are remembered."""
    max_active: Annotated[int, Field(gt=0)] = 32
    """Requests in work at the same time."""
    max_waiting: Annotated[int, Field(ge=0)] = 128
    """Requests that may wait for their turn; more are told to come back."""
