"""The programs of Prometheus and Alertmanager: those on the PATH, else Debian's, unpacked.

Debian serves only the newest build of a release, so no version can be pinned: apt vouches for what
it downloads by Debian's signature, and a build listed in `observability-packages.sha256`, those
that the tests have run with, must also be the same file.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motcua_cli.stack.debian_packages import DebianError, download_packages, unpack_package
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.kafka_jars import read_checksums
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.paths import cache_folder, deploy_local
from motcua_cli.stack.progress import Progress, silent

PACKAGES: Final = ("prometheus", "prometheus-alertmanager")
LEAST_PROMETHEUS: Final = (2, 42)
"""The first with `keep_firing_for` in alerting rules."""

_DOWNLOAD_PATIENCE = 600.0
_VERSION = re.compile(r"version (\d+)\.(\d+)")
_COMPILED_IN: Final = b"/usr/share/prometheus/alertmanager"
_BELOW_HERE: Final = b"usr/share/prometheus/alertmanager/"


@dataclass(frozen=True)
class ObservabilityBinaries:
    """The four programs; `home` is the folder that Alertmanager has to be started in."""

    prometheus: Path
    promtool: Path
    alertmanager: Path
    amtool: Path
    home: Path


def find_observability(progress: Progress = silent) -> ObservabilityBinaries:
    """The programs, downloaded where neither the PATH nor the cache has them.

    Raises:
        StackError: they cannot be had.
    """
    found = _on_path()
    if found is not None:
        return found
    cache = cache_folder()
    home = cache / "observability"
    if not home.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with FolderLock(cache, patience=_DOWNLOAD_PATIENCE):
            if not home.is_dir():
                _download(home, progress)
    return _unpacked(home)


def _on_path() -> ObservabilityBinaries | None:
    names = ("prometheus", "promtool", "amtool")
    prometheus, promtool, amtool = (shutil.which(name) for name in names)
    alertmanager = shutil.which("alertmanager") or shutil.which("prometheus-alertmanager")
    if not (prometheus and promtool and alertmanager and amtool):
        return None
    if prometheus_version(Path(prometheus)) < LEAST_PROMETHEUS:
        return None
    return ObservabilityBinaries(
        Path(prometheus), Path(promtool), Path(alertmanager), Path(amtool), Path("/")
    )


def prometheus_version(program: Path) -> tuple[int, int]:
    """Major and minor version that a program of Prometheus answers with; (0, 0) if none."""
    try:
        answer = subprocess.run(  # noqa: S603 - asking the program for its version
            (str(program), "--version"), capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = _VERSION.search(answer.stdout + answer.stderr)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _unpacked(home: Path) -> ObservabilityBinaries:
    programs = home / "usr" / "bin"
    return ObservabilityBinaries(
        programs / "prometheus",
        programs / "promtool",
        programs / "prometheus-alertmanager",
        programs / "amtool",
        home,
    )


def _download(home: Path, progress: Progress) -> None:
    progress("Prometheus, Alertmanager: downloading Debian's packages")
    with tempfile.TemporaryDirectory(prefix="observability-", dir=home.parent) as work:
        unpacked = Path(work) / "unpacked"
        unpacked.mkdir()
        tested = read_checksums(deploy_local() / "observability-packages.sha256")
        try:
            for package in download_packages(PACKAGES, Path(work)):
                check_build(package, tested)
                progress(f"{package.name}: verified")
                unpack_package(package, unpacked)
        except DebianError as failure:
            message = (
                "Put prometheus, promtool, alertmanager and amtool on the PATH, or make Debian's "
                f"packages {' and '.join(PACKAGES)} reachable ({failure})."
            )
            raise StackError(message) from failure
        binaries = _unpacked(unpacked)
        if prometheus_version(binaries.prometheus) < LEAST_PROMETHEUS:
            least = ".".join(str(part) for part in LEAST_PROMETHEUS)
            message = f"Put Prometheus {least} or newer on the PATH: this release's is older."
            raise StackError(message)
        _look_for_templates_below_here(binaries.alertmanager)
        unpacked.replace(home)


def check_build(package: Path, tested: Mapping[str, str]) -> None:
    """Hold a package against the builds that the tests have run with.

    Raises:
        StackError: it bears the name of one of them and is another file.
    """
    with package.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if tested.get(package.name.replace("%3a", ":"), digest) != digest:
        message = (
            f"{package.name} differs from deploy/local/observability-packages.sha256: check "
            "Debian's mirror in use, then run again."
        )
        raise StackError(message)


def _look_for_templates_below_here(alertmanager: Path) -> None:
    """Let Debian's Alertmanager find its templates in the folder that it is started in.

    Debian has compiled the installed folder in, and no option names another. A path of the same
    length, relative to the working folder, takes its place.
    """
    alertmanager.write_bytes(alertmanager.read_bytes().replace(_COMPILED_IN, _BELOW_HERE))
