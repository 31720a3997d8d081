"""The fold alone: all events of all dossiers, from memory, on one core."""

from __future__ import annotations

import time

from motcua_kernel.events import Event
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_platform.dossier_codec import event_from_record, event_headers, event_to_value

from bench.results import Row


def fold_row(events: list[Event], registry: Registry) -> Row:
    """Events folded a second, beside events decoded a second from their records."""
    records = [(event_to_value(event), event_headers(event)) for event in events]
    started = time.perf_counter()
    decoded = [event_from_record(value, headers, Instant(0)) for value, headers in records]
    decode_seconds = time.perf_counter() - started
    dossiers: dict[str, list[Event]] = {}
    for event in decoded:
        dossiers.setdefault(event.dossier, []).append(event)
    started = time.perf_counter()
    for code, told in dossiers.items():
        fold(code, told, registry)
    fold_seconds = time.perf_counter() - started
    return Row.of(
        "fold.events_per_s",
        len(events) / fold_seconds,
        "events/s",
        target=100_000,
        baseline=len(events) / decode_seconds,
    )
