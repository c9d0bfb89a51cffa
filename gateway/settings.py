"""What the gateway is told by its environment beside what every process is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from chassis.settings import SettingMissing, Settings

THREADS = 16
"""Requests answered at the same time; each may hold one database connection."""

_NUMBERS: Final = MappingProxyType(
    {"PORT": 8080, "TRUSTED_PROXIES": 0, "REQUEST_SECONDS": 5, "PATIENCE_SECONDS": 10}
)


@dataclass(frozen=True, kw_only=True)
class GatewaySettings(Settings):
    """Settings of the gateway; ``trusted_proxies`` counts the reverse proxies in front of it.

    ``scanner`` is where files are examined before they are kept; empty: nowhere.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    trusted_proxies: int = 0
    request_seconds: float = 5.0
    patience_seconds: float = 10.0
    """How long a client may be silent in the middle of a request, or not read its answer."""
    scanner: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; a variable is named like its attribute, in capitals.

        Raises:
            SettingMissing: an address is absent or a number is not one.

        """
        common = Settings.from_environment({"WORKERS": str(THREADS), **environment})
        numbers: dict[str, float] = {}
        for name, default in _NUMBERS.items():
            try:
                numbers[name] = float(environment.get(name) or default)
            except ValueError:
                raise SettingMissing(f"set these variables: {name}") from None
        return cls(
            **vars(common),
            host=environment.get("HOST") or "127.0.0.1",
            port=int(numbers["PORT"]),
            trusted_proxies=int(numbers["TRUSTED_PROXIES"]),
            request_seconds=numbers["REQUEST_SECONDS"],
            patience_seconds=numbers["PATIENCE_SECONDS"],
            scanner=environment.get("SCANNER") or "",
        )
