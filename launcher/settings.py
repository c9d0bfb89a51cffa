"""Where a stack lives and which ports it takes, read once from the environment."""

import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import account
from launcher.failures import UsageFailure

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("intake", "screening", "catalogue", "referrals", "pathways", "events", "reporting")
DATABASES = (*SERVICES, "gateway")

_HIGHEST = 65535
BLOCK = 40
_OFFSETS = {
    "postgresql": 1,
    "rabbitmq": 2,
    "management": 3,
    "broker-metrics": 4,
    "distribution": 5,
    "epmd": 6,
    **{f"{name} health": 11 + place for place, name in enumerate(DATABASES)},
}


@dataclass(frozen=True)
class Settings:
    """The few choices that tell one stack on a machine from another."""

    home: Path
    engines: Path
    port_base: int = 17000
    gateway_port: int = 8080
    gateway_host: str = "127.0.0.1"
    database_url: str | None = None
    amqp_uri: str | None = None
    rabbit_api: str | None = None
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings, refusing values that cannot be meant."""
        base = _port(environment, "PLURALI_PORT_BASE", cls.port_base, room=BLOCK)
        home = _home(environment)
        return cls(
            home=home,
            engines=home / "engines",
            port_base=base,
            gateway_port=_port(environment, "PLURALI_PORT", cls.gateway_port),
            gateway_host=environment.get("PLURALI_HOST", cls.gateway_host),
            database_url=environment.get("DATABASE_URL") or None,
            amqp_uri=environment.get("AMQP_URI") or None,
            rabbit_api=environment.get("RABBITMQ_API") or None,
            log_level=environment.get("LOG_LEVEL", cls.log_level),
        )

    @property
    def all_ports(self) -> tuple[int, ...]:
        """Return every port that this stack may take."""
        return (self.gateway_port, *map(self.port, _OFFSETS))

    def port(self, purpose: str) -> int:
        """Return the port of a purpose, such as `postgresql` or `intake health`."""
        return self.port_base + _OFFSETS[purpose]


def _port(environment: Mapping[str, str], name: str, default: int, *, room: int = 0) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isdigit() or not 1 <= int(text) <= _HIGHEST - room:
        raise UsageFailure(f"{name} is {text!r}; it must be a port from 1 to {_HIGHEST - room}.")
    return int(text)


def _home(environment: Mapping[str, str]) -> Path:
    chosen = environment.get("PLURALI_HOME")
    if chosen:
        return Path(chosen).resolve()
    if os.geteuid() == 0 and not account.others_can_enter(ROOT):
        # PostgreSQL refuses to run as root, and its own user cannot pass a closed directory.
        tag = f"{zlib.crc32(bytes(ROOT)):08x}"
        return Path("/var/lib/plurali") / f"{ROOT.name}-{tag}"
    return ROOT / ".plurali"
