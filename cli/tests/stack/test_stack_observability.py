import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from motcua_cli.stack import observability_binaries as module
from motcua_cli.stack.debian_packages import DebianError
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.observability_binaries import (
    LEAST_PROMETHEUS,
    ObservabilityBinaries,
    check_build,
    find_observability,
    prometheus_version,
)
from motcua_cli.stack.paths import CACHE_VARIABLE


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.real
def test_the_programs_run_and_are_new_enough(observability: ObservabilityBinaries) -> None:
    assert prometheus_version(observability.prometheus) >= LEAST_PROMETHEUS
    for program in (observability.promtool, observability.alertmanager, observability.amtool):
        subprocess.run((program, "--version"), check=True, capture_output=True)


@pytest.mark.real
def test_an_empty_cache_is_filled_and_nothing_is_installed(
    observability: ObservabilityBinaries, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if observability.home == Path("/"):
        pytest.skip("the programs of the PATH are used")
    installed = Path("/var/lib/dpkg/status")
    before, lists = installed.read_bytes(), sorted(Path("/var/lib/apt/lists").glob("*"))
    lines: list[str] = []
    found = find_observability(lines.append)
    assert found.home.parent == empty_cache
    assert sum("verified" in line for line in lines) == len(module.PACKAGES)
    assert installed.read_bytes() == before
    assert sorted(Path("/var/lib/apt/lists").glob("*")) == lists
    assert sorted(one.name for one in empty_cache.iterdir()) == [".lock", "observability"]
    monkeypatch.setattr(module, "download_packages", _none_reachable)
    assert find_observability() == found


def test_where_nothing_can_be_had_one_sentence_says_what_to_install(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", _nothing)
    with pytest.raises(StackError, match=r"^Put prometheus.* on the PATH.*\(no apt-get"):
        find_observability()
    assert sorted(one.name for one in empty_cache.iterdir()) == [".lock"]


def test_a_tested_build_with_other_content_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "prometheus_1.deb"
    package.write_bytes(b"forged")
    with pytest.raises(StackError, match=r"differs from deploy/local"):
        check_build(package, {package.name: "0" * 64})


def test_a_build_that_debian_has_signed_since_is_taken(tmp_path: Path) -> None:
    package = tmp_path / "prometheus_2.deb"
    package.write_bytes(b"newer")
    check_build(package, {"prometheus_1.deb": "0" * 64})


def _nothing(_: str) -> None:
    return None


def _none_reachable(_names: Sequence[str], _folder: Path) -> list[Path]:
    raise DebianError("no network")
