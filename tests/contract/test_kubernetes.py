"""The manifests are valid, restricted and agree with the code and with one another."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
import yaml

from chassis import permissions
from chassis.db import SPARE_CONNECTIONS
from chassis.settings import Settings
from gateway.settings import THREADS
from launcher.kubernetes import manifests, secrets
from launcher.settings import DATABASES, ROOT, SERVICES
from tests.support.manifests import (
    OVERLAYS,
    Object,
    containers,
    faults_of_core_kinds,
    faults_of_custom_kinds,
    labels_of_pods,
    name_of,
    named_entries,
    names,
    of_kind,
    pod,
    provided_entries,
    rendered,
    selects,
    workloads,
)

each_overlay = pytest.mark.parametrize("overlay", OVERLAYS)
PINNED = re.compile(r".+(:[^:]*\d[^:]*|@sha256:[0-9a-f]{64})$")


def test_no_generated_manifest_is_stale() -> None:
    """Whoever changes messages, services or alerts runs ``./plurali docs``."""
    assert manifests.stale() == []


def test_the_alerts_are_those_of_the_monitoring() -> None:
    """The operator's form wraps each file of rules and changes nothing."""
    wrapped = {
        each["metadata"]["name"]: each["spec"]
        for each in of_kind("production", "PrometheusRule")
        if each["metadata"]["name"].startswith("plurali-")
    }
    kept = {
        f"plurali-{path.stem}": yaml.safe_load(path.read_text())
        for path in manifests.RULES.glob("*.yml")
    }
    assert wrapped == kept != {}


def test_monitors_give_the_jobs_that_alerts_ask_for() -> None:
    """An alert on a job that nobody is called would never fire."""
    asked = {
        job
        for path in manifests.RULES.glob("*.yml")
        for job in re.findall(r'job="([^"]+)"', path.read_text())
    }
    given = {
        rule["replacement"]
        for monitor in of_kind("production", "PodMonitor")
        for endpoint in monitor["spec"]["podMetricsEndpoints"]
        for rule in endpoint["relabelings"]
        if rule["targetLabel"] == "job"
    }
    assert asked <= given


def test_the_operator_of_the_database_gives_every_series_that_is_asked_for() -> None:
    """Dashboards and alerts name the exporter's series; rules record them from the operator's."""
    monitoring = manifests.RULES.parents[1]
    asked = {
        name
        for pattern in ("grafana/dashboards/*.json", "prometheus/rules/*.yml")
        for path in monitoring.glob(pattern)
        for name in re.findall(r"\bpg_[a-z_]+", path.read_text())
    }
    recorded = {
        rule["record"]
        for each in of_kind("production", "PrometheusRule")
        for group in each["spec"]["groups"]
        for rule in group["rules"]
        if rule.get("record", "").startswith("pg_")
    }
    assert recorded == asked


@each_overlay
def test_kubernetes_accepts_every_object(overlay: str) -> None:
    """No field is unknown, no value of a wrong type, no kind from nowhere."""
    assert list(faults_of_core_kinds(overlay)) == []


@each_overlay
def test_operators_accept_every_object_where_their_definitions_are_given(overlay: str) -> None:
    """``PLURALI_CRDS`` names a directory of them; without it, this proves nothing."""
    assert list(faults_of_custom_kinds(overlay)) == []


@each_overlay
def test_no_object_is_there_twice(overlay: str) -> None:
    """Applying would let one win."""
    found = [name_of(each) for each in rendered(overlay)]
    assert len(found) == len(set(found))


@each_overlay
def test_every_service_has_all_its_parts(overlay: str) -> None:
    """A service that is added to the code is added to the cluster."""
    assert names(of_kind(overlay, "Deployment")) == {f"{name}-runtime" for name in SERVICES} | {
        "gateway"
    }
    assert {name.partition("-migrate-")[0] for name in names(of_kind(overlay, "Job"))} == {
        *DATABASES,
        f"topology-{released().replace('.', '-')}",
    }


