"""Debian's packages unpacked into a folder, without installing them.

apt checks what it downloads against the signed index of the machine's own sources. Its lists and
its cache are folders of ours, so the machine stays as it was, and no root is needed.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_UPDATE_SECONDS = 180
_DOWNLOAD_SECONDS = 300


class DebianError(Exception):
    """A package cannot be had from the machine's sources."""


def download_packages(names: Sequence[str], folder: Path) -> list[Path]:
    """The current packages of the machine's Debian release, as files in `folder`.

    Raises:
        DebianError: this is no Debian, its sources cannot be reached, or they lack a package.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise DebianError("no apt-get on the PATH")
    state = folder / "apt"
    for needed in ("lists/partial", "cache/archives/partial"):
        (state / needed).mkdir(parents=True)
    # A foreign source that does not answer must not stand in the way: what counts is the download.
    _apt(("--quiet", "update"), state, folder, _UPDATE_SECONDS)
    done = _apt(("--quiet", "download", *names), state, folder, _DOWNLOAD_SECONDS)
    packages = sorted(folder.glob("*.deb"))
    if done.returncode != 0 or len(packages) != len(names):
        errors = [line for line in done.stderr.splitlines() if line.startswith("E:")]
        raise DebianError(f"apt-get download: {errors[0] if errors else 'nothing came'}")
    return packages


def unpack_package(package: Path, folder: Path) -> None:
    """Lay the files of a package into a folder; none of its scripts runs.

    Raises:
        DebianError: the package is damaged.
    """
    argv = ("dpkg", "-x", str(package), str(folder))
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise DebianError(f"dpkg -x {package.name}: {done.stderr.strip()}")


def _apt(
    arguments: Sequence[str], state: Path, folder: Path, seconds: float
) -> subprocess.CompletedProcess[str]:
    options = {
        "Dir::State::Lists": state / "lists",
        "Dir::Cache": state / "cache",
        "APT::Sandbox::User": "root",  # apt's own account may not write here
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "Acquire::http::Timeout": "20",
        "Acquire::https::Timeout": "20",
    }
    argv = ("apt-get", *(f"-o{name}={value}" for name, value in options.items()), *arguments)
    try:
        return subprocess.run(  # noqa: S603 - the machine's own apt
            argv, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise DebianError(f"apt-get did not end within {seconds:.0f} s") from None
