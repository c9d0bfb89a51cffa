"""A user of the broker for each process, with the rights that `deploy/rabbitmq` names for it."""

import json
from collections.abc import Mapping
from typing import Any

from launcher.broker_api import BrokerApi
from launcher.credentials import broker_hash
from launcher.settings import ROOT

VHOST = "plurali"
_RIGHTS = ROOT / "deploy" / "rabbitmq" / "permissions.json"
_KINDS = ("configure", "write", "read")


def definitions(passwords: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return users and rights in the form that a node loads at its start."""
    return {
        "users": [definition(name, password) for name, password in passwords.items()],
        "permissions": _rights_of(passwords, "permissions"),
        "topic_permissions": _rights_of(passwords, "topic_permissions"),
    }


def definition(name: str, password: str, tags: str = "") -> dict[str, str]:
    """Return a user in the form that a node loads at its start."""
    return {
        "name": name,
        "password_hash": broker_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
    }


def provide(api: BrokerApi, passwords: Mapping[str, str]) -> None:
    """Make the users at a running broker, or give them these passwords and today's rights."""
    for name, password in passwords.items():
        set_password(api, name, password)
    for right in _rights_of(passwords, "permissions"):
        body = {kind: right[kind] for kind in _KINDS}
        api.put("permissions", right["vhost"], right["user"], body=body)
    for right in _rights_of(passwords, "topic_permissions"):
        body = {kind: right[kind] for kind in ("exchange", "write", "read")}
        api.put("topic-permissions", right["vhost"], right["user"], body=body)


def set_password(api: BrokerApi, name: str, password: str) -> None:
    """Make a user, or give it a new password; its tags stay, and so do its connections."""
    known = api.get("users", name) or {}
    api.put("users", name, body={"password": password, "tags": known.get("tags", "")})


def _rights_of(users: Mapping[str, str], kind: str) -> list[dict[str, str]]:
    rights = json.loads(_RIGHTS.read_text(encoding="utf-8"))[kind]
    return [each for each in rights if each["user"] in users and each["vhost"] == VHOST]
