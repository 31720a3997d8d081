"""What panels show of a small province whose figures are known: two shards, one with a replica.

The raw series go through the recording rules and the panels' own expressions, in promtool.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_dashboards.reading import expressions, filled

_RULES: Final = Path(__file__).parents[2] / "deploy" / "observability" / "rules"
_CHOSEN: Final = {
    "province": "68",
    "unit": "A",
    "scope": "A",
    "department": "x",
    "period": "month",
}
_FIFTEEN_DAYS: Final = 15 * 24 * 2
"""In half hours."""

_UNITS: Final = (("68", "province", ""), ("A", "commune", "68"), ("B", "commune", "68"))
_PROCESSES: Final = {"a0": ("0", 1_000), "b0": ("0", 900), "a1": ("1", 800)}
"""By instance: the shard it serves, and how far it has read; `b0` lags behind its replica."""


def _same(instance: str) -> Iterator[tuple[str, str]]:
    """What every process of metrics says alike."""
    shard, watermark = _PROCESSES[instance]
    at = f'instance="{instance}"'
    in_shard = f'{at},shard="{shard}"'
    yield f"motcua_metrics_ready{{{in_shard}}}", "1"
    yield f"motcua_metrics_shard_count{{{in_shard}}}", "2"
    yield f"motcua_state_watermark_timestamp_seconds{{{in_shard}}}", str(watermark)
    yield f"motcua_domain_time_seconds{{{at}}}", "1234"
    for unit, level, parent in _UNITS:
        named = f'unit="{unit}",name="Xã {unit}",level="{level}",parent="{parent}",province="68"'
        yield f"motcua_unit_info{{{at},{named}}}", "1"
        yield f'motcua_working_time{{{at},unit="{unit}"}}', "1"
        yield f'motcua_on_time_objective_ratio{{{at},unit="{unit}"}}', "0.75"


def _counts(instance: str) -> Iterator[tuple[str, str]]:
    """What a process says of its shard; the lagging replica still has 99 overdue."""
    at = f'instance="{instance}"'
    shares: dict[str, list[tuple[str, str, int]]] = {
        "a0": [("A", "x", 2), ("A", "x", 3), ("A", "x", 5), ("A", "x", 1)],
        "b0": [("A", "x", 99)],
        "a1": [("A", "x", 1), ("B", "y", 0), ("A", "x", 4), ("B", "y", 10)],
    }
    timings = {
        "a0": ("overdue", "due_soon", "within", "paused"),
        "b0": ("overdue",),
        "a1": ("overdue", "overdue", "within", "within"),
    }
    for timing, (unit, department, count) in zip(timings[instance], shares[instance], strict=True):
        labels = f'{at},unit="{unit}",department="{department}",timing="{timing}"'
        yield f"motcua_dossiers_in_progress{{{labels}}}", str(count)
    months: dict[str, list[tuple[str, str, str, int]]] = {
        "a0": [("A", "x", "early", 6), ("A", "x", "on_time", 1)],
        "b0": [("A", "x", "early", 5)],
        "a1": [("A", "x", "overdue", 1), ("B", "y", "on_time", 8)],
    }
    for unit, department, outcome, count in months[instance]:
        labels = f'{at},unit="{unit}",department="{department}",outcome="{outcome}",period="month"'
        yield f"motcua_dossiers_resolved{{{labels}}}", str(count)
    due = {"a0": [("A", "x", 100)], "b0": [("A", "x", 7)], "a1": [("A", "x", 20), ("B", "y", 40)]}
    for unit, department, count in due[instance]:
        labels = f'{at},unit="{unit}",department="{department}",days="10"'
        yield f"motcua_due_within_days{{{labels}}}", str(count)


def _series() -> Iterator[dict[str, str]]:
    for instance in _PROCESSES:
        for name, value in (*_same(instance), *_counts(instance)):
            yield {"series": name, "values": f"{value}+0x{_FIFTEEN_DAYS}"}
    # Two dossiers are resolved every half hour: 1,344 in fourteen days, all of them worked.
    year = 'unit="A",department="",outcome="on_time",period="year"'
    for instance in ("a0", "b0"):
        yield {
            "series": f'motcua_dossiers_resolved{{instance="{instance}",{year}}}',
            "values": f"0+2x{_FIFTEEN_DAYS}",
        }
    for instance in ("p1", "p2"):
        silent = f'instance="{instance}",publisher="xa-a"'
        yield {
            "series": f"motcua_publisher_last_event_timestamp_seconds{{{silent}}}",
            "values": f"1000+0x{_FIFTEEN_DAYS}",
        }


_SHOWN: Final = [
    ("motcua-province", "Quá hạn", "A", {"{}": 3.0}),
    # A quarter of the 25 that run may be late: from the seventh on it is too many.
    ("motcua-province", "Quá hạn", "allowed", {"{}": 7.0}),
    ("motcua-province", "Đang giải quyết", "A", {"{}": 26.0}),
    ("motcua-province", "Đúng hạn so với mục tiêu", "A", {"{}": 15 / 16 - 0.75}),
    ("motcua-province", "Đã giải quyết trong kỳ", "A", {"{}": 16.0}),
    ("motcua-province", "Số liệu tính đến", "A", {"{}": 1_234_000.0}),
    (
        "motcua-province",
        "Các đơn vị, nhiều quá hạn nhất trước",
        "A",
        {'{unit="A", name="Xã A"}': 3.0, '{unit="B", name="Xã B"}': 0.0},
    ),
    (
        "motcua-province",
        "Các đơn vị, nhiều quá hạn nhất trước",
        "D",
        {'{unit="A"}': 0.125, '{unit="B"}': 0.25},
    ),
    ("motcua-commune", "Quá hạn", "A", {"{}": 3.0}),
    ("motcua-commune", "Quá hạn", "allowed", {"{}": 4.0}),
    ("motcua-commune", "Đúng hạn so với mục tiêu", "A", {"{}": 0.125}),
    (
        "motcua-commune",
        "Các phòng, nhiều quá hạn nhất trước",
        "D",
        {'{department="x"}': 0.125},
    ),
    ("motcua-department", "Quá hạn", "A", {"{}": 3.0}),
    ("motcua-department", "Đúng hạn so với mục tiêu", "A", {"{}": 0.125}),
    # 32 a working day, so 320 in ten: 120 that fall due are three eighths of that.
    ("motcua-ahead", "Khối lượng đến hạn so với năng lực gần đây", "A", {"{}": 0.375}),
    ("motcua-ahead", "Đơn vị có đợt hạn dồn", "C", {'{unit="A"}': 0.375}),
    ("motcua-publishers", "Lần gửi cuối của từng hệ thống", "A", {'{publisher="xa-a"}': 234.0}),
    ("motcua-pipeline", "Thiếu phân mảnh", "A", {"system:motcua_shards_missing:count": 0.0}),
]
_OF_THE_PROVINCE: Final = [
    ("motcua-ahead", "Khối lượng đến hạn so với năng lực gần đây", "A", {"{}": 0.5}),
    ("motcua-ahead", "Đến hạn trong 10 ngày", "A", {"{}": 160.0}),
]


def _tests(shown: list[Any], chosen: dict[str, str]) -> Iterator[dict[str, Any]]:
    asked = {(one.dashboard, one.panel, one.ref): one.text for one in expressions()}
    for dashboard, panel, ref, samples in shown:
        yield {
            "expr": filled(asked[dashboard, panel, ref], chosen),
            "eval_time": "14d1h30m",
            "exp_samples": [
                {"labels": labels, "value": value} for labels, value in samples.items()
            ],
        }


@pytest.mark.real
def test_panels_show_the_figures_of_the_province_each_counted_once(
    observability: ObservabilityBinaries, tmp_path: Path
) -> None:
    tests = [*_tests(_SHOWN, _CHOSEN), *_tests(_OF_THE_PROVINCE, _CHOSEN | {"scope": "68"})]
    whole = {
        "rule_files": [str(_RULES / "figures.yaml"), str(_RULES / "deadlines.yaml")],
        "evaluation_interval": "30m",
        "group_eval_order": ["motcua-figures", "motcua-pace"],
        "tests": [{"interval": "30m", "input_series": list(_series()), "promql_expr_test": tests}],
    }
    file = tmp_path / "panels.yaml"
    file.write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    done = subprocess.run(
        (observability.promtool, "test", "rules", file),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
