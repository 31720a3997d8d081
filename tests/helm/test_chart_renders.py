"""Each profile and each switch renders to what Kubernetes takes; what cannot work is refused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml
from chart_tools import CHART, KUBERNETES, ROOT, ChartTools, RenderError

from scripts import chart as made_chart

PROFILES: Final = {
    name: ("--values", str(CHART / f"values-{name}.yaml"))
    for name in ("laptop", "pilot", "province")
}
PILOT: Final = PROFILES["pilot"]
SWITCHES: Final = {
    "hpa": "processing.hpa.enabled=true,intake.hpa.enabled=true",
    "keda": "processing.keda.enabled=true",
    "no policies": "networkPolicy.enabled=false",
    "no budgets": "intake.pdb.enabled=false,processing.pdb.enabled=false",
    "shards": "metrics.shards=4,metrics.replicas=2",
    "ingress": "ingress.enabled=true,ingress.host=tiep-nhan.example,ingress.tlsSecret=door",
    "gateway": "gateway.enabled=true,gateway.parentRefs[0].name=door",
    "owner": "migration.existingSecret=owner",
    "no migration": "migration.enabled=false",
    "tokens": "oidc.issuer=https://id.example,oidc.jwksUrl=https://id.example/keys",
    "grafana": "grafana.url=https://grafana.example,grafana.existingSecret=grafana",
    "proxy": "tls.existingSecret=,trustedProxies=10.0.0.1",
    "accounts": "intake.serviceAccount.create=false,processing.serviceAccount.name=own",
    "kafka ports": "networkPolicy.kafkaPorts={9092,9094}",
    "one broker": "strimzi.enabled=true,kafka.bootstrap=,strimzi.brokers=1",
    "digest": "intake.image.digest=sha256:0123",
}
REFUSED: Final = {
    "processing.hpa.enabled=true,processing.keda.enabled=true": "hpa or keda, not both",
    "ingress.enabled=true,gateway.enabled=true": "ingress or gateway, not both",
    "strimzi.enabled=true": "kafka.bootstrap or strimzi, not both",
    "cnpg.enabled=true": "database.existingSecret or cnpg, not both",
    "kafka.bootstrap=": "kafka.bootstrap: host:port",
    "database.existingSecret=": "database.existingSecret: a Secret",
    "access=open": "production is guarded",
    "tls.existingSecret=": "production listens with TLS",
    "intake.terminationGracePeriodSeconds=15": "more than preStopSeconds",
    "intake.replica=3": "additional properties 'replica' not allowed",
    "intake.replicas=two": "got string, want integer",
    "environment=staging": "value must be one of",
    "grafana.url=https://grafana.example": "a Secret with the token",
}


def faults(chart: ChartTools, rendered: str, folder: Path) -> list[str]:
    """What kubernetes-validate finds wrong, kinds of operators aside."""
    path = folder / "rendered.yaml"
    path.write_text(rendered, "utf-8")
    command = (chart.program("kubernetes-validate"), "-k", KUBERNETES, "--strict", str(path))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    assert any("passed" in line for line in lines), lines
    return [line for line in lines if "passed" not in line and "Couldn't find schema" not in line]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_passes_the_strict_lint(chart: ChartTools, profile: str) -> None:
    assert "0 chart(s) failed" in chart.lint(*PROFILES[profile])


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_holds_no_field_that_kubernetes_does_not_know(
    chart: ChartTools, profile: str, tmp_path: Path
) -> None:
    assert faults(chart, chart.render(*PROFILES[profile]), tmp_path) == []


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_holds_no_field_that_kubernetes_does_not_know(
    chart: ChartTools, switch: str, tmp_path: Path
) -> None:
    assert faults(chart, chart.render(*PILOT, "--set", SWITCHES[switch]), tmp_path) == []


def test_the_check_of_fields_finds_an_unknown_one(chart: ChartTools, tmp_path: Path) -> None:
    broken = chart.render(*PILOT).replace("automountServiceAccountToken", "automountToken", 1)
    assert faults(chart, broken, tmp_path)


@pytest.mark.parametrize("switches", REFUSED)
def test_values_that_cannot_work_are_refused_with_the_reason(
    chart: ChartTools, switches: str
) -> None:
    with pytest.raises(RenderError) as refused:
        chart.render(*PILOT, "--set", switches)
    assert REFUSED[switches] in str(refused.value)


def test_copies_schema_and_readme_are_as_their_sources_say() -> None:
    made = made_chart.copies()
    different = [
        str(path) for path, text in made.items() if (CHART / path).read_text("utf-8") != text
    ]
    assert different == [], "make docs writes them anew"
    there = {path.relative_to(CHART) for path in (CHART / "files").rglob("*.*")}
    assert there <= set(made)


def test_rules_and_dashboards_arrive_unchanged(chart: ChartTools) -> None:
    objects = chart.objects(*PILOT)
    rules = [one["spec"] for one in objects if one["kind"] == "PrometheusRule"]
    sources = sorted((ROOT / "deploy/observability/rules").glob("*.yaml"))
    assert rules == [yaml.safe_load(path.read_text("utf-8")) for path in sources]
    boards = {
        name: text
        for one in objects
        if one["kind"] == "ConfigMap"
        for name, text in one["data"].items()
    }
    generated = (ROOT / "deploy/observability/dashboards/generated").glob("*.json")
    expected = {path.name: json.loads(path.read_text("utf-8")) for path in generated}
    assert {name: json.loads(text) for name, text in boards.items()} == expected


def test_topics_of_strimzi_are_those_of_the_contract(chart: ChartTools) -> None:
    objects = chart.objects(*PROFILES["province"])
    topics = {
        one["metadata"]["name"]: one["spec"] for one in objects if one["kind"] == "KafkaTopic"
    }
    sources = [
        yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "proto/topics").glob("*.yaml")
    ]
    assert set(topics) == {topic["name"] for topic in sources}
    for topic in sources:
        spec = topics[topic["name"]]
        assert spec["partitions"] == topic["partitions"]
        assert spec["replicas"] == 3
        assert spec["config"] == {**topic["config"], "min.insync.replicas": 2}
