"""What the rendered objects promise: safe pods, honest probes, selectors that meet, no secrets."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from chart_tools import CHART, ChartTools

Object = dict[str, Any]
PILOT: Final = ("--values", str(CHART / "values-pilot.yaml"))
PROVINCE: Final = ("--values", str(CHART / "values-province.yaml"))
JUSTIFIED: Final = {
    "CKV_K8S_11": "A CPU limit throttles a service that has CPU to spare; requests share it out.",
    "CKV_K8S_15": "Tags are those of releases and never moved; a node may start without registry.",
    "CKV_K8S_43": "A digest is the installer's to give: the image may be built where it is used.",
}


@pytest.fixture(scope="module", params=[PILOT, PROVINCE], ids=["pilot", "province"])
def objects(chart: ChartTools, request: pytest.FixtureRequest) -> list[Object]:
    return chart.objects(*request.param)


def workloads(objects: list[Object]) -> list[Object]:
    return [one for one in objects if one["kind"] in {"Deployment", "StatefulSet"}]


def containers(objects: list[Object]) -> Iterator[Object]:
    for workload in workloads(objects):
        pod = workload["spec"]["template"]["spec"]
        yield from pod["containers"]
        yield from pod.get("initContainers", [])


def environment(container: Object) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in container["env"]}


def meets(selector: dict[str, str], workload: Object) -> bool:
    labels = workload["spec"]["template"]["metadata"]["labels"]
    if workload["kind"] == "StatefulSet":
        shards = workload["spec"]["replicas"]
        labels = {**labels, "apps.kubernetes.io/pod-index": str(shards - 1)}
        index = selector.get("apps.kubernetes.io/pod-index", "0")
        selector = {**selector, "apps.kubernetes.io/pod-index": str(shards - 1)}
        return int(index) < shards and selector.items() <= labels.items()
    return selector.items() <= labels.items()


def test_every_object_says_what_it_belongs_to(objects: list[Object]) -> None:
    for one in objects:
        labels = one["metadata"]["labels"]
        for name in ("name", "instance", "component", "version", "part-of", "managed-by"):
            assert labels[f"app.kubernetes.io/{name}"], one["metadata"]["name"]
        assert one["metadata"]["namespace"] == "motcua"


def test_no_two_objects_of_a_kind_share_a_name(objects: list[Object]) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in objects]
    assert len(names) == len(set(names))


def test_pods_are_restricted(objects: list[Object]) -> None:
    for workload in workloads(objects):
        pod = workload["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers(objects):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}


def test_images_are_named_by_a_version_and_resources_are_bounded(objects: list[Object]) -> None:
    for container in containers(objects):
        _, _, tag = container["image"].rpartition(":")
        assert tag == "0.1.0"
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]


def test_life_is_the_process_and_readiness_is_its_parts(objects: list[Object]) -> None:
    for workload in workloads(objects):
        pod = workload["spec"]["template"]["spec"]
        [container] = pod["containers"]
        assert container["startupProbe"]["httpGet"]["path"] == "/livez"
        assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        for name in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert container[name]["httpGet"]["scheme"] == "HTTPS"
        served_on = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert pod["terminationGracePeriodSeconds"] > served_on + 10


def test_every_selector_meets_the_pods_it_means(objects: list[Object]) -> None:
    pods = workloads(objects)
    for workload in pods:
        assert meets(workload["spec"]["selector"]["matchLabels"], workload)
        own = workload["spec"]["selector"]["matchLabels"]
        assert [one for one in pods if meets(own, one)] == [workload]
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "Service":
            assert any(meets(spec["selector"], pod) for pod in pods), one["metadata"]["name"]
        if one["kind"] in {"PodDisruptionBudget", "PodMonitor"}:
            selector = spec["selector"]["matchLabels"]
            assert any(meets(selector, pod) for pod in pods), one["metadata"]["name"]


def test_nothing_may_be_reached_that_no_policy_names(objects: list[Object]) -> None:
    policies = [one["spec"] for one in objects if one["kind"] == "NetworkPolicy"]
    [closed] = [policy for policy in policies if not {"ingress", "egress"} & set(policy)]
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert all(meets(closed["podSelector"]["matchLabels"], pod) for pod in workloads(objects))
    database = [
        policy["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
        for policy in policies
        for rule in policy.get("egress", [])
        for port in rule["ports"]
        if port["port"] == 5432
    ]
    assert database == ["processing"]


def test_credentials_are_files_and_stand_in_no_object(objects: list[Object]) -> None:
    assert "Secret" not in {one["kind"] for one in objects}
    secret = {"MOTCUA_DATABASE_URL", "MOTCUA_METRICS_KEY", "MOTCUA_PROCESSING_KEY"}
    for container in containers(objects):
        assert not secret & set(environment(container))
        assert not [one for one in container["env"] if "secretKeyRef" in one.get("valueFrom", {})]
    for one in objects:
        if one["kind"] == "ConfigMap":
            assert [name.rpartition(".")[2] for name in one["data"]] == ["json"]


def test_every_shard_is_an_ordinal_and_knows_the_others(chart: ChartTools) -> None:
    objects = chart.objects(*PILOT, "--set", "metrics.shards=3,metrics.replicas=2")
    copies = [one for one in objects if one["kind"] == "StatefulSet"]
    assert [copy["spec"]["replicas"] for copy in copies] == [3, 3]
    services = {one["metadata"]["name"] for one in objects if one["kind"] == "Service"}
    for copy in copies:
        [container] = copy["spec"]["template"]["spec"]["containers"]
        given = environment(container)
        assert given["MOTCUA_SHARD_COUNT"] == "3"
        peers = given["MOTCUA_SHARD_PEERS"].split(",")
        assert peers == [f"https://mc-motcua-metrics-shard-{shard}:8103" for shard in (1, 2)]
        assert {peer.split("/")[2].split(":")[0] for peer in peers} <= services
        [ordinal] = [one for one in container["env"] if one["name"] == "MOTCUA_SHARD_ORDINAL"]
        assert "pod-index" in ordinal["valueFrom"]["fieldRef"]["fieldPath"]


@pytest.mark.parametrize("scaler", ["hpa", "keda"])
def test_what_is_scaled_has_no_count_of_its_own(chart: ChartTools, scaler: str) -> None:
    objects = chart.objects(*PILOT, "--set", f"processing.{scaler}.enabled=true")
    kinds = [one["kind"] for one in objects]
    assert kinds.count("HorizontalPodAutoscaler") + kinds.count("ScaledObject") == 1
    deployments = {one["metadata"]["name"]: one for one in workloads(objects)}
    assert "replicas" not in deployments["mc-motcua-processing"]["spec"]
    assert deployments["mc-motcua-intake"]["spec"]["replicas"] == 2


def test_lag_is_that_of_the_group_that_processing_reads_with(chart: ChartTools) -> None:
    given = ("--set", "processing.keda.enabled=true,processing.env.GROUP_ID=another")
    [scaled] = [one for one in chart.objects(*PILOT, *given) if one["kind"] == "ScaledObject"]
    [trigger] = scaled["spec"]["triggers"]
    assert trigger["metadata"]["consumerGroup"] == "another"
    assert trigger["metadata"]["offsetResetPolicy"] == "earliest"


def test_the_schema_is_migrated_before_processing_starts_and_by_no_hook(
    chart: ChartTools,
) -> None:
    objects = chart.objects(*PILOT, "--set", "migration.existingSecret=owner")
    assert "helm.sh/hook" not in json.dumps(objects)
    [pod] = [
        one["spec"]["template"]["spec"]
        for one in workloads(objects)
        if "initContainers" in one["spec"]["template"]["spec"]
    ]
    [migrate] = pod["initContainers"]
    assert migrate["image"] == pod["containers"][0]["image"]
    assert environment(migrate)["MOTCUA_DATABASE_URL_FILE"] == "/secrets/owner-url"
    [runs] = pod["containers"]
    assert environment(runs)["MOTCUA_DATABASE_URL_FILE"] == "/secrets/database-url"


@pytest.mark.parametrize("profile", [PILOT, PROVINCE], ids=["pilot", "province"])
def test_checkov_finds_nothing_but_what_is_justified(
    chart: ChartTools, profile: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "rendered.yaml"
    path.write_text(chart.render(*profile), "utf-8")
    options = ("--framework", "kubernetes", "--skip-download", "--quiet", "--output", "json")
    command = (chart.program("checkov"), "--file", str(path), *options)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["passed"] > 200
    assert {one["check_id"] for one in report["results"]["failed_checks"]} == set(JUSTIFIED)
