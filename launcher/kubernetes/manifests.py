"""The manifests that follow from the code: written by `./plurali docs`, committed, never edited."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from chassis import layout, permissions, topology
from chassis.permissions import Permission, TopicPermission
from launcher.kubernetes import secrets
from launcher.settings import DATABASES, ROOT, SERVICES

DIRECTORY = ROOT / "deploy"
RULES = DIRECTORY / "monitoring" / "prometheus" / "rules"

LEAST, MOST_OF_A_SERVICE, MOST_OF_THE_GATEWAY = 2, 3, 4
"""Processes at a time; each holds its own pool of database connections."""

_HEADER = "# Follows from the code: written by `./plurali docs`, never by hand.\n"
_CLUSTER = {"name": "broker"}
_WAITING_EVENTS, _WAITING_REQUESTS, _BUSY_PERCENT = 50, 10, 70
_TRUST = {"name": "plurali", "kind": "ClusterSecretStore"}


def manifests() -> dict[Path, str]:
    """Return every generated file by its path below `deploy/`."""
    components = Path("k8s") / "components"
    files: dict[Path, Iterable[Mapping[str, Any]]] = {
        components / "rabbitmq" / "access.yaml": _access(),
        components / "cloudnative-pg" / "databases.yaml": _databases(),
        components / "keda" / "scaling.yaml": _scaling(),
        components / "external-secrets" / "secrets.yaml": _external_secrets(),
        components / "prometheus-operator" / "rules.yaml": _rules(),
    }
    return {
        Path("rabbitmq") / "permissions.json": _json(permissions.as_definitions()),
        **{path: _yaml(objects) for path, objects in files.items()},
    }


def stale() -> list[str]:
    """Name the committed manifests that differ from what the code says."""
    return sorted(
        str(path) for path, text in manifests().items() if _kept(DIRECTORY / path) != text
    )


def write() -> int:
    """Write all of them anew and return their number."""
    wanted = manifests()
    for path, text in wanted.items():
        (DIRECTORY / path).write_text(text, encoding="utf-8")
    return len(wanted)


def _object(group: str, kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": group, "kind": kind, "metadata": {"name": name}, "spec": dict(spec)}


def _access() -> Iterable[dict[str, Any]]:
    """Yield users of the broker, and what each may do."""
    group = "rabbitmq.com/v1beta1"
    for user in permissions.users():
        spec: dict[str, Any] = {
            "rabbitmqClusterReference": _CLUSTER,
            "importCredentialsSecret": {"name": f"{user}-broker"},
        }
        if user == permissions.WATCHER:
            spec["tags"] = ["monitoring"]
        yield _object(group, "User", user, spec)
    for each in permissions.permissions():
        yield _object(group, "Permission", f"{each.user}-in-{each.vhost}", _granted(each))
    for by_key in permissions.topic_permissions():
        name = f"{by_key.user}-{by_key.exchange}".replace(".", "-")
        yield _object(group, "TopicPermission", name, _granted_by_key(by_key))


def _granted(permission: Permission) -> dict[str, Any]:
    return {
        "rabbitmqClusterReference": _CLUSTER,
        "vhost": permission.vhost,
        "userReference": {"name": permission.user},
        "permissions": {
            "configure": permission.configure,
            "write": permission.write,
            "read": permission.read,
        },
    }


def _granted_by_key(permission: TopicPermission) -> dict[str, Any]:
    return {
        "rabbitmqClusterReference": _CLUSTER,
        "vhost": permission.vhost,
        "userReference": {"name": permission.user},
        "permissions": {
            "exchange": permission.exchange,
            "write": permission.write,
            "read": permission.read,
        },
    }


def _databases() -> Iterable[dict[str, Any]]:
    """Yield a database for each service, its owner, and the role that works on it."""
    group, cluster = "postgresql.cnpg.io/v1", {"name": "database"}
    for role in secrets.ROLES:
        yield _object(
            group,
            "DatabaseRole",
            role.name.replace("_", "-"),
            {
                "cluster": cluster,
                "name": role.name,
                "login": True,
                "passwordSecret": {"name": role.secret},
                "databaseRoleReclaimPolicy": "retain",
            },
        )
    for name in DATABASES:
        yield _object(
            group,
            "Database",
            name,
            {
                "cluster": cluster,
                "name": name,
                "owner": f"{name}_owner",
                "databaseReclaimPolicy": "retain",
            },
        )


def _scaling() -> Iterable[dict[str, Any]]:
    """Yield what adds processes where messages wait, and takes them away again."""
    listening = {queue.partition(".")[0] for queue in _event_queues()}
    for service in SERVICES:
        triggers = [_queue_trigger(layout.rpc_queue(service), _WAITING_REQUESTS)]
        if service in listening:
            pattern = rf"^{service}\.on_[a-z_]+$"
            triggers.append(_queue_trigger(pattern, _WAITING_EVENTS, useRegex="true"))
        yield _scaled(f"{service}-runtime", MOST_OF_A_SERVICE, triggers)
    busy = {
        "type": "cpu",
        "metricType": "Utilization",
        "metadata": {"value": str(_BUSY_PERCENT)},
    }
    yield _scaled("gateway", MOST_OF_THE_GATEWAY, [busy])


def _event_queues() -> set[str]:
    return {queues for found in topology.subscriptions().values() for queues in found}


def _queue_trigger(queue: str, most: int, **more: str) -> dict[str, Any]:
    return {
        "type": "rabbitmq",
        "metadata": {
            # Over AMQP, only what nobody works on would count.
            "protocol": "http",
            "vhostName": permissions.VHOST,
            "queueName": queue,
            "mode": "QueueLength",
            "value": str(most),
            **more,
            **({"operation": "sum"} if more else {}),
        },
        "authenticationRef": {"name": "broker"},
    }


def _scaled(target: str, most: int, triggers: list[dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "scaleTargetRef": {"name": target},
        "minReplicaCount": LEAST,
        "maxReplicaCount": most,
        "pollingInterval": 15,
        "advanced": {
            "horizontalPodAutoscalerConfig": {
                "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}}
            }
        },
        "triggers": triggers,
    }
    if any(each["type"] == "rabbitmq" for each in triggers):
        spec["fallback"] = {"failureThreshold": 4, "replicas": LEAST}
    return _object("keda.sh/v1alpha1", "ScaledObject", target, spec)


def _external_secrets() -> Iterable[dict[str, Any]]:
    """Yield the same Secrets as `deploy/k8s/secrets` prints, with passwords from a vault."""
    password = "{{ .password }}"  # noqa: S105 - a place for one
    for role in secrets.ROLES:
        data = {"username": role.name, "password": password}
        data["url"] = role.url(password, by_operator=True)
        yield _external(role.secret, "password", data, {"cnpg.io/reload": "true"})
    for user in permissions.users():
        data = {"username": user, "password": password}
        data["uri"] = secrets.broker_uri(user, password, by_operator=True)
        if user == permissions.WATCHER:
            data["management"] = f"http://{secrets.BROKER_HOST}:15672"
        label = {"rabbitmq.com/topology-operator": "true"}
        yield _external(f"{user}-broker", "password", data, label)
    for name, entry in secrets.KEYS.items():
        yield _external(name, entry, {entry: f"{{{{ .{entry} }}}}"}, {})


def _external(
    name: str, entry: str, data: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, Any]:
    template: dict[str, Any] = {
        "type": "kubernetes.io/basic-auth" if "username" in data else "Opaque",
        "metadata": {"labels": dict(labels)},
        "data": dict(data),
    }
    return _object(
        "external-secrets.io/v1",
        "ExternalSecret",
        name,
        {
            "refreshInterval": "1h",
            "secretStoreRef": _TRUST,
            "target": {"name": name, "creationPolicy": "Owner", "template": template},
            "data": [
                {"secretKey": entry, "remoteRef": {"key": f"plurali/{name}", "property": entry}}
            ],
        },
    )


def _rules() -> Iterable[dict[str, Any]]:
    """Yield the alerts of `deploy/monitoring`, in the form that the Prometheus Operator reads."""
    for path in sorted(RULES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield _object("monitoring.coreos.com/v1", "PrometheusRule", f"plurali-{path.stem}", content)


def _json(content: object) -> str:
    return json.dumps(content, indent=2) + "\n"


def _yaml(objects: Iterable[Mapping[str, Any]]) -> str:
    return _HEADER + yaml.safe_dump_all(
        [dict(each) for each in objects], sort_keys=False, width=10_000
    )


def _kept(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
