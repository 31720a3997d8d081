"""A scrape gets the format that it accepts, compressed where it may be, without `_created`."""

# pyright: reportUnknownVariableType=false
# The parser of OpenMetrics has no annotations.

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_platform.exposition import Page, render
from motcua_platform.metric_catalogue import Metric
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as open_metrics_families,
)
from prometheus_client.parser import text_string_to_metric_families

_OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.3"
_READ = Metric("motcua_read_total", "counter", "Read.")
_TOOK = Metric("motcua_took_seconds", "histogram", "Took.", buckets=(0.1, 1.0))


def _figures(is_open_metrics: bool) -> bytes:
    name = "motcua_figures" if is_open_metrics else "motcua_figures_total"
    return f"# TYPE {name} counter\nmotcua_figures_total 3\n".encode()


def _page(accept: str = "", accept_encoding: str = "") -> Page:
    registry = CollectorRegistry()
    _READ.counter(registry).inc()
    _TOOK.histogram(registry).observe(0.5)
    return render(registry, _figures, accept=accept, accept_encoding=accept_encoding)


def test_prometheus_gets_open_metrics_with_the_figures_in_front_and_one_end() -> None:
    page = _page(_OPEN_METRICS)
    text = page.body.decode()
    assert page.content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert text.count("# EOF") == 1
    assert text.endswith("# EOF\n")
    names = [family.name for family in open_metrics_families(text)]
    assert names == ["motcua_figures", "motcua_read", "motcua_took_seconds"]


def test_whoever_asks_for_nothing_gets_the_text_format() -> None:
    page = _page()
    assert page.content_type.startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(page.body.decode())
    assert {family.name for family in families} >= {"motcua_figures", "motcua_took_seconds"}


@pytest.mark.parametrize("accept", [_OPEN_METRICS, ""])
def test_the_moment_of_creation_is_not_shown(accept: str) -> None:
    assert b"_created" not in _page(accept).body


def test_it_is_compressed_where_that_is_accepted_and_only_there() -> None:
    packed, plain = _page(accept_encoding="deflate, gzip;q=1.0"), _page(accept_encoding="br")
    assert (packed.encoding, plain.encoding) == ("gzip", "")
    assert gzip.decompress(packed.body) == plain.body


@given(st.text(max_size=60))
def test_no_accept_header_fails_a_scrape(accept: str) -> None:
    assert b"motcua_figures_total 3" in _page(accept).body
