"""Fakes of intake's ports and a small registry, for the tests of intake and its clients."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from motcua_kernel.instant import Instant, parse_rfc3339
from motcua_kernel.parties import Publisher
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import Registry
from motcua_kernel.units import Department, Unit, UnitLevel

from motcua_intake.adapters.processing import Processing
from motcua_intake.bootstrap import World
from motcua_intake.domain.errors import LogAway
from motcua_intake.domain.gates import Gates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_kernel.events import Event
    from motcua_kernel.registry import Entry

KEY: Final = "key-of-dak-rlap"
STRANGER_KEY: Final = "key-of-another-district"
REVOKED_KEY: Final = "key-of-a-revoked-publisher"
NOW: Final = parse_rfc3339("2020-10-30T17:00:00+07:00")

_UNITS: Final = (
    Unit("67", "67", "Tỉnh Đắk Nông", UnitLevel.PROVINCE),
    Unit(
        "666",
        "666",
        "Huyện Đắk R'Lấp",
        UnitLevel.DISTRICT,
        parent="67",
        departments=(Department("tu-phap", "Phòng Tư pháp"),),
    ),
    Unit("24733", "24733", "Thị trấn Kiến Đức", UnitLevel.COMMUNE, parent="666"),
    Unit("664", "664", "Huyện Đắk Mil", UnitLevel.DISTRICT, parent="67"),
)


def _publisher(name: str, key: str, *units: str, revoked: bool = False) -> Publisher:
    return Publisher(name, name, units, (sha256(key.encode()).hexdigest(),), revoked)


def small_registry() -> Registry:
    """One province, two districts, one commune, one procedure valid from 2019, three publishers."""
    entries: list[Entry] = [
        *_UNITS,
        Procedure("1.000894", "Đăng ký kết hôn", date(2019, 1, 1)),
        _publisher("dak-rlap", KEY, "666"),
        _publisher("dak-mil", STRANGER_KEY, "664"),
        _publisher("cu", REVOKED_KEY, "666", revoked=True),
    ]
    return Registry().with_entries(enumerate(entries))


def received(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A good event in JSON; `changes` replaces attributes, or those of `data` as a whole."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/dak-rlap/mot-cua",
        "type": "motcua.dossier.v1.Received",
        "subject": f"000.00.31.H16-200106-{number:04d}",
        "time": "2020-01-06T08:15:00+07:00",
        "sequence": str(number),
        "data": {
            "procedure": "1.000894",
            "channel": "counter",
            "receiving_unit": "666",
            "resolving_unit": "24733",
        },
    }
    return event | changes


class FakeEventLog:
    """A log in memory: all events or none, and away when told so."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.is_away = False

    @property
    def is_reachable(self) -> bool:
        """Whether it is not away."""
        return not self.is_away

    async def append(self, events: Sequence[Event]) -> None:
        """Keep the events.

        Raises:
            LogAway: it was told to be away.
        """
        if self.is_away:
            raise LogAway
        self.events.extend(events)


class FakeRegistrySource:
    """A registry that stands still."""

    def __init__(self, registry: Registry | None = None, *, is_complete: bool = True) -> None:
        self.registry = registry or small_registry()
        self.is_complete = is_complete

    def current(self) -> Registry:
        """The registry that it was made with."""
        return self.registry


class FixedClock:
    """Domain time that stands still."""

    def __init__(self, now: Instant = NOW) -> None:
        self._now = now

    def now(self) -> Instant:
        """The moment that it was made with."""
        return self._now


def fake_world(
    log: FakeEventLog,
    registry: FakeRegistrySource,
    processing: Processing | None = None,
    gates: Gates | None = None,
) -> World:
    """A world without Kafka."""
    running: AbstractAsyncContextManager[None] = nullcontext()
    return World(log, registry, FixedClock(), running, gates or Gates(), processing)
