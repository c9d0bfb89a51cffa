"""The Secrets that the manifests name: `deploy/k8s/secrets | kubectl create -n plurali -f -`.

Each time with fresh passwords and keys, so they are created once and never applied over others. The
standard library suffices: whoever deploys needs a checkout and nothing else.
"""

import argparse
import base64
import json
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from launcher.credentials import broker_hash
from launcher.settings import DATABASES, ROOT

PERMISSIONS = ROOT / "deploy" / "rabbitmq" / "permissions.json"
DATABASE_HOST, BROKER_HOST = "database-rw", "broker"
DATABASE_AUTHORITY = "/run/secrets/database-authority/ca.crt"
WATCHER = "watcher"
KEYS = {"intake-key": "keys", "identity-key": "keys"}
"""What holds keys of the application and no password: its name, and the name of its one entry."""

_BASIC = "kubernetes.io/basic-auth"
_LABELS = {"app.kubernetes.io/part-of": "plurali"}
_READ_BY_CLOUDNATIVE_PG = {"cnpg.io/reload": "true"}
_READ_BY_TOPOLOGY_OPERATOR = {"rabbitmq.com/topology-operator": "true"}


@dataclass(frozen=True)
class Role:
    """A role of one database: the service's own, or the one that owns and migrates it."""

    name: str
    database: str

    @property
    def secret(self) -> str:
        """The name of its Secret."""
        return f"{self.database}-database" + ("" if self.name == self.database else "-owner")

    def url(self, password: str, *, by_operator: bool) -> str:
        """Return its address, verified by TLS where an operator runs the server."""
        trust = f"?sslmode=verify-full&sslrootcert={DATABASE_AUTHORITY}" if by_operator else ""
        place = f"{DATABASE_HOST}:5432/{self.database}"
        return f"postgresql://{self.name}:{password}@{place}{trust}"


ROLES = tuple(
    Role(name, database) for database in DATABASES for name in (database, f"{database}_owner")
)


def broker_uri(user: str, password: str, *, by_operator: bool) -> str:
    """Return a user's address of the broker, by TLS where an operator runs it."""
    scheme, port = ("amqps", 5671) if by_operator else ("amqp", 5672)
    return f"{scheme}://{user}:{password}@{BROKER_HOST}:{port}/plurali"


def users() -> list[str]:
    """Return the users of the broker, as the permissions tell."""
    definitions = json.loads(PERMISSIONS.read_text())
    return sorted({each["user"] for each in definitions["permissions"]})


def made(*, by_operator: bool) -> Iterator[dict[str, Any]]:
    """Yield the Secrets: for operators that run the engines, or for plain StatefulSets."""
    roles = {role: secrets.token_urlsafe(24) for role in ROLES}
    accounts = {user: secrets.token_urlsafe(24) for user in users()}
    for role, password in roles.items():
        data = {"username": role.name, "password": password}
        data["url"] = role.url(password, by_operator=by_operator)
        yield _secret(role.secret, data, _BASIC, _READ_BY_CLOUDNATIVE_PG)
    for user, password in accounts.items():
        data = {"username": user, "password": password}
        data["uri"] = broker_uri(user, password, by_operator=by_operator)
        if user == WATCHER:
            data["management"] = f"http://{BROKER_HOST}:15672"
        yield _secret(f"{user}-broker", data, _BASIC, _READ_BY_TOPOLOGY_OPERATOR)
    for name, entry in KEYS.items():
        yield _secret(name, {entry: _fernet_key()})
    if not by_operator:
        yield _secret("database-administrator", {"password": secrets.token_urlsafe(24)})
        yield _secret("database-roles", {"roles.sql": _provision(roles)})
        yield _secret("broker-definitions", {"definitions.json": _definitions(accounts)})


def _secret(
    name: str, data: dict[str, str], kind: str = "Opaque", labels: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "labels": _LABELS | (labels or {})},
        "type": kind,
        "stringData": data,
    }


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _provision(roles: dict[Role, str]) -> str:
    """Return what makes roles and databases in a new server; the passwords hold no quote."""
    lines = ["REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;"]
    for role, password in roles.items():
        lines.append(f"CREATE ROLE {role.name} LOGIN PASSWORD '{password}';")
    lines += [f"CREATE DATABASE {name} OWNER {name}_owner;" for name in DATABASES]
    return "\n".join([*lines, ""])


def _definitions(accounts: dict[str, str]) -> str:
    """Return what the broker loads at its start: virtual hosts, users and their rights."""
    definitions = json.loads(PERMISSIONS.read_text())
    definitions["users"] = [
        {
            "name": user,
            "password_hash": broker_hash(password),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": "monitoring" if user == WATCHER else "",
        }
        for user, password in accounts.items()
    ]
    return json.dumps(definitions)


def main(arguments: Sequence[str]) -> None:
    """Print the Secrets as one list."""
    parser = argparse.ArgumentParser(prog="deploy/k8s/secrets", description=__doc__)
    parser.add_argument(
        "--engines",
        choices=("local", "operators"),
        default="operators",
        help="who runs PostgreSQL and RabbitMQ (operators)",
    )
    by_operator = parser.parse_args(arguments).engines == "operators"
    listed = {"apiVersion": "v1", "kind": "List", "items": list(made(by_operator=by_operator))}
    json.dump(listed, sys.stdout, indent=2)
    sys.stdout.write("\n")
