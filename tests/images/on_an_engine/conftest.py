"""One engine for all tests, and the images that they build on it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from composed_system import ComposedSystem
from docker_engine import DockerEngine, EngineError
from motcua_cli.stack.paths import cache_folder
from stand_ins import build_image, make_base, make_substitutes

IMAGES: Final = {
    "motcua-intake:0.1.0": "services/intake/Dockerfile",
    "motcua-processing:0.1.0": "services/processing/Dockerfile",
    "motcua-metrics:0.1.0": "services/metrics/Dockerfile",
    "motcua-tools:0.1.0": "deploy/images/tools.Dockerfile",
}


@pytest.fixture(scope="session")
def engine() -> Iterator[DockerEngine]:
    """The engine; without Debian's packages skipped, but never in CI."""
    try:
        with DockerEngine(cache_folder() / "docker" / "engine") as running:
            yield running
    except EngineError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def built(engine: DockerEngine) -> DockerEngine:
    """The engine with the project's images, unchanged from their Dockerfiles."""
    make_base(engine)
    for tag, dockerfile in IMAGES.items():
        build_image(engine, dockerfile, tag)
    return engine


@pytest.fixture(scope="session")
def composed(
    built: DockerEngine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ComposedSystem]:
    """The system of docker-compose.yml, up, on ports of its own; the sample plays."""
    context: Path = tmp_path_factory.mktemp("substitutes")
    make_substitutes(built, context)
    shutil.rmtree(context)
    with ComposedSystem(built, tmp_path_factory.mktemp("composed")) as system:
        yield system
