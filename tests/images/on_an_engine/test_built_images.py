"""What the images are, on a real engine, unchanged from their Dockerfiles."""

from __future__ import annotations

import json
from typing import Final

import pytest
from docker_engine import DockerEngine
from motcua_cli.stack.paths import repository_root, run_folder
from stand_ins import base_name

SERVICES: Final = ("intake", "processing", "metrics")
IMAGES: Final = (*SERVICES, "tools")
MEGABYTES: Final = {"intake": 180, "processing": 180, "metrics": 180, "tools": 200}
"""The tools carry those of processing too: rebuild, adopt."""
UNWANTED: Final = ("pip", "pip3", "apt", "apt-get", "dpkg", "gcc", "cc", "perl", "bash", "curl")
OWNED: Final = ("/proc", "/sys", "/dev", "/tmp", "/keys", "/routes")  # noqa: S108 - of the image
WRITABLE: Final = f"""
import os
found = []
for folder, _, names in os.walk("/"):
    paths = [os.path.join(folder, name) for name in names if not folder.startswith({OWNED!r})]
    for path in [one for one in paths if not os.path.islink(one)]:
        if os.access(path, os.W_OK) or os.stat(path).st_mode & 0o6000:
            found.append(path)
print(found)
"""
IMPORT_ALL: Final = """
import importlib, sys
from importlib.metadata import distributions
skipped = {"watchfiles"}
for one in distributions():
    for name in (one.read_text("top_level.txt") or one.metadata["Name"]).split():
        if name.isidentifier() and not name.startswith("_") and name not in skipped:
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as missing:
                assert missing.name == name, missing
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def tag(image: str) -> str:
    return f"motcua-{image}:0.1.0"


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_small(built: DockerEngine, image: str) -> None:
    size = int(built.docker("inspect", "--format", "{{.Size}}", tag(image)))
    assert size < MEGABYTES[image] * 1_000_000


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_runs_as_nobody_of_note_and_says_what_it_is(
    built: DockerEngine, image: str
) -> None:
    (told,) = json.loads(built.docker("inspect", tag(image)))
    assert told["Config"]["User"] == "10001:10001"
    labels = told["Config"]["Labels"]
    assert labels["org.opencontainers.image.title"] == f"motcua-{image}"
    assert labels["org.opencontainers.image.version"] == "0.1.0"
    ran = built.docker("run", "--rm", "--entrypoint", "python", tag(image), "-c", WHO)
    assert ran.split() == ["10001", "10001"]


WHO: Final = "import os; print(os.getuid(), os.getgid())"


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_has_no_package_manager_and_no_compiler(built: DockerEngine, image: str) -> None:
    look = (
        "import shutil, sys, importlib.util as u;"
        "print([n for n in sys.argv[1:] if shutil.which(n)],"
        "[n for n in ('pip', 'setuptools', 'ensurepip') if u.find_spec(n)])"
    )
    ran = ("run", "--rm", "--entrypoint", "python", tag(image), "-c", look, *UNWANTED)
    assert built.docker(*ran).strip() == "[] []"


@pytest.mark.parametrize("image", IMAGES)
def test_no_file_of_an_image_is_writable_for_its_account_or_runs_as_another(
    built: DockerEngine, image: str
) -> None:
    assert (
        built.docker("run", "--rm", "--entrypoint", "python", tag(image), "-c", WRITABLE).strip()
        == "[]"
    )


@pytest.mark.parametrize("image", IMAGES)
def test_every_library_of_an_image_loads_on_a_read_only_root(
    built: DockerEngine, image: str
) -> None:
    hardened = ("--read-only", "--cap-drop", "ALL", "--network", "none")
    bootstrap = "motcua_cli.main" if image == "tools" else f"motcua_{image}.bootstrap"
    built.docker(
        *("run", "--rm", *hardened, "--entrypoint", "python"),
        *(tag(image), "-c", IMPORT_ALL, bootstrap),
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_without_its_settings_names_them_and_ends(
    built: DockerEngine, service: str
) -> None:
    told = built.docker(
        *("run", "--rm", "--read-only", "--entrypoint", "sh", tag(service)),
        *("-c", f"python -m motcua_{service} 2>&1 || true"),
    )
    assert "MOTCUA_KAFKA_BOOTSTRAP: Field required" in told


def test_a_library_that_is_not_the_locked_file_ends_the_build(built: DockerEngine) -> None:
    wrong = "sed -i 's/sha256:./sha256:0/' /build/requirements/intake.txt"
    build = "FROM {base}\nCOPY deploy/images/install.sh /build/\n"
    build += "COPY requirements/build.txt requirements/intake.txt /build/requirements/\n"
    build += f"RUN {wrong} && ! sh /build/install.sh libraries intake 2> /build/told\n"
    build += "RUN grep -q 'DO NOT MATCH THE HASHES' /build/told\n"

    file = run_folder() / "images" / "wrong.Dockerfile"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(build.format(base=base_name()), "ascii")
    built.docker("build", "--file", str(file), str(repository_root()), seconds=180)
