import subprocess
from pathlib import Path

import pytest
import yaml
from motcua_cli.local.addresses import Addresses
from motcua_cli.local.observability import Watching, lay_out_prometheus
from motcua_cli.local.observability import observability as observability_folder
from motcua_cli.stack.observability_binaries import ObservabilityBinaries

ADDRESSES = Addresses(
    intake="http://127.0.0.1:8101",
    processing="http://127.0.0.1:8102",
    metrics="http://127.0.0.1:8103",
)
WAITS = ("for", "keep_firing_for")
WAITS_LAPSED = {
    "1m": "1s",
    "2m": "2s",
    "5m": "5s",
    "10m": "10s",
    "15m": "15s",
    "30m": "30s",
    "1h": "60s",
    "2h": "120s",
    "16h": "960s",
}
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


def test_alerts_wait_a_second_for_each_minute_and_ask_the_same(tmp_path: Path) -> None:
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    for shipped in sorted((observability_folder() / "rules").glob("*.yaml")):
        laid = yaml.safe_load((tmp_path / "rules" / shipped.name).read_text("utf-8"))
        waits: list[tuple[str, str]] = []
        for there, here in zip(
            yaml.safe_load(shipped.read_text("utf-8"))["groups"], laid["groups"], strict=True
        ):
            for one, other in zip(there["rules"], here["rules"], strict=True):
                assert one["expr"] == other["expr"]
                waits += [(one[key], other[key]) for key in WAITS if key in one]
        assert all(lapsed == WAITS_LAPSED[told] for told, lapsed in waits)


def test_a_rule_that_is_no_longer_shipped_is_gone_from_the_next_stack(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "of-an-earlier-version.yaml").write_text("groups: []", "utf-8")
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    assert not (tmp_path / "rules" / "of-an-earlier-version.yaml").exists()
