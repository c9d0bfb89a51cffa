"""Where a stack lives and which ports it takes, read once from the environment."""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from launcher import account, storage
from launcher.failures import UsageFailure

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("intake", "screening", "catalogue", "referrals", "pathways", "events", "reporting")
DATABASES = (*SERVICES, "gateway")

_HIGHEST = 65535
_COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"
BLOCK = 40
_OFFSETS = {
    "postgresql": 1,
    "rabbitmq": 2,
    "management": 3,
    "broker-metrics": 4,
    "distribution": 5,
    "epmd": 6,
    "prometheus": 31,
    "grafana": 32,
    "mail": 33,
    **{f"{name} health": 11 + place for place, name in enumerate(DATABASES)},
}
IDENTITY = (
    "SECOND_STEP_FROM",
    "SESSION_IDLE_MINUTES",
    "SESSION_HOURS",
    "STEP_UP_MINUTES",
    "INVITATION_HOURS",
    "RESET_LINK_MINUTES",
    "CLIENT_TOKEN_MINUTES",
    "DORMANT_DAYS",
    "PUBLIC_URL",
    "SMTP_URL",
    "SMTP_URL_FILE",
    "MAIL_FROM",
    "OIDC_PROVIDERS_FILE",
    "RATE_LIMITS",
    "SCANNER",
    "CONTROLLER",
    "CONTROLLER_CONTACT",
    "DPO_CONTACT",
    "ACCESSIBILITY_CONTACT",
    "SITE",
)
"""Variables that are handed on to the gateway as they are; docs/identity.md and docs/deploying.md
explain them."""


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
    project: str | None = None
    """The compose project, where the stack runs in containers."""
    log_level: str = "INFO"
    collector: str | None = None
    """Where spans are sent, where the extra for tracing is installed."""
    identity: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; a variable that is absent has the value of the stack's last start."""
        home = _home(environment)
        told = {**_remembered(home), **environment}
        return cls(
            home=home,
            engines=home / "engines",
            port_base=_port(told, "PLURALI_PORT_BASE", cls.port_base, room=BLOCK),
            gateway_port=_port(told, "PLURALI_PORT", cls.gateway_port),
            gateway_host=told.get("PLURALI_HOST") or cls.gateway_host,
            database_url=told.get("DATABASE_URL") or None,
            amqp_uri=told.get("AMQP_URI") or None,
            rabbit_api=told.get("RABBITMQ_API") or None,
            project=told.get("PLURALI_DOCKER") or None,
            log_level=told.get("LOG_LEVEL") or cls.log_level,
            collector=told.get(_COLLECTOR) or None,
            identity=tuple((name, told[name]) for name in IDENTITY if told.get(name)),
        )

    def as_environment(self) -> dict[str, str]:
        """Return the variables that describe these settings."""
        return {
            "PLURALI_PORT_BASE": str(self.port_base),
            "PLURALI_PORT": str(self.gateway_port),
            "PLURALI_HOST": self.gateway_host,
            "DATABASE_URL": self.database_url or "",
            "AMQP_URI": self.amqp_uri or "",
            "RABBITMQ_API": self.rabbit_api or "",
            "PLURALI_DOCKER": self.project or "",
            "LOG_LEVEL": self.log_level,
            _COLLECTOR: self.collector or "",
            **dict(self.identity),
        }

    def are_remembered(self) -> bool:
        """Tell whether the stack was started last with these settings."""
        now, kept = self.as_environment(), _remembered(self.home)
        # What an earlier version did not know of was not set.
        return bool(kept) and dict.fromkeys(now, "") | kept == now

    def remember(self) -> None:
        """Keep the settings for later commands, readable for the owner alone."""
        storage.write(_memory(self.home), json.dumps(self.as_environment(), indent=2))

    @property
    def all_ports(self) -> tuple[int, ...]:
        """Return every port that this stack may take."""
        return (self.gateway_port, *map(self.port, _OFFSETS))

    def port(self, purpose: str) -> int:
        """Return the port of a purpose, such as `postgresql` or `intake health`."""
        return self.port_base + _OFFSETS[purpose]


def _memory(home: Path) -> Path:
    return home / "run" / "settings.json"


def _remembered(home: Path) -> dict[str, str]:
    try:
        kept = json.loads(_memory(home).read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


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
