"""The work: the sample district's year, several times over, in the order of delivery.

Each copy has dossier codes and event ids of its own, so ten copies are the ten months of a province
of ten such districts. The records are exactly those that intake writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
from confluent_kafka import Producer
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.events import CHANGE_OF_KIND, Channel, Event
from motcua_kernel.instant import parse_rfc3339
from motcua_platform.dossier_codec import KIND_OF_TYPE, event_headers, event_to_value
from motcua_sample_dak_rlap import generate


def district_year(seed: int = 2020) -> list[Event]:
    """The deliveries of the sample as kernel events."""
    return [_event(one.publisher, one.event) for one in generate(seed)]


def _event(publisher: str, told: dict[str, Any]) -> Event:
    kind = KIND_OF_TYPE[told["type"]]
    data = dict(told["data"])
    if "channel" in data:
        data["channel"] = Channel[data["channel"].upper()]
    return Event(
        publisher,
        told["id"],
        told["subject"],
        kind,
        parse_rfc3339(told["time"]),
        told["source"],
        int(told.get("sequence", "0")),
        CHANGE_OF_KIND[kind](**data),
    )


def copies(events: list[Event], number: int) -> Iterator[Event]:
    """Each event `number` times, for as many districts."""
    for event in events:
        for copy in range(number):
            yield msgspec.structs.replace(
                event,
                dossier=event.dossier.replace(".31.H16", f".{40 + copy}.H16"),
                event_id=f"{event.event_id}-{copy}",
            )


def load(bootstrap: str, events: Iterator[Event], most: int) -> int:
    """Write up to `most` events into the events topic; returns how many."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "partitioner": "murmur2_random",
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 20,
            "queue.buffering.max.messages": 200_000,
        }
    )
    written = 0
    for event in islice(events, most):
        record: dict[str, Any] = {
            "value": event_to_value(event),
            "key": event.dossier.encode(),
            "headers": event_headers(event),
        }
        while True:
            try:
                producer.produce(DOSSIER_EVENTS, **record)
                break
            except BufferError:
                producer.poll(0.1)
        written += 1
        if written % 10_000 == 0:
            producer.poll(0)
    producer.flush()
    return written
