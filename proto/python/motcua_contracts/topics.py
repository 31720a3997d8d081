"""The topic files of `proto/topics`, as typed values.

One YAML file a topic: who owns it, how it is keyed and kept, who writes and who reads. The broker's
topics, the chart's resources and the documentation are all made from these files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

DOSSIER_EVENTS: Final = "motcua.dossier.events.v1"
DOSSIER_RELEASED: Final = "motcua.dossier.released.v1"
DOSSIER_STATES: Final = "motcua.dossier.states.v1"
REGISTRY_EVENTS: Final = "motcua.registry.events.v1"
QUARANTINE: Final = "motcua.quarantine.v1"
ADMIN_EVENTS: Final = "motcua.admin.events.v1"
DEADLINE_NOTICES: Final = "motcua.deadline.notices.v1"

_INGRESS: Final = re.compile(r"motcua\.dossier\.ingress\.([0-9A-Za-z_-]+)\.v1")


def event_topics_pattern() -> str:
    """The topics that dossier events come in by, as a regular expression.

    The common one, the released ones, and one for each publisher with a Kafka line of its own.
    """
    return rf"^({re.escape(DOSSIER_EVENTS)}|{re.escape(DOSSIER_RELEASED)}|{_INGRESS.pattern})$"


def ingress_topic(publisher: str) -> str:
    """The topic that a publisher writes to itself; its name is who the publisher is.

    >>> ingress_topic("xa-24733")
    'motcua.dossier.ingress.xa-24733.v1'
    """
    name = f"motcua.dossier.ingress.{publisher}.v1"
    if _INGRESS.fullmatch(name) is None:
        raise ValueError(publisher)
    return name


def publisher_of(topic: str) -> str | None:
    """The publisher that an ingress topic belongs to; None for any other topic.

    >>> publisher_of("motcua.dossier.ingress.xa-24733.v1")
    'xa-24733'
    """
    match = _INGRESS.fullmatch(topic)
    return match[1] if match else None


def is_event_topic(topic: str) -> bool:
    """Whether dossier events come in by a topic."""
    return re.match(event_topics_pattern(), topic) is not None


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic: its name, its shape, and who has to do with it."""

    name: str
    description: str
    owner: str
    key: str
    value: str
    partitions: int
    config: dict[str, str] = field(hash=False)
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    quarantine: str


def _folder() -> Path:
    packaged = Path(__file__).parent / "topics"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "topics"


def _read(path: Path) -> Topic:
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    document["config"] = {name: str(value) for name, value in document["config"].items()}
    document["producers"] = tuple(document["producers"])
    document["consumers"] = tuple(document["consumers"])
    return Topic(**document)


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its name."""
    read = [_read(path) for path in sorted(_folder().glob("*.yaml"))]
    return {topic.name: topic for topic in read}


def ingress_of(publisher: str, partitions: int = 1) -> Topic:
    """The topic of a publisher with a Kafka line of its own, kept like the common one."""
    return replace(
        topics()[DOSSIER_EVENTS],
        name=ingress_topic(publisher),
        description=f"Dossier events that {publisher} writes itself; judged by processing.",
        owner=publisher,
        partitions=partitions,
        producers=(publisher,),
    )
