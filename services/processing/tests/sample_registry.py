"""The sample's registry and its events as the kernel's values."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from motcua_cli.registry.files import read_registry
from motcua_kernel import events as k
from motcua_kernel.instant import Instant, parse_rfc3339
from motcua_kernel.parties import Publisher
from motcua_kernel.registry import Entry, Registry
from motcua_platform.dossier_codec import KIND_OF_TYPE
from motcua_platform.registry_codec import entry_from_proto
from motcua_sample_dak_rlap import REGISTRY, Delivery, generate

_CHANNELS: Final = {one.name.lower(): one for one in k.Channel}


@cache
def sample_entries() -> tuple[tuple[int, Entry], ...]:
    """The entries of the sample's registry files with the offsets that a log would give them."""
    files = sorted(REGISTRY.glob("*.yaml"))
    return tuple(enumerate(entry_from_proto(one.entry) for one in read_registry(files)))


@cache
def sample_registry() -> Registry:
    """The registry of the sample, read to its end."""
    return Registry().with_entries(sample_entries())


@cache
def judging_registry() -> Registry:
    """The registry with a publisher of one commune beside the district's, known from the start."""
    known = sample_registry()
    commune = Publisher("kien-duc", "Kiến Đức", ("24733",), recorded_at=Instant(0))
    return known.with_entries([(known.offset + 1, commune)])


@cache
def sample_deliveries() -> tuple[Delivery, ...]:
    """All deliveries of the sample."""
    return tuple(generate())


def event_of(delivery: Delivery) -> k.Event:
    """A delivered CloudEvent as the event that intake makes of it."""
    told = delivery.event
    kind = KIND_OF_TYPE[told["type"]]
    data: dict[str, Any] = dict(told["data"])
    if "channel" in data:
        data["channel"] = _CHANNELS[data["channel"]]
    return k.Event(
        delivery.publisher,
        told["id"],
        told["subject"],
        kind,
        parse_rfc3339(told["time"]),
        told["source"],
        int(told.get("sequence", "0")),
        k.CHANGE_OF_KIND[kind](**data),
    )


def events_of_dossiers(every: int) -> list[k.Event]:
    """The events of every so many-th dossier of the sample, each once, as first delivered."""
    codes = sorted({one.event["subject"] for one in sample_deliveries()})
    chosen = set(codes[::every])
    return once(event_of(one) for one in sample_deliveries() if one.event["subject"] in chosen)


def once(events: Iterable[k.Event]) -> list[k.Event]:
    """Each event once."""
    return list({event.identity: event for event in reversed(list(events))}.values())[::-1]
