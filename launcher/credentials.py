"""The random passwords and keys of one stack, made once and kept readable for its owner alone."""

import base64
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self

from launcher import storage
from launcher.failures import StorageFailure
from launcher.settings import DATABASES

_SALT_BYTES = 4


def _password() -> str:
    return secrets.token_urlsafe(24)


def _key() -> str:
    """Return a Fernet key."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@dataclass(frozen=True, repr=False)
class Credentials:
    """Passwords of the engines and keys of the services; never printed."""

    database_administrator: str = field(default_factory=_password)
    databases: dict[str, str] = field(
        default_factory=lambda: {name: _password() for name in DATABASES}
    )
    broker_administrator: str = field(default_factory=_password)
    broker_application: str = field(default_factory=_password)
    intake_key: str = field(default_factory=_key)
    identity_key: str = field(default_factory=_key)
    database_monitor: str = field(default_factory=_password)
    dashboards_administrator: str = field(default_factory=_password)

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
            credentials.databases.setdefault(name, _password())
        if asdict(credentials) != kept:
            storage.write(path, json.dumps(asdict(credentials), indent=2))
        return credentials


def broker_hash(password: str) -> str:
    """Return the salted form in which RabbitMQ's definitions hold a password."""
    salt = os.urandom(_SALT_BYTES)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()
