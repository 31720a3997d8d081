"""Bodies of `/v1/portal`: messages of the national portal's shape."""

from __future__ import annotations

from motcua_intake.application.sync_portal import SyncPortal
from motcua_intake.domain.errors import MalformedBody, TooManyEvents
from motcua_intake.domain.portal.messages import read_message
from taking_in import PUBLISHER, Door, at_once, check_answers, check_travels


def one_input(data: bytes) -> None:
    """Refused by name, or events that the same message again does not tell twice."""
    try:
        items = read_message(data)
    except (MalformedBody, TooManyEvents):
        return
    door = Door()
    sync = SyncPortal(door.accept, door.source, door.clock)
    first = at_once(sync.sync(PUBLISHER, items))
    written = list(door.log.events)
    check_answers(first, at_once(sync.sync(PUBLISHER, items)), len(first))
    assert door.log.events == written, "a repetition was written"
    for event in written:
        check_travels(event)
