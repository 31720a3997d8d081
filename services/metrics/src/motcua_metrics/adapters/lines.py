"""Lines of the exposition: what stands before a value is made once for each set of labels.

A line is the same in OpenMetrics and in Prometheus' text format; only the heads differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from motcua_platform.metric_catalogue import Metric

Labels: TypeAlias = tuple[str, ...]

_ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


class Lines:
    """The lines of one metric at one scrape."""

    __slots__ = ("_ending", "_prefixes", "metric", "written")

    def __init__(self, metric: Metric, prefixes: dict[Labels, str], ending: str) -> None:
        self.metric = metric
        self.written: list[str] = []
        self._prefixes = prefixes
        self._ending = ending

    def add(self, labels: Labels, value: float) -> None:
        """Add a sample; `labels` in the order of the metric's."""
        prefix = self._prefixes.get(labels)
        if prefix is None:
            prefix = self._prefixes[labels] = _prefix(self.metric, labels)
        self.written.append(f"{prefix}{value}{self._ending}")


class LinePrefixes:
    """What is kept from scrape to scrape: the text before each value."""

    def __init__(self) -> None:
        self._of: dict[str, dict[Labels, str]] = {}

    def lines(self, metric: Metric, at: float | None = None) -> Lines:
        """An empty set of lines; with `at`, in seconds, every sample carries that time."""
        ending = "\n" if at is None else f" {at:.3f}\n"
        return Lines(metric, self._of.setdefault(metric.name, {}), ending)


def page(families: Iterable[Lines], *, is_open_metrics: bool) -> bytes:
    """The families that have samples, each behind its head."""
    text: list[str] = []
    for family in families:
        if family.written:
            text.append(_head(family.metric, is_open_metrics=is_open_metrics))
            text += family.written
    return "".join(text).encode()


def _head(metric: Metric, *, is_open_metrics: bool) -> str:
    name = metric.name.removesuffix("_total") if is_open_metrics else metric.name
    return f"# HELP {name} {metric.help}\n# TYPE {name} {metric.kind}\n"


def _prefix(metric: Metric, labels: Labels) -> str:
    pairs = zip(metric.label_names, labels, strict=True)
    inside = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in pairs)
    return f"{metric.name}{{{inside}}} " if inside else f"{metric.name} "