@each_overlay
def test_every_pod_is_restricted(overlay: str) -> None:
    """As the profile `restricted` asks, and with a file system that nobody can write to."""
    loose = []
    for workload in workloads(overlay):
        spec = pod(workload)
        whole = spec["securityContext"]
        tight = (
            whole["runAsNonRoot"] is True
            and whole["runAsUser"] > 0
            and whole["seccompProfile"] == {"type": "RuntimeDefault"}
            and spec["automountServiceAccountToken"] is False
            and spec["enableServiceLinks"] is False
            and spec["serviceAccountName"] == "plurali"
            and not spec.keys() & {"hostNetwork", "hostPID", "hostIPC"}
        )
        loose += [] if tight else [name_of(workload)]
        loose += [
            f"{name_of(workload)}: {each['name']}"
            for each in containers(workload)
            if each["securityContext"]
            != {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
        ]
    assert loose == []


@each_overlay
def test_every_process_of_ours_is_the_user_of_the_image(overlay: str) -> None:
    """The files of the secrets belong to its group."""
    ours = of_kind(overlay, "Deployment", "Job")
    users = {
        tuple(pod(each)["securityContext"][field] for field in ("runAsUser", "fsGroup"))
        for each in ours
    }
    assert users == {(10001, 10001)}


@each_overlay
def test_every_container_has_bounds(overlay: str) -> None:
    """Requests for both; a limit for memory alone, since a limit of time only slows."""
    unbounded = [
        f"{name_of(workload)}: {each['name']}"
        for workload in workloads(overlay)
        for each in containers(workload)
        if each["resources"]["requests"].keys() != {"cpu", "memory"}
        or each["resources"]["limits"].keys() != {"memory"}
    ]
    assert unbounded == []


@each_overlay
def test_every_image_is_pinned(overlay: str) -> None:
    """A version or a digest, never what happens to be the latest."""
    images = {each["image"] for workload in workloads(overlay) for each in containers(workload)}
    images |= {each["spec"]["image"] for each in of_kind(overlay, "RabbitmqCluster")}
    images |= {each["spec"]["imageName"] for each in of_kind(overlay, "Cluster")}
    assert [each for each in images if not PINNED.match(each)] == []


@each_overlay
def test_what_lives_on_is_probed(overlay: str) -> None:
    """Started, ready, alive; a process of ours tells on its own port."""
    for workload in of_kind(overlay, "Deployment", "StatefulSet"):
        for each in pod(workload)["containers"]:
            assert each.keys() >= {"startupProbe", "readinessProbe", "livenessProbe"}
    for workload in of_kind(overlay, "Deployment"):
        (process,) = pod(workload)["containers"]
        assert process["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "health"}
        for probe in ("startupProbe", "livenessProbe"):
            assert process[probe]["httpGet"] == {"path": "/live", "port": "health"}


@each_overlay
def test_a_pod_has_time_to_end(overlay: str) -> None:
    """The pause, the grace and a little more fit into what the cluster grants."""
    (configuration,) = [
        each
        for each in of_kind(overlay, "ConfigMap")
        if each["metadata"]["name"].startswith("configuration-")
    ]
    grace = int(configuration["data"]["GRACE_SECONDS"])
    for workload in of_kind(overlay, "Deployment"):
        hook = pod(workload)["containers"][0].get("lifecycle", {}).get("preStop")
        pause = int(hook["exec"]["command"][-1]) if hook else 0
        assert pause + grace + 5 <= pod(workload)["terminationGracePeriodSeconds"]


@each_overlay
def test_requests_reach_no_pod_that_has_ended(overlay: str) -> None:
    """Behind a Service, a pod waits until every proxy has heard that it goes."""
    (service,) = [
        each for each in of_kind(overlay, "Service") if each["metadata"]["name"] == "gateway"
    ]
    (behind,) = [
        each
        for each in of_kind(overlay, "Deployment")
        if service["spec"]["selector"].items() <= labels_of_pods(each).items()
    ]
    assert pod(behind)["containers"][0]["lifecycle"]["preStop"]


@each_overlay
def test_an_update_takes_no_process_away_first(overlay: str) -> None:
    """The new one is ready before the old one goes."""
    strategies = {
        json.dumps(each["spec"]["strategy"], sort_keys=True)
        for each in of_kind(overlay, "Deployment")
    }
    assert strategies == {
        '{"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}, "type": "RollingUpdate"}'
    }


@each_overlay
def test_selectors_meet_their_own_pods_alone(overlay: str) -> None:
    """Nothing adopts, disrupts or counts the pods of another."""
    for owner in of_kind(overlay, "Deployment", "StatefulSet"):
        met = [
            name_of(each)
            for each in workloads(overlay)
            if selects(owner["spec"]["selector"], labels_of_pods(each))
        ]
        assert met == [name_of(owner)]
        for each in pod(owner).get("topologySpreadConstraints", []):
            assert each["labelSelector"] == owner["spec"]["selector"]


@each_overlay
def test_every_deployment_has_one_disruption_budget(overlay: str) -> None:
    """One pod of each may be missing while a node is emptied."""
    budgets = of_kind(overlay, "PodDisruptionBudget")
    for each in of_kind(overlay, "Deployment"):
        fitting = [
            budget
            for budget in budgets
            if selects(budget["spec"]["selector"], labels_of_pods(each))
        ]
        assert [budget["spec"]["maxUnavailable"] for budget in fitting] == [1]


def test_nobody_sets_the_number_of_processes_that_scale() -> None:
    """A number in the Deployment would undo KEDA's at every update."""
    scaled = {
        each["spec"]["scaleTargetRef"]["name"] for each in of_kind("production", "ScaledObject")
    }
    deployments = of_kind("production", "Deployment")
    assert scaled == names(deployments)
    assert [name_of(each) for each in deployments if "replicas" in each["spec"]] == []


def test_the_database_has_room_for_every_process_at_its_most() -> None:
    """Each at its most, one more while it is replaced, and what the operator keeps for itself."""
    (cluster,) = of_kind("production", "Cluster")
    workers = Settings(amqp_uri="", database_url="").workers
    service = (workers + SPARE_CONNECTIONS) * (manifests.MOST_OF_A_SERVICE + 1)
    gateway = (THREADS + SPARE_CONNECTIONS) * (manifests.MOST_OF_THE_GATEWAY + 1)
    most = len(SERVICES) * service + gateway + len(DATABASES)
    assert most + 10 <= int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])


