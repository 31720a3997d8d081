import subprocess
from pathlib import Path

import pytest
import yaml
from motcua_cli.local.addresses import Addresses
from motcua_cli.local.observability import Watching, lay_out_prometheus
from motcua_cli.stack.observability_binaries import ObservabilityBinaries

ADDRESSES = Addresses(
    intake="http://127.0.0.1:8101",
    processing="http://127.0.0.1:8102",
    metrics="http://127.0.0.1:8103",
)
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


def test_a_rule_that_is_no_longer_shipped_is_gone_from_the_next_stack(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "of-an-earlier-version.yaml").write_text("groups: []", "utf-8")
    lay_out_prometheus(tmp_path, ADDRESSES, WATCHING)
    assert not (tmp_path / "rules" / "of-an-earlier-version.yaml").exists()
