"""Events that a publisher wrote into a topic of its own: the checks that intake makes for others.

Judged by the registry as known when the record was appended, so that a rebuild after a change of
rights comes to the same (DESIGN section 3).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from motcua_kernel.admission import Admission
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry

_KEPT: Final = 256

AsKnown = Callable[[Instant], Registry]


class IngressChecks:
    """Judges events by the registry as known at an instant."""

    def __init__(self, as_known: AsKnown) -> None:
        self._as_known = as_known
        self._made: OrderedDict[tuple[str, int], tuple[Registry, Admission]] = OrderedDict()

    def check(self, event: Event) -> None:
        """Let an event pass whose publisher is the one of the topic.

        Raises:
            Rejected: the first rule that it breaks.
        """
        registry = self._as_known(event.recorded_at)
        self._admission(registry, event.publisher).check(event, event.recorded_at)

    def _admission(self, registry: Registry, publisher: str) -> Admission:
        name = (publisher, registry.offset)
        made = self._made.get(name)
        if made is not None and made[0] is registry:
            return made[1]
        known = registry.publishers.get(publisher)
        if known is None or known.revoked:
            raise Rejected("", "publisher")
        admission = Admission(registry, known)
        self._made[name] = (registry, admission)
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        return admission


NO_INGRESS: Final = IngressChecks(lambda _: Registry())
"""Lets nothing pass: for logs without ingress topics."""
