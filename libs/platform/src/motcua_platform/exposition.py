"""What a scrape is answered with: the format that it accepts, compressed where it may be.

OpenMetrics where the `Accept` header names it, otherwise Prometheus' text format. The moment at
which a series was created is not shown: it would double the counters and histograms.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.exposition import choose_encoder, gzip_accepted

disable_created_metrics()

_GZIP_LEVEL: Final = 1
_GZIP_BITS: Final = 31

Figures = Callable[[bool], bytes]
"""Renders lines that stand before those of the registry; told whether it is OpenMetrics."""


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a scrape."""

    body: bytes
    content_type: str
    encoding: str
    """`gzip`, or empty."""


def render(
    registry: CollectorRegistry, figures: Figures | None, *, accept: str, accept_encoding: str
) -> Page:
    """The metrics of a registry, behind the figures that a service renders by itself."""
    encode, content_type = _encoder_of(accept)
    is_open_metrics = content_type.startswith("application/openmetrics-text")
    body = encode(registry)
    if figures is not None:
        body = figures(is_open_metrics) + body
    if not gzip_accepted(accept_encoding):
        return Page(body, content_type, "")
    # Of the fastest level: a scrape crosses a short way, and its time is ours.
    packer = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_BITS)
    return Page(packer.compress(body) + packer.flush(), content_type, "gzip")


def _encoder_of(accept: str) -> tuple[Callable[[CollectorRegistry], bytes], str]:
    """The format that is asked for; the usual one where the library stumbles over the question.

    >>> _encoder_of("text/plain;version=x")[1]
    'text/plain; version=0.0.4; charset=utf-8'
    """
    try:
        return choose_encoder(accept)
    except (TypeError, ValueError):  # a version that is no number
        return choose_encoder("")
