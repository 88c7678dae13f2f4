"""The manifests fit the published schemas, hang together, and run what exists as nobody special."""

import copy
import re
import shlex
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from tests.factories.deployed import (
    DEPLOY,
    KUBERNETES,
    OURS,
    ROOT,
    SECRET,
    containers_of,
    every_manifest,
    pod_of,
    routes,
    settings_from,
    variables,
)
from tests.factories.gov_commands import check

MANIFESTS = every_manifest()
IDS = [f"{name}: {one['kind']} {one['metadata']['name']}" for name, one in MANIFESTS]
WORKING = [one for _, one in MANIFESTS if containers_of(one)]
ROLES = {one["metadata"]["name"]: one for one in WORKING if one["kind"] == "Deployment"}
OLDEST = "1.31"
"""The oldest release of Kubernetes that the manifests are for."""
HOW_TO = (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")


def named(kind: str) -> dict[str, dict]:
    return {one["metadata"]["name"]: one for _, one in MANIFESTS if one["kind"] == kind}


@pytest.mark.parametrize(("name", "manifest"), MANIFESTS, ids=IDS)
def test_a_manifest_fits_the_published_schema(name: str, manifest: dict) -> None:
    for release in (OLDEST, kubernetes_validate.latest_version()):
        kubernetes_validate.validate(manifest, release, strict=True)


def test_a_misspelt_key_would_be_found() -> None:
    wrong = copy.deepcopy(ROLES["web"])
    wrong["spec"]["replcas"] = wrong["spec"].pop("replicas")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, OLDEST, strict=True)


def test_every_file_is_applied() -> None:
    applied = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text("utf-8"))
    assert sorted(applied["resources"]) == sorted({name for name, _ in MANIFESTS})
    assert {one["metadata"].get("namespace", "gov-portal") for _, one in MANIFESTS} == {applied["namespace"]}


def test_web_relay_and_worker_run_twice() -> None:
    assert {name: one["spec"]["replicas"] for name, one in ROLES.items()} == {"web": 2, "relay": 2, "worker": 2}


@pytest.mark.parametrize("manifest", WORKING, ids=lambda one: one["metadata"]["name"])
def test_a_pod_runs_commands_that_exist(manifest: dict) -> None:
    for container in containers_of(manifest):
        check(shlex.join(["gov", *container["args"]]))
        assert container["image"].startswith(OURS)


@pytest.mark.parametrize("manifest", WORKING, ids=lambda one: one["metadata"]["name"])
def test_a_pod_may_change_nothing_but_its_folders(manifest: dict) -> None:
    pod = pod_of(manifest)
    user = pod["securityContext"]["runAsUser"]
    assert f"USER {user}:{user}" in (DEPLOY / "Containerfile").read_text("utf-8")
    assert (pod["securityContext"]["runAsNonRoot"], pod["automountServiceAccountToken"]) == (True, False)
    for container in containers_of(manifest):
        locked = container["securityContext"]
        assert (locked["allowPrivilegeEscalation"], locked["readOnlyRootFilesystem"]) == (False, True)
        assert locked["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]


@pytest.mark.parametrize("manifest", WORKING, ids=lambda one: one["metadata"]["name"])
def test_a_pod_finds_what_it_names(manifest: dict) -> None:
    pod = pod_of(manifest)
    claims = {one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"] if "persistentVolumeClaim" in one}
    assert claims <= set(named("PersistentVolumeClaim"))
    for container in containers_of(manifest):
        assert {one["name"] for one in container["volumeMounts"]} <= {one["name"] for one in pod["volumes"]}
        for source in container["envFrom"]:
            ((kind, wanted),) = source.items()
            if kind == "configMapRef":
                assert wanted["name"] in named("ConfigMap")
            else:
                assert f"create secret generic {wanted['name']} " in HOW_TO


def test_only_what_changes_the_schema_knows_the_owner() -> None:
    owners = {
        one["metadata"]["name"]
        for one in WORKING
        if any(
            source.get("secretRef") == {"name": "database-owner"} for c in containers_of(one) for source in c["envFrom"]
        )
    }
    assert owners == {"migrate-0-1-0", "maintain"}


def test_the_platform_takes_the_settings_and_none_is_secret(tmp_path: Path) -> None:
    given = named("ConfigMap")["settings"]["data"]
    assert set(given) <= variables()
    assert [name for name in given if SECRET.search(name)] == []
    assert settings_from({**given, "DATABASE_URL": "postgresql://gov_app@database/gov"}, tmp_path).broker_url
    assert "Secret" not in {one["kind"] for _, one in MANIFESTS}


def test_selectors_find_the_pods_that_they_mean() -> None:
    labels = {name: one["spec"]["template"]["metadata"]["labels"] for name, one in ROLES.items()}
    for name, role in ROLES.items():
        assert role["spec"]["selector"]["matchLabels"] == labels[name]
        budget = named("PodDisruptionBudget")[name]["spec"]
        assert budget["selector"]["matchLabels"] == labels[name]
        assert budget["minAvailable"] < role["spec"]["replicas"]
    assert named("Service")["web"]["spec"]["selector"] == labels["web"]
    for name, scaler in named("HorizontalPodAutoscaler").items():
        assert scaler["spec"]["scaleTargetRef"]["name"] == name
        assert scaler["spec"]["minReplicas"] == ROLES[name]["spec"]["replicas"]
    for policy in named("NetworkPolicy").values():
        wanted = policy["spec"]["podSelector"]["matchLabels"].items()
        assert any(wanted <= found.items() for found in labels.values())


def test_the_door_leads_to_the_port_that_the_web_opens() -> None:
    (container,) = containers_of(ROLES["web"])
    (opened,) = container["ports"]
    assert str(opened["containerPort"]) == container["args"][container["args"].index("--port") + 1]
    (port,) = named("Service")["web"]["spec"]["ports"]
    assert port["targetPort"] == opened["name"]
    backend = named("Ingress")["web"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend == {"name": "web", "port": {"name": port["name"]}}
    allowed = named("NetworkPolicy")["door"]["spec"]["ingress"][0]["ports"][0]["port"]
    assert allowed == opened["name"]


def test_probes_ask_where_the_platform_answers() -> None:
    (container,) = containers_of(ROLES["web"])
    asked = {kind: container[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {kind: one["path"] for kind, one in asked.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    assert {one["path"] for one in asked.values()} <= routes()
    assert {one["port"] for one in asked.values()} == {container["ports"][0]["name"]}


def test_the_image_is_this_release() -> None:
    version = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[0]
    assert {container["image"] for one in WORKING for container in containers_of(one)} == {f"{OURS}{version}"}
    assert f"migrate-{version.replace('.', '-')}" in named("Job")
