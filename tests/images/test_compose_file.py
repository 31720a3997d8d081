"""docker-compose.yml and the Dockerfiles as files: what needs no engine to be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

_ROOT: Final = Path(__file__).parents[2]
_COMPOSE: Final[dict[str, Any]] = yaml.safe_load((_ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = _COMPOSE["services"]
LASTING: Final = ("kafka", "postgres", "processing", "intake", "metrics", "prometheus")
DOCKERFILES: Final = (
    *sorted(_ROOT.glob("services/*/Dockerfile")),
    _ROOT / "deploy/images/tools.Dockerfile",
)
_IMAGES: Final = ("intake", "processing", "metrics", "tools", "build")


def pins(file: str) -> dict[str, frozenset[str]]:
    """By name and version, the hashes of a requirement file."""
    text = (_ROOT / "requirements" / file).read_text("utf-8")
    found = re.findall(r"^(\S+==\S+) \\\n((?:    --hash=\S+(?: \\)?\n?)+)", text, re.MULTILINE)
    return {name: frozenset(re.findall(r"sha256:[0-9a-f]{64}", hashes)) for name, hashes in found}


@pytest.mark.parametrize("image", _IMAGES)
def test_what_an_image_has_is_a_part_of_what_the_tests_run_with(image: str) -> None:
    everything, own = pins("dev.txt"), pins(f"{image}.txt")
    assert own
    assert {name: hashes for name, hashes in own.items() if everything.get(name) != hashes} == {}


@pytest.mark.parametrize("image", _IMAGES)
def test_a_requirement_file_names_no_place_and_leaves_no_line_unpinned(image: str) -> None:
    text = (_ROOT / "requirements" / f"{image}.txt").read_text("utf-8")
    assert "://" not in text
    names = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(names) == len(pins(f"{image}.txt"))


@pytest.mark.parametrize("service", SERVICES)
def test_ports_are_on_loopback_and_whatever_lasts_has_a_health_check(service: str) -> None:
    one = SERVICES[service]
    assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))
    check = one["healthcheck"]
    assert "test" in check or check == {"disable": True}
    assert ("test" in check) == (one["restart"] == "unless-stopped")


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_hardened_limited_and_pinned(service: str) -> None:
    one = SERVICES[service]
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["mem_limit"]
    assert one["pids_limit"]
    assert one["read_only"] is True or service == "kafka"
    tag = re.fullmatch(r"\$\{[A-Z_]+:-(\S+):(\S+)\}", one["image"])
    assert tag is not None
    assert tag[2] != "latest"


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_stands_in_the_environment(service: str) -> None:
    environment: Mapping[str, object] = SERVICES[service].get("environment", {})
    secret = re.compile(r"PASSWORD|TOKEN|SECRET|DATABASE_URL|_KEY$")
    named = [name for name in environment if secret.search(name)]
    assert all(name.endswith("_FILE") for name in named)


def test_whoever_is_waited_for_is_waited_for_by_condition() -> None:
    for name, one in SERVICES.items():
        for other, how in one.get("depends_on", {}).items():
            ends = SERVICES[other]["healthcheck"] == {"disable": True}
            wanted = "service_completed_successfully" if ends else "service_healthy"
            assert how["condition"] == wanted, (name, other)


def test_every_mounted_file_of_the_repository_and_every_volume_exists() -> None:
    for name, one in SERVICES.items():
        for mount in one.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./"):
                assert (_ROOT / source).exists(), (name, source)
            else:
                assert source in _COMPOSE["volumes"], (name, source)


def test_grafana_is_provisioned_with_every_dashboard_and_its_secrets() -> None:
    grafana = SERVICES["grafana"]
    provisioning = _ROOT / "deploy/observability/grafana/provisioning"
    text = "".join(one.read_text("utf-8") for one in provisioning.rglob("*.yml"))
    for variable in re.findall(r"\$\{(MOTCUA_\w+)\}", text):
        assert variable in grafana["environment"], variable
    for secret in re.findall(r"/run/secrets/([\w-]+)", text):
        assert secret in grafana["secrets"], secret
    (path,) = re.findall(r"path: (\S+)", text)
    assert f"./deploy/observability/dashboards/generated:{path}:ro" in grafana["volumes"]


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda one: str(one.relative_to(_ROOT)))
def test_a_dockerfile_is_pinned_ends_without_root_and_needs_no_frontend(dockerfile: Path) -> None:
    text = dockerfile.read_text("utf-8")
    assert re.search(r"^ARG BASE_IMAGE=python:3\.11\.\d+-slim-\w+$", text, re.MULTILINE)
    assert not re.search(r"# *syntax=|<<|--link|--mount|^ADD ", text, re.MULTILINE)
    last = text[text.rindex("\nFROM ") :]
    assert last.startswith("\nFROM scratch\n")
    assert "\nUSER 10001:10001\n" in last
    assert "\nRUN " not in last
    assert "\nHEALTHCHECK " in last
    assert "org.opencontainers.image.revision" in last
