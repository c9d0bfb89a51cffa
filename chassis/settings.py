"""What a process is told by its environment, typed and checked at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


class SettingMissing(ValueError):
    """A variable without which the process cannot start is absent or unreadable."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of one service process; addresses carry passwords and never appear in ``repr``."""

    amqp_uri: str = field(repr=False)
    database_url: str = field(repr=False)
    health_port: int = 0
    health_host: str = "127.0.0.1"
    log_level: str = "INFO"
    grace_seconds: float = 20.0
    workers: int = 10
    version: str = "dev"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; a variable is named like its attribute, in capitals.

        Raises:
            SettingMissing: an address is absent or a number is none; it names them all.

        """
        wrong = [name for name in ("AMQP_URI", "DATABASE_URL") if not environment.get(name)]
        numbers: dict[str, float] = {}
        for name, default in (("HEALTH_PORT", 0), ("GRACE_SECONDS", 20), ("WORKERS", 10)):
            try:
                numbers[name] = float(environment.get(name) or default)
            except ValueError:
                wrong.append(name)
        if wrong:
            raise SettingMissing(f"set these variables: {', '.join(wrong)}")
        return cls(
            amqp_uri=environment["AMQP_URI"],
            database_url=environment["DATABASE_URL"],
            health_port=int(numbers["HEALTH_PORT"]),
            health_host=environment.get("HEALTH_HOST") or "127.0.0.1",
            log_level=(environment.get("LOG_LEVEL") or "INFO").upper(),
            grace_seconds=numbers["GRACE_SECONDS"],
            workers=int(numbers["WORKERS"]),
            version=environment.get("BUILD_VERSION") or "dev",
        )
