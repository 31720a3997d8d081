"""The contribution of a dossier that has ended, packed into two numbers of 64 bits.

It has no clock any more, only labels and days. Labels are few and get numbers in the order in
which they come up; days count from 1900. What does not fit is not packed: a caller keeps it as it
is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome

from motcua_metrics.domain.contribution import Contribution
from motcua_metrics.domain.labels import Closure

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from motcua_metrics.domain.contribution import Ending

Label = TypeVar("Label", bound="Hashable")

_FACT_BITS: Final = (20, 3, 4, 17, 17)
"""Place (unit and department), channel, ending, day of receipt, day of the end."""
_VERSION_BITS: Final = (8, 26, 16, 14)
"""Revision of the fold, offset of the registry, events, kinds of anomaly."""

_DAY_BEFORE_1900: Final = 693_595
_ENDINGS: Final[tuple[Ending | None, ...]] = (None, *Outcome, *Closure)
_ENDING_NUMBERS: Final = {ending: number for number, ending in enumerate(_ENDINGS)}


class Packing:
    """Packs and unpacks; the numbers of labels are its own."""

    def __init__(self) -> None:
        self._places = _Numbers[tuple[str, str]]()
        self._anomalies = _Numbers[tuple[str, ...]]()

    def pack(self, one: Contribution) -> tuple[int, int] | None:
        """The two numbers, or None for what has a clock still or does not fit."""
        if one.waiting is not None:
            return None
        fact = _joined(
            (
                self._places.number((one.unit, one.department)),
                one.channel,
                _ENDING_NUMBERS[one.ending],
                _short_day(one.received_day),
                _short_day(one.ended_day),
            ),
            _FACT_BITS,
        )
        revision, offset, events = one.version
        anomalies = self._anomalies.number(one.anomalies)
        version = _joined((revision, offset + 1, events, anomalies), _VERSION_BITS)
        return None if fact is None or version is None else (fact, version)

    def unpack(self, fact: int, version: int) -> Contribution:
        """The contribution that was packed."""
        place, channel, ending, received_day, ended_day = _parted(fact, _FACT_BITS)
        revision, offset, events, anomalies = _parted(version, _VERSION_BITS)
        unit, department = self._places.label(place)
        return Contribution(
            (revision, offset - 1, events),
            unit,
            department,
            Channel(channel),
            _long_day(received_day),
            _long_day(ended_day),
            _ENDINGS[ending],
            None,
            self._anomalies.label(anomalies),
        )


class _Numbers(Generic[Label]):
    """Numbers for labels, in the order in which they come up."""

    def __init__(self) -> None:
        self._numbers: dict[Label, int] = {}
        self._labels: list[Label] = []

    def number(self, label: Label) -> int:
        number = self._numbers.get(label)
        if number is None:
            number = self._numbers[label] = len(self._labels)
            self._labels.append(label)
        return number

    def label(self, number: int) -> Label:
        return self._labels[number]


def _short_day(day: int) -> int:
    """0 for no day, -1 for one before 1900, which does not fit."""
    return 0 if not day else max(day - _DAY_BEFORE_1900, 0) or -1


def _long_day(day: int) -> int:
    return day + _DAY_BEFORE_1900 if day else 0


def _joined(parts: tuple[int, ...], widths: tuple[int, ...]) -> int | None:
    """The parts side by side, the last one lowest; None where one is too wide."""
    whole = 0
    for part, width in zip(parts, widths, strict=True):
        if not 0 <= part < 1 << width:
            return None
        whole = whole << width | part
    return whole


def _parted(whole: int, widths: tuple[int, ...]) -> Iterable[int]:
    parts: list[int] = []
    for width in reversed(widths):
        parts.append(whole & (1 << width) - 1)
        whole >>= width
    return reversed(parts)