@each_overlay
def test_every_secret_that_is_named_exists(overlay: str) -> None:
    """With the entry that is asked of it."""
    provided = provided_entries(overlay)
    lacking = {
        (name, entry)
        for name, entry in named_entries(overlay)
        if entry not in provided.get(name, set())
    }
    assert lacking == set()


def test_the_vault_and_the_script_make_the_same_secrets() -> None:
    """Whoever has no vault has everything all the same, but what reaches the store of backups."""
    printed = {
        each["metadata"]["name"]: (each["type"], set(each["stringData"]))
        for each in secrets.made(by_operator=True)
    }
    fetched = {
        each["metadata"]["name"]: (
            each["spec"]["target"]["template"]["type"],
            set(each["spec"]["target"]["template"]["data"]),
        )
        for each in of_kind("production", "ExternalSecret")
        if "template" in each["spec"]["target"]
    }
    assert printed == fetched


def test_no_password_comes_twice() -> None:
    """Fresh ones for every Secret, and at every call."""
    passwords = [
        value
        for _ in range(2)
        for each in secrets.made(by_operator=True)
        for entry, value in each["stringData"].items()
        if entry in {"password", "keys"}
    ]
    assert len(passwords) == len(set(passwords))


def test_no_secret_is_in_the_manifests() -> None:
    """They are made in the cluster, or by the one who deploys."""
    assert [name_of(each) for overlay in OVERLAYS for each in of_kind(overlay, "Secret")] == []


