"""What to do about a topic: create it, set its configuration, leave it, or refuse.

A partition count is never changed: keys would move to other partitions and the order of a
dossier's events with them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from motcua_contracts.topics import Topic


class Action(Enum):
    """What `topics apply` does about one topic."""

    CREATE = "create"
    CONFIGURE = "configure"
    KEEP = "keep"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Existing:
    """A topic as the cluster has it; `config` holds what differs from the broker's defaults."""

    partitions: int
    config: Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One topic, what to do about it, and the settings that differ as name: (is, should be)."""

    topic: Topic
    action: Action
    existing: Existing | None = None
    differing: tuple[tuple[str, str | None, str], ...] = ()


def plan(declared: Iterable[Topic], existing: Mapping[str, Existing]) -> list[Step]:
    """A step for each declared topic, in the order given."""
    return [_step(topic, existing.get(topic.name)) for topic in declared]


def _step(topic: Topic, existing: Existing | None) -> Step:
    if existing is None:
        return Step(topic, Action.CREATE)
    if existing.partitions != topic.partitions:
        return Step(topic, Action.REFUSE, existing)
    differing = tuple(
        (name, existing.config.get(name), wanted)
        for name, wanted in topic.config.items()
        if existing.config.get(name) != wanted
    )
    action = Action.CONFIGURE if differing else Action.KEEP
    return Step(topic, action, existing, differing)
