"""Guards for tests."""

from __future__ import annotations

from collections.abc import Callable

from motcua_kernel.registry import Registry

from motcua_platform.access.guard import Guard
from motcua_platform.domain_clock import real_now
from motcua_platform.settings import ServiceSettings


def open_guard(registry: Callable[[], Registry]) -> Guard:
    """A guard that lets everyone ask, as on a developer's machine."""
    return Guard(registry, lambda: True, real_now, settings_of(access="open"))


def settings_of(**settings: object) -> ServiceSettings:
    """Settings of some service in development."""
    given = {"environment": "development", "kafka_bootstrap": "none:1", "http_port": 0}
    return ServiceSettings.model_validate(given | settings)