@each_overlay
def test_a_process_works_as_a_role_that_owns_nothing(overlay: str) -> None:
    """Only a migration has the owner's password, and no process has a migration's."""
    for workload in of_kind(overlay, "Deployment", "Job"):
        held = {name for name, _ in secrets_of(workload)}
        owners = {name for name in held if name.endswith("-database-owner")}
        part = labels_of_pods(workload)["app.kubernetes.io/name"]
        is_migration = "-migrate-" in workload["metadata"]["name"]
        assert owners == ({f"{part}-database-owner"} if is_migration else set())
        foreign = {name for name in held if name.endswith("-broker") and name != f"{part}-broker"}
        assert foreign == set()


def secrets_of(workload: Object) -> list[tuple[str, str]]:
    """Return the Secrets that its pods mount, with the entries."""
    (volume,) = [each for each in pod(workload)["volumes"] if each["name"] == "secrets"]
    return [
        (each["secret"]["name"], item["key"])
        for each in volume["projected"]["sources"]
        for item in each["secret"]["items"]
    ]


@each_overlay
def test_no_secret_is_in_the_environment(overlay: str) -> None:
    """They are files, which nobody sees in a list of processes."""
    found = [
        f"{name_of(workload)}: {variable['name']}"
        for workload in workloads(overlay)
        for each in containers(workload)
        for variable in each.get("env", [])
        if "secretKeyRef" in variable.get("valueFrom", {})
    ]
    assert found == []


@each_overlay
def test_every_file_that_is_named_is_mounted(overlay: str) -> None:
    """A setting that ends with `_FILE` leads somewhere, in each container."""
    for workload in of_kind(overlay, "Deployment", "Job"):
        (volume,) = [each for each in pod(workload)["volumes"] if each["name"] == "secrets"]
        files = {
            item["path"]
            for each in volume["projected"]["sources"]
            for item in each["secret"]["items"]
        }
        for each in containers(workload):
            named = {
                variable["value"].rpartition("/")[2]
                for variable in each["env"]
                if variable["name"].endswith("_FILE") and variable["name"] != "SSL_CERT_FILE"
            }
            assert named <= files


@each_overlay
def test_everything_is_forbidden_that_is_not_allowed(overlay: str) -> None:
    """One policy meets every pod and allows nothing, either way."""
    nothing = [
        each
        for each in of_kind(overlay, "NetworkPolicy")
        if each["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ]
    assert len(nothing) == 1


@each_overlay
def test_every_policy_meets_a_pod(overlay: str) -> None:
    """A label that was mistyped allows nothing, and nobody notices before it is needed."""
    engines = [{"app.kubernetes.io/name": "broker"}, {"cnpg.io/cluster": "database"}]
    pods = [*(labels_of_pods(each) for each in workloads(overlay)), *engines]
    idle = [
        name_of(policy)
        for policy in of_kind(overlay, "NetworkPolicy")
        if not any(selects(policy["spec"]["podSelector"], labels) for labels in pods)
    ]
    assert idle == []


def test_the_version_is_the_same_everywhere() -> None:
    """Image, names of jobs and labels are those of the project."""
    jobs = names(of_kind("production", "Job"))
    tag = released()
    assert {name.endswith(tag.replace(".", "-")) for name in jobs} == {True}
    ours: list[dict[str, Any]] = of_kind("production", "Deployment", "Job")
    assert {labels_of_pods(each)["app.kubernetes.io/version"] for each in ours} == {tag}
    images = {each["image"].rpartition(":")[2] for one in ours for each in containers(one)}
    assert images == {tag}


def released() -> str:
    """Return the version of the project."""
    project: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return project


def test_every_user_of_the_broker_has_rights_and_a_password() -> None:
    """None is left with the rights of another, or without any."""
    users = names(of_kind("production", "User"))
    allowed = {
        each["spec"]["userReference"]["name"] for each in of_kind("production", "Permission")
    }
    assert users == allowed == set(permissions.users()) >= {*DATABASES}


def test_the_ingress_takes_the_place_of_the_gateway_api() -> None:
    """Both components change the same things of the process."""
    components = ROOT / "deploy" / "k8s" / "components"
    patches = [
        yaml.safe_load((components / name / "kustomization.yaml").read_text())["patches"]
        for name in ("gateway-api", "ingress")
    ]
    assert patches[0] == patches[1]
