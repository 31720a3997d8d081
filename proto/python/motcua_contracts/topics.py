"""The topic files of `proto/topics`, as typed values.

One YAML file a topic: who owns it, how it is keyed and kept, who writes and who reads. The broker's
topics, the chart's resources and the documentation are all made from these files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
