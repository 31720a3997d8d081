"""The page of metrics is what the services declare, and what they serve is declared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from motcua_intake.domain.gates import Gates
from motcua_intake.entrypoints import metrics as intake
from motcua_kernel.registry import Registry
from motcua_metrics import catalogue
from motcua_platform.metric_catalogue import Metric
from motcua_processing.entrypoints import metrics as processing
from prometheus_client import CollectorRegistry

from scripts.metrics_page import page

_PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
_ALL = [*catalogue.METRICS, *processing.METRICS, *intake.METRICS]
_SUFFIX = {"counter": "_total", "histogram": "_seconds|_records|_events"}


def test_the_page_of_metrics_is_up_to_date() -> None:
    assert _PAGE.read_text("utf-8") == page(), "run scripts/metrics_page.py"


def test_intake_serves_what_it_declares_and_nothing_else() -> None:
    collectors = CollectorRegistry()
    intake.IntakeMetrics(collectors, Gates())
    assert _served(collectors) == {metric.name for metric in intake.METRICS}


def test_processing_serves_what_it_declares_and_nothing_else() -> None:
    collectors = CollectorRegistry()
    seen = processing.ProcessingMetrics(collectors, Registry, lambda: 0)
    seen._publishers.waiting = {}  # pyright: ignore[reportPrivateUsage]
    assert _served(collectors) == {metric.name for metric in processing.METRICS}


@pytest.mark.parametrize("metric", _ALL, ids=lambda metric: metric.name)
def test_a_name_says_what_it_is_and_a_help_text_needs_no_escapes(metric: Metric) -> None:
    assert re.fullmatch(r"motcua_[a-z0-9_]+", metric.name)
    assert re.search(f"({_SUFFIX.get(metric.kind, '')})$", metric.name)
    assert bool(metric.buckets) == (metric.kind == "histogram")
    assert metric.help.endswith(".")
    assert not set(metric.help) & {"\\", '"', "\n"}


def _served(collectors: CollectorRegistry) -> set[str]:
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in collectors.collect()
    }
