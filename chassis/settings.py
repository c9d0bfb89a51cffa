"""What a process is told by its environment, typed and checked at start.

A secret may stand in the environment, or in a file that a variable with the ending ``_FILE`` names:
whoever can list a machine's processes or containers reads the first, but not the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Self


class SettingMissing(ValueError):
    """A variable without which the process cannot start is absent or unreadable."""


def secret(environment: Mapping[str, str], name: str) -> str:
    """Return a secret from its variable, else from the file that ``NAME_FILE`` names.

    Raises:
        SettingMissing: neither is there, or the file is empty or cannot be read.

    """
    text = _found(environment, name)
    if not text:
        raise SettingMissing(f"set {name}, or {name}_FILE to a file that can be read")
    return text


def _found(environment: Mapping[str, str], name: str) -> str:
    file = environment.get(f"{name}_FILE")
    if environment.get(name) or not file:
        return environment.get(name, "")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of one service process; addresses carry passwords and never appear in ``repr``.

    Passwords change while a process runs. Where an address comes from a file, whoever connects asks
    for it anew; the attributes hold what it was at the start.
    """

    amqp_uri: str = field(repr=False)
    database_url: str = field(repr=False)
    health_port: int = 0
    health_host: str = "127.0.0.1"
    log_level: str = "INFO"
    grace_seconds: float = 20.0
    workers: int = 10
    version: str = "dev"
    told: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def broker_now(self) -> str:
        """Return the address of the broker with the password that it takes now."""
        return _found(self.told, "AMQP_URI") or self.amqp_uri

    def database_now(self) -> str:
        """Return the address of the database with the password that it takes now."""
        return _found(self.told, "DATABASE_URL") or self.database_url

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; a variable is named like its attribute, in capitals.

        Raises:
            SettingMissing: an address is absent or a number is none; it names them all.

        """
        addresses = {name: _found(environment, name) for name in ("AMQP_URI", "DATABASE_URL")}
        wrong = [name for name, address in addresses.items() if not address]
        numbers: dict[str, float] = {}
        for name, default in (("HEALTH_PORT", 0), ("GRACE_SECONDS", 20), ("WORKERS", 10)):
            try:
                numbers[name] = float(environment.get(name) or default)
            except ValueError:
                wrong.append(name)
        if wrong:
            raise SettingMissing(f"set these variables, {', '.join(wrong)}")
        return cls(
            amqp_uri=addresses["AMQP_URI"],
            database_url=addresses["DATABASE_URL"],
            health_port=int(numbers["HEALTH_PORT"]),
            health_host=environment.get("HEALTH_HOST") or "127.0.0.1",
            log_level=(environment.get("LOG_LEVEL") or "INFO").upper(),
            grace_seconds=numbers["GRACE_SECONDS"],
            workers=int(numbers["WORKERS"]),
            version=environment.get("BUILD_VERSION") or "dev",
            told=environment,
        )
