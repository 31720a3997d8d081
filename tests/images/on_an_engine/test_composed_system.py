"""docker-compose.yml as it stands, with the sample district playing."""

from __future__ import annotations

import json

import pytest
from composed_system import SERVERS, ComposedSystem, wait_until
from motcua_cli.demo.article import differences
from motcua_cli.demo.figures import Figures
from motcua_cli.demo.settling import Settled
from msgspec.structs import replace


@pytest.fixture(scope="module")
def played(composed: ComposedSystem) -> Settled:
    """The figures of the published ports after the sample's year."""
    assert composed.played() == 0, composed.compose("logs", "--no-color", "play")
    return composed.settled()


def test_the_figures_of_the_article_are_reached_through_the_published_ports(
    played: Settled,
) -> None:
    assert differences(played.figures) == []
    assert (played.figures.on_time_percent, played.figures.overdue_percent) == ("99.77", "0.23")
    assert played.figures.balance_residual == 0
    assert played.disagreements() == []


def test_every_service_is_healthy_by_its_own_check(
    composed: ComposedSystem, played: Settled
) -> None:
    assert played
    for service in (*SERVERS, "prometheus", "alertmanager"):
        wait_until(lambda service=service: composed.is_ready(service), 60.0, f"{service} not ready")


def test_prometheus_scrapes_the_three_services(composed: ComposedSystem, played: Settled) -> None:
    assert played

    def up() -> dict[str, str]:
        asked = {"query": "up"}
        answer = composed.http.get(f"{composed.url('prometheus')}/api/v1/query", params=asked)
        found = answer.raise_for_status().json()["data"]["result"]
        return {one["metric"]["job"]: one["value"][1] for one in found}

    jobs = ("motcua-intake", "motcua-processing", "motcua-metrics", "prometheus")
    wait_until(lambda: [up().get(job) for job in jobs] == ["1"] * 4, 60.0, "not all scraped")


def test_our_containers_have_a_read_only_root_no_capability_and_no_other_account(
    composed: ComposedSystem, played: Settled
) -> None:
    assert played
    for service in ("intake", "processing", "metrics", "play", "registry", "migrate"):
        (told,) = json.loads(composed.engine.docker("inspect", composed.container(service)))
        assert told["HostConfig"]["ReadonlyRootfs"], service
        assert told["HostConfig"]["CapDrop"] == ["ALL"], service
        assert told["Config"]["User"] == "10001:10001", service
        assert told["HostConfig"]["Memory"] > 0, service


def test_containers_killed_one_after_another_change_no_figure(
    composed: ComposedSystem, played: Settled
) -> None:
    before = _timeless(played)
    for service in SERVERS:
        composed.kill(service)
        wait_until(
            lambda service=service: composed.is_ready(service), 120.0, f"{service} is not back"
        )
        assert composed.figures() == before, service


def test_the_year_handed_in_again_after_everything_stopped_changes_no_figure(
    composed: ComposedSystem, played: Settled
) -> None:
    before = _timeless(played)
    composed.compose("down", "--timeout", "30")
    composed.compose("up", "--detach", "--no-build", seconds=300.0)
    assert composed.played() == 0
    assert composed.figures() == before


def _timeless(settled: Settled) -> Figures:
    return replace(settled.figures, as_of="")
