"""The manifests as a cluster would get them, and what many tests ask of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from jsonschema import Draft7Validator

from launcher.kubernetes import kustomize, secrets
from launcher.settings import Settings

Object = dict[str, Any]
OVERLAYS = ("local", "production")
KUBERNETES = "1.34"

CUSTOM = {
    "barmancloud.cnpg.io/v1": {"ObjectStore"},
    "cert-manager.io/v1": {"Certificate", "Issuer"},
    "external-secrets.io/v1": {"ExternalSecret"},
    "gateway.networking.k8s.io/v1": {"Gateway", "HTTPRoute"},
    "keda.sh/v1alpha1": {"ScaledObject", "TriggerAuthentication"},
    "monitoring.coreos.com/v1": {"PodMonitor", "PrometheusRule"},
    "postgresql.cnpg.io/v1": {"Cluster", "Database", "DatabaseRole", "ScheduledBackup"},
    "rabbitmq.com/v1beta1": {"Permission", "RabbitmqCluster", "TopicPermission", "User", "Vhost"},
}
"""The kinds that operators bring to a cluster."""

MADE_BY_OPERATORS = {
    "authority": {"tls.crt", "tls.key", "ca.crt"},
    "broker-tls": {"tls.crt", "tls.key", "ca.crt"},
    "database-ca": {"ca.crt", "ca.key"},
    "gateway-tls": {"tls.crt", "tls.key", "ca.crt"},
}
"""Secrets of cert-manager and CloudNativePG, with their entries."""


@cache
def rendered(overlay: str) -> tuple[Object, ...]:
    """Return the objects of an overlay."""
    command = kustomize.acquire(Settings.from_environment())
    text = kustomize.render(command, kustomize.MANIFESTS / "overlays" / overlay)
    return tuple(yaml.safe_load_all(text))


def of_kind(overlay: str, *kinds: str) -> list[Object]:
    """Return the objects of some kinds."""
    return [each for each in rendered(overlay) if each["kind"] in kinds]


def name_of(found: Object) -> str:
    """Return kind and name, to find it again."""
    return f"{found['kind']}/{found['metadata']['name']}"


def workloads(overlay: str) -> list[Object]:
    """Return everything that makes pods."""
    return of_kind(overlay, "Deployment", "StatefulSet", "Job")


def pod(workload: Object) -> Object:
    """Return the specification of its pods."""
    found: Object = workload["spec"]["template"]["spec"]
    return found


def containers(workload: Object) -> list[Object]:
    """Return every container, the first ones included."""
    return [*pod(workload).get("initContainers", []), *pod(workload)["containers"]]


def labels_of_pods(workload: Object) -> dict[str, str]:
    """Return the labels of its pods."""
    found: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def selects(selector: Object, labels: dict[str, str]) -> bool:
    """Tell whether a selector with labels and `In` expressions fits."""
    wanted = selector.get("matchLabels", {}).items()
    among = selector.get("matchExpressions", [])
    return wanted <= labels.items() and all(
        labels.get(each["key"]) in each["values"] for each in among
    )


def faults_of_core_kinds(overlay: str) -> Iterator[str]:
    """Yield what Kubernetes itself would refuse, and kinds that nobody knows."""
    for each in rendered(overlay):
        if each["kind"] in CUSTOM.get(each["apiVersion"], set()):
            continue
        try:
            kubernetes_validate.validate(each, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{name_of(each)}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError:
            yield f"{name_of(each)}: {each['apiVersion']} is unknown"


def faults_of_custom_kinds(overlay: str) -> Iterator[str]:
    """Yield what the operators' definitions forbid, as far as a directory of them is named."""
    directory = os.environ.get("PLURALI_CRDS")
    for each in rendered(overlay) if directory else ():
        group, _, version = each["apiVersion"].partition("/")
        if each["kind"] in CUSTOM.get(each["apiVersion"], set()):
            file = Path(str(directory), group, f"{each['kind'].lower()}_{version}.json")
            for error in Draft7Validator(json.loads(file.read_text())).iter_errors(each):
                yield f"{name_of(each)}: {error.message}"


def named_entries(overlay: str) -> Iterator[tuple[str, str]]:
    """Yield Secret and entry wherever an object names both."""
    for each in rendered(overlay):
        yield from _entries(each)
    for workload in workloads(overlay):
        for volume in pod(workload)["volumes"]:
            sources = [
                *(each["secret"] for each in volume.get("projected", {}).get("sources", [])),
                *([volume["secret"]] if "secret" in volume else []),
            ]
            for source in sources:
                name = source.get("name") or source["secretName"]
                yield from ((name, item["key"]) for item in source.get("items", []))


def _entries(found: Any) -> Iterator[tuple[str, str]]:
    """Yield the pairs of name and key that operators read, at any depth."""
    if isinstance(found, dict):
        if found.keys() & {"name", "parameter"} and "key" in found and "operator" not in found:
            yield found["name"], found["key"]
        for name, value in found.items():
            if name in {"importCredentialsSecret", "passwordSecret"}:
                yield value["name"], "password"
                yield value["name"], "username"
            yield from _entries(value)
    elif isinstance(found, list):
        for each in found:
            yield from _entries(each)


def provided_entries(overlay: str) -> dict[str, set[str]]:
    """Return the Secrets that will exist, with their entries."""
    if overlay == "local":
        return {
            each["metadata"]["name"]: set(each["stringData"])
            for each in secrets.made(by_operator=False)
        }
    return MADE_BY_OPERATORS | {
        each["spec"]["target"]["name"]: _promised(each["spec"])
        for each in of_kind(overlay, "ExternalSecret")
    }


def _promised(spec: Object) -> set[str]:
    template = spec["target"].get("template", {}).get("data")
    return set(template or [each["secretKey"] for each in spec["data"]])


def names(found: Iterable[Object]) -> set[str]:
    """Return the names of objects."""
    return {each["metadata"]["name"] for each in found}
