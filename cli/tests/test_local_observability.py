import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from motcua_cli.local.addresses import Addresses
from motcua_cli.local.observability import Watching, lay_out_prometheus
from motcua_cli.local.observability import observability as observability_folder
from motcua_cli.local.time_lapse import time_lapsed
from motcua_cli.stack.observability_binaries import ObservabilityBinaries

ADDRESSES = Addresses(
    intake="http://127.0.0.1:8101",
    processing="http://127.0.0.1:8102",
    metrics="http://127.0.0.1:8103",
)
WAITS = ("for", "keep_firing_for")
WATCHING = Watching("http://127.0.0.1:9090", "http://127.0.0.1:9093")


@pytest.mark.real
def test_prometheus_accepts_what_is_laid_out_for_it(
    observability: ObservabilityBinaries, tmp_path: Path
) -> None:
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    done = subprocess.run(
        (observability.promtool, "check", "config", tmp_path / "prometheus.yml"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rules = sorted((tmp_path / "rules").glob("*.yaml"))
    assert rules
    assert done.stdout.count("rules found") == len(rules)


def test_every_process_is_a_target_and_every_job_has_its_file(tmp_path: Path) -> None:
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    jobs = yaml.safe_load((tmp_path / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    files = [tmp_path / name for job in jobs for name in job["file_sd_configs"][0]["files"]]
    targets = [yaml.safe_load(file.read_text("utf-8")) for file in files]
    ports = [8101, 8102, 8103, 9090]
    assert targets == [[{"targets": [f"127.0.0.1:{port}"]}] for port in ports]


def test_alerts_ask_what_is_shipped_and_wait_for_seconds(tmp_path: Path) -> None:
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    for shipped in sorted((observability_folder() / "rules").glob("*.yaml")):
        laid = (tmp_path / "rules" / shipped.name).read_text("utf-8")
        assert laid == time_lapsed(shipped.read_text("utf-8"))
        for there, here in zip(_rules(shipped.read_text("utf-8")), _rules(laid), strict=True):
            assert _without_waits(there) == _without_waits(here)
            assert all(here[name].endswith("s") for name in WAITS if name in there)


def test_a_rule_that_is_no_longer_shipped_is_gone_from_the_next_stack(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "of-an-earlier-version.yaml").write_text("groups: []", "utf-8")
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    assert not (tmp_path / "rules" / "of-an-earlier-version.yaml").exists()


def _rules(content: str) -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(content)["groups"] for rule in group["rules"]]


def _without_waits(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name not in WAITS}
