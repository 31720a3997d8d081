"""Prometheus and Alertmanager as supervised programs, each over a folder of its own.

The folder of Prometheus holds `prometheus.yml`, `rules/`, `targets/` and its data; that of
Alertmanager `alertmanager.yml` and its data.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_cli.stack.ports import LOOPBACK
from motcua_cli.stack.watched import Program

_RETENTION: Final = "400d"
"""A year and a bit: what the samples' years need."""


def write_targets(folder: Path, targets: Mapping[str, Sequence[str]]) -> None:
    """Write `targets/<name>.yaml` for each name, with its addresses (host and port)."""
    place = folder / "targets"
    place.mkdir(parents=True, exist_ok=True)
    for name, addresses in targets.items():
        listed = ", ".join(f'"{address}"' for address in addresses)
        (place / f"{name}.yaml").write_text(f"- targets: [{listed}]\n", encoding="ascii")


def prometheus_program(binaries: ObservabilityBinaries, folder: Path, port: int) -> Program:
    """Prometheus on loopback, over `folder`."""
    argv = (
        str(binaries.prometheus),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--storage.tsdb.retention.time={_RETENTION}",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--web.enable-lifecycle",
        "--log.level=warn",
    )
    return Program("prometheus", argv, _environment(), folder)


def alertmanager_program(binaries: ObservabilityBinaries, folder: Path, port: int) -> Program:
    """Alertmanager on loopback, over `folder`, alone."""
    argv = (
        str(binaries.alertmanager),
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--cluster.listen-address=",
        "--log.level=warn",
    )
    return Program("alertmanager", argv, _environment(), binaries.home)


def _environment() -> dict[str, str]:
    """Ours without the names of a proxy: everything that they talk to is on loopback."""
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
