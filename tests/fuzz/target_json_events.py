"""Bodies of `/v1/events` in JSON: one event or a batch."""

from __future__ import annotations

from motcua_intake.domain.errors import MalformedBody, TooManyEvents
from motcua_intake.domain.json_events import read_json
from taking_in import PUBLISHER, check_taken_in


def one_input(data: bytes) -> None:
    """Refused by name, or candidates that are taken in."""
    try:
        body = read_json(PUBLISHER.id, data)
    except (MalformedBody, TooManyEvents):
        return
    check_taken_in(body.candidates)
