"""One whole stack on this machine: where everything is and what each process is told."""

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from launcher import ports, postgres, rabbitmq, storage, typesetting
from launcher.account import Account
from launcher.broker_api import BrokerApi
from launcher.credentials import Credentials
from launcher.failures import StorageFailure
from launcher.postgres import address_of
from launcher.settings import DATABASES, Settings
from launcher.supervision import Supervisor

_ROOM = 300 * 2**20
_GRACE_SECONDS = 20
_LAST_LINES = 12
_HANDED = "processes"


class Stack:
    """A stack under one home directory and on one block of ports."""

    def __init__(self, settings: Settings) -> None:
        """Name the places of a stack; nothing is made or started yet."""
        self.settings = settings
        self.home = settings.home
        self.logs = self.home / "logs"
        self.supervisor = Supervisor(self.home)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Stack":
        """Return the stack that the environment describes."""
        return cls(Settings.from_environment(environment))

    @cached_property
    def credentials(self) -> Credentials:
        """Return the passwords and keys of this stack, made at the first asking."""
        return Credentials.kept_in(self.home / "secrets.json")

    @property
    def gateway_url(self) -> str:
        """Return where people and systems reach the gateway."""
        return f"http://{self.settings.gateway_host}:{self.settings.gateway_port}"

    @property
    def database_server(self) -> str:
        """Return the administrator's address of the database server."""
        if self.settings.database_url is not None:
            return self.settings.database_url
        server = f"postgresql://{ports.LOOPBACK}:{self.settings.port('postgresql')}"
        phrase = self.credentials.database_administrator
        return address_of(server, "postgres", postgres.ADMINISTRATOR, phrase)

    def database_url(self, name: str) -> str:
        """Return the address of the database of a service or of the gateway, for its own role."""
        phrase = self.credentials.databases[name]
        return address_of(self.database_server, name, name, phrase)

    @property
    def amqp_uri(self) -> str:
        """Return the address by which the commands reach the broker; they may do anything there."""
        if self.settings.amqp_uri is not None:
            return self.settings.amqp_uri
        return self._broker(
            rabbitmq.APPLICATION, self.credentials.broker_application, rabbitmq.VHOST
        )

    def broker_uri(self, user: str) -> str:
        """Return the address of the broker for a process, or for who declares what they need."""
        if self.settings.amqp_uri is not None:
            return self.settings.amqp_uri
        return self._broker(user, self.credentials.broker_users[user], rabbitmq.VHOST)

    def administrator_uri(self, vhost: str) -> str:
        """Return the administrator's address of a vhost of the private broker."""
        phrase = self.credentials.broker_administrator
        return self._broker(rabbitmq.ADMINISTRATOR, phrase, vhost)

    @property
    def rabbit_api(self) -> BrokerApi | None:
        """Return the management interface; nothing for a broker elsewhere that was not named."""
        if self.settings.rabbit_api is not None:
            return BrokerApi.at(self.settings.rabbit_api)
        if self.settings.amqp_uri is not None:
            return None
        url = f"http://{ports.LOOPBACK}:{self.settings.port('management')}"
        return BrokerApi(url, rabbitmq.ADMINISTRATOR, self.credentials.broker_administrator)

    def health_url(self, name: str, path: str = "ready") -> str:
        """Return where a service or the gateway tells of its health."""
        return f"http://{ports.LOOPBACK}:{self.settings.port(f'{name} health')}/{path}"

    def environment(self, program: str) -> dict[str, str]:
        """Return the environment of a service or of the gateway, and of commands for it."""
        variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
            # Each arena of the allocator keeps what one burst took; two are enough for threads.
            "MALLOC_ARENA_MAX": "2",
            **{
                f"{name}_FILE": str(self._handed(program) / name) for name in self._secrets(program)
            },
            "HEALTH_PORT": str(self.settings.port(f"{program} health")),
            "GRACE_SECONDS": str(_GRACE_SECONDS),
            "LOG_LEVEL": self.settings.log_level,
            **self._collector,
        }
        return variables | self._particular(program)

    def hand_out(self, owner: Account, names: Iterable[str] = DATABASES) -> None:
        """Write the secrets of processes where these look them up, each for its own process.

        A process reads its passwords whenever it connects, and its keys at its start.
        """
        storage.make_directory(self.home / _HANDED, storage.PASSABLE_DIRECTORY)
        for name in names:
            directory = self._handed(name)
            storage.make_directory(directory, storage.PRIVATE_DIRECTORY, owner)
            for secret, text in self._secrets(name).items():
                storage.write_changed(directory / secret, text, owner=owner)

    def adopt(self, credentials: Credentials) -> None:
        """Go on with other credentials, and keep them."""
        credentials.keep_in(self.home / "secrets.json")
        self.credentials = credentials

    def require_access(self) -> None:
        """Fail when this stack belongs to somebody whose files cannot be read."""
        run = self.home / "run"
        if run.exists() and not os.access(run, os.R_OK | os.W_OK | os.X_OK):
            raise StorageFailure(
                f"The stack of {self.home} belongs to the user {run.owner()}: run the command as "
                "that user (for root: with sudo), or set PLURALI_HOME to a directory of your own."
            )

    def prepare_home(self) -> None:
        """Make the home directory and ask for room before anything needs it."""
        storage.require_room(self.home, _ROOM, "Plurali's data")
        storage.make_directory(self.home, storage.PASSABLE_DIRECTORY)
        for part in ("run", "logs"):
            storage.make_directory(self.home / part, storage.PRIVATE_DIRECTORY)

    def last_lines(self, name: str, count: int = _LAST_LINES) -> str:
        """Return the end of the log of a program."""
        try:
            text = (self.logs / f"{name}.log").read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])

    def _broker(self, user: str, phrase: str, vhost: str) -> str:
        account = f"{user}:{quote(phrase, safe='')}"
        return f"amqp://{account}@{ports.LOOPBACK}:{self.settings.port('rabbitmq')}/{vhost}"

    @property
    def identity_settings(self) -> dict[str, str]:
        """Return what the gateway is told about identity.

        The demonstration's accounts come in by password alone, and may ask as much as tests and
        benchmarks do, unless somebody said otherwise.
        """
        return {
            "SECOND_STEP_FROM": "none",
            "RATE_LIMITS": "account=100000,client=100000,address=100000",
            "PUBLIC_URL": self.gateway_url,
            **dict(self.settings.identity),
        }

    @property
    def _collector(self) -> dict[str, str]:
        """Return where processes send their spans, if anybody collects them."""
        found = self.settings.collector
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": found} if found else {}

    def _handed(self, name: str) -> Path:
        return self.home / _HANDED / name

    def _secrets(self, name: str) -> dict[str, str]:
        """Return the secrets that a process is told, by their variables."""
        keys = {
            "intake": {"INTAKE_KEY": self.credentials.intake_key},
            "gateway": {"IDENTITY_KEY": self.credentials.identity_key},
        }
        common = {"AMQP_URI": self.broker_uri(name), "DATABASE_URL": self.database_url(name)}
        return common | keys.get(name, {})

    def _particular(self, name: str) -> dict[str, str]:
        """Return what one process alone is told."""
        if name == "gateway":
            return {
                "HOST": self.settings.gateway_host,
                "PORT": str(self.settings.gateway_port),
                **self.identity_settings,
                **typesetting.variables(self.settings),
            }
        return {}
