"""The random passwords and keys of one stack, made once and kept readable for its owner alone."""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Self

from launcher import storage
from launcher.failures import StorageFailure
from launcher.settings import DATABASES

DECLARER = "topology"
BROKER_USERS = (*DATABASES, DECLARER)
"""Each process is a user of the broker, and so is whoever declares exchanges and queues."""

_SALT_BYTES = 4


def new_password() -> str:
    """Return a random password."""
    return secrets.token_urlsafe(24)


def new_key() -> str:
    """Return a random Fernet key."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@dataclass(frozen=True, repr=False)
class Credentials:
    """Passwords of the engines and keys of the services; never printed."""

    database_administrator: str = field(default_factory=new_password)
    databases: dict[str, str] = field(
        default_factory=lambda: {name: new_password() for name in DATABASES}
    )
    broker_users: dict[str, str] = field(
        default_factory=lambda: {name: new_password() for name in BROKER_USERS}
    )
    broker_administrator: str = field(default_factory=new_password)
    broker_application: str = field(default_factory=new_password)
    intake_key: str = field(default_factory=new_key)
    identity_key: str = field(default_factory=new_key)
    database_monitor: str = field(default_factory=new_password)
    dashboards_administrator: str = field(default_factory=new_password)

    @property
    def identity_keys(self) -> tuple[str, ...]:
        """The keys of second steps, the newest first."""
        return keys_of(self.identity_key)

    @classmethod
    def kept_in(cls, path: Path) -> Self:
        """Return the credentials of a file; those that it lacks are made and added to it."""
        try:
            kept = json.loads(path.read_text())
        except FileNotFoundError:
            kept = {}
        except PermissionError as error:
            raise StorageFailure(
                f"{path} belongs to another user: run this command as that user (or with sudo)."
            ) from error
        except ValueError as error:
            raise StorageFailure(
                f"{path} is damaged: restore it, or run `./plurali reset`."
            ) from error
        credentials = cls(
            **{each.name: kept[each.name] for each in fields(cls) if each.name in kept}
        )
        for name in DATABASES:
            credentials.databases.setdefault(name, new_password())
        for name in BROKER_USERS:
            credentials.broker_users.setdefault(name, new_password())
        if asdict(credentials) != kept:
            credentials.keep_in(path)
        return credentials

    def keep_in(self, path: Path) -> None:
        """Write the credentials to a file, in one step."""
        storage.write(path, json.dumps(asdict(self), indent=2))


def renewed(credentials: Credentials, names: Iterable[str]) -> Credentials:
    """Return credentials with something new in the place of what is named.

    A new key stands in front of those that it relieves: what they have sealed must be read.
    """
    following = credentials
    for name in names:
        following = replace(following, **RENEWED[name](following))
    return following


RENEWED: Final[dict[str, Callable[[Credentials], dict[str, Any]]]] = {
    "databases": lambda _: {"databases": {name: new_password() for name in DATABASES}},
    "database-monitor": lambda _: {"database_monitor": new_password()},
    "broker": lambda _: {
        "broker_users": {name: new_password() for name in BROKER_USERS},
        "broker_application": new_password(),
    },
    "broker-administrator": lambda _: {"broker_administrator": new_password()},
    "intake-key": lambda known: {"intake_key": f"{new_key()},{known.intake_key}"},
    "identity-key": lambda known: {"identity_key": f"{new_key()},{known.identity_key}"},
}
"""Secrets that engines and processes learn at their start, and what is new of each."""


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys of a list, the newest first."""
    return tuple(key.strip() for key in text.split(",") if key.strip())


def broker_hash(password: str) -> str:
    """Return the salted form in which RabbitMQ's definitions hold a password."""
    salt = os.urandom(_SALT_BYTES)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()
