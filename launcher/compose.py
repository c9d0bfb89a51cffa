"""A stack in containers: the compose file of the checkout, told the ports and secrets of a home.

Engines and secrets are the same as those of a stack without containers, on the same ports, so that
every command that talks to a running stack works with either.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from launcher import ports, postgres, rabbitmq, shutdown, storage
from launcher.broker_api import BrokerApi
from launcher.credentials import Credentials
from launcher.failures import (
    BusyFailure,
    EngineFailure,
    EnvironmentFailure,
    ProcessFailure,
    UsageFailure,
)
from launcher.progress import step
from launcher.settings import DATABASES, ROOT, Settings
from launcher.stack import Stack

PROJECT = "plurali"
SERVICES = ("postgresql", "rabbitmq", *DATABASES)
"""What runs for good in the compose file, by its names there, in the order of need."""

_SECRETS = "secrets"
# Whoever is not the owner cannot pass the directory; the processes in the containers, which are
# other users, are given each file by itself and must be able to read it.
_SECRET_MODE = 0o444
_PROJECT_LABEL, _SERVICE_LABEL = "com.docker.compose.project", "com.docker.compose.service"
_PATIENCE, _PAUSE = 300.0, 1.0
_LAST_LINES = 15
_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


@dataclass(frozen=True)
class Container:
    """One container of a stack, as the engine tells of it."""

    id: str
    service: str
    state: str
    health: str
    pid: int

    @property
    def ready(self) -> bool:
        """Tell whether it runs and finds itself ready."""
        return self.state == "running" and self.health in {"healthy", "none"}


def write_secrets(settings: Settings, credentials: Credentials) -> Path:
    """Write the files that the containers are given, and return their directory."""
    directory = settings.home / _SECRETS
    storage.make_directory(settings.home, storage.PASSABLE_DIRECTORY)
    storage.make_directory(directory, storage.PRIVATE_DIRECTORY)
    for name, text in _secrets(credentials).items():
        storage.write(directory / name, text, mode=_SECRET_MODE)
    for name, variable in _GIVEN.items():
        text = _given(dict(settings.identity), variable, kept=directory / name)
        storage.write(directory / name, text, mode=_SECRET_MODE)
    return directory


def start(stack: Stack, project: str) -> Stack:
    """Build the image, start every container, wait until all are ready; return the stack so run."""
    _require_own_engines(stack)
    chosen = Stack(replace(stack.settings, project=project))
    chosen.prepare_home()
    with shutdown.changing(chosen):
        if chosen.supervisor.process() is not None:
            raise BusyFailure(
                "This stack runs without containers: stop it with `./plurali down` first, or give "
                "the one in containers a PLURALI_HOME of its own."
            )
        _require_docker()
        if not containers(chosen):
            _claim_ports(chosen.settings)
        write_secrets(chosen.settings, chosen.credentials)
        chosen.settings.remember()
        with step("Building the image and starting the containers"):
            _run(chosen, "up", "--detach", "--build", "--remove-orphans")
        with step("Waiting until every container is ready"):
            _await(chosen)
    return chosen


def stop(stack: Stack, *, destroy: bool = False) -> None:
    """Stop and remove the containers; their data only when they are to be destroyed."""
    _require_docker()
    _run(stack, "down", "--remove-orphans", *(["--volumes"] if destroy else []), profiles=_PROFILES)


def show_logs(stack: Stack, name: str | None, *, lines: int, follow: bool) -> int:
    """Let compose print the logs."""
    options = ["--tail", str(lines), *(["--follow"] if follow else [])]
    command = [*_compose(), "logs", *options, *([name] if name else [])]
    return subprocess.run(command, cwd=ROOT, env=_environment(stack), check=False).returncode


def containers(stack: Stack) -> tuple[Container, ...]:
    """Return the containers of what runs for good."""
    label = f"label={_PROJECT_LABEL}={stack.settings.project}"
    ids = _ask("docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", label).split()
    found = json.loads(_ask("docker", "inspect", *ids)) if ids else []
    known = [_container(each) for each in found]
    order = {name: place for place, name in enumerate(SERVICES)}
    kept = [each for each in known if each.service in order]
    return tuple(sorted(kept, key=lambda each: order[each.service]))


def memory_of(found: Sequence[Container]) -> dict[str, int]:
    """Return the bytes that each container holds, by its id."""
    ids = [each.id for each in found if each.state == "running"]
    if not ids:
        return {}
    form = "{{.ID}} {{.MemUsage}}"
    rows = _ask("docker", "stats", "--no-stream", "--no-trunc", "--format", form, *ids)
    return {row.split()[0]: _bytes(row.split()[1]) for row in rows.splitlines()}


_PROFILES = ("monitoring", "mail")
_GIVEN = {"smtp_url": "SMTP_URL", "oidc_providers": "OIDC_PROVIDERS"}
"""Secrets that somebody else gives out, by the variables that tell them; empty until one does."""


def _secrets(credentials: Credentials) -> dict[str, str]:
    """Return the content of every file that the compose file names."""
    server, broker = "postgresql://postgresql:5432", f"rabbitmq:5672/{rabbitmq.VHOST}"
    administrator = postgres.ADMINISTRATOR, credentials.database_administrator
    interface = BrokerApi(
        "http://rabbitmq:15672", rabbitmq.ADMINISTRATOR, credentials.broker_administrator
    )
    return {
        "postgresql_password": credentials.database_administrator,
        "administrator_database_url": postgres.address_of(server, "postgres", *administrator),
        **{
            f"{name}_database_url": postgres.address_of(server, name, name, password)
            for name, password in credentials.databases.items()
        },
        **{
            f"{name}_amqp_uri": f"amqp://{name}:{quote(password, safe='')}@{broker}"
            for name, password in credentials.broker_users.items()
        },
        "administrator_rabbitmq_api": interface.address,
        "rabbitmq_definitions": json.dumps(rabbitmq.definitions(credentials), indent=2),
        "intake_key": credentials.intake_key,
        "identity_key": credentials.identity_key,
        "monitor_password": credentials.database_monitor,
        "grafana_password": credentials.dashboards_administrator,
    }


def _given(told: Mapping[str, str], variable: str, *, kept: Path) -> str:
    """Return a secret as the variable or its file tells it, else as it is kept already."""
    if variable in told:
        return told[variable]
    source = Path(told.get(f"{variable}_FILE", kept))
    if source == kept and not kept.exists():
        return ""
    try:
        return source.read_text()
    except OSError as error:
        raise UsageFailure(f"{variable}_FILE cannot be read: {error.strerror}.") from error


def _environment(stack: Stack) -> dict[str, str]:
    """Return what the compose file is told; a file `.env` beside it tells what is not here."""
    settings = stack.settings
    return {
        **os.environ,
        **stack.identity_settings,
        **_paths_inside(settings.home / _SECRETS),
        "COMPOSE_PROJECT_NAME": settings.project or PROJECT,
        "PLURALI_SECRETS": str(settings.home / _SECRETS),
        "PLURALI_HOST": settings.gateway_host,
        "PLURALI_PORT": str(settings.gateway_port),
        "POSTGRESQL_PORT": str(settings.port("postgresql")),
        "RABBITMQ_PORT": str(settings.port("rabbitmq")),
        "MANAGEMENT_PORT": str(settings.port("management")),
        "PROMETHEUS_PORT": str(settings.port("prometheus")),
        "GRAFANA_PORT": str(settings.port("grafana")),
        "MAIL_PORT": str(settings.port("mail")),
        "LOG_LEVEL": settings.log_level,
    }


def _paths_inside(directory: Path) -> dict[str, str]:
    """Return where a container finds each secret that was given, and nothing for the others."""
    filled = {path.name for path in directory.glob("*") if path.stat().st_size}
    return {
        f"{variable}_FILE": f"/run/secrets/{name}" if name in filled else ""
        for name, variable in _GIVEN.items()
    }


def _compose() -> tuple[str, ...]:
    """Return the command of compose 2, else that of compose 1."""
    attempt = _quietly(["docker", "compose", "version"])
    if attempt is not None and attempt.returncode == 0:
        return ("docker", "compose")
    if shutil.which("docker-compose"):
        return ("docker-compose",)
    raise EnvironmentFailure(
        "`docker compose` is missing: install the package docker-compose (1.29 or later)."
    )


def _require_own_engines(stack: Stack) -> None:
    settings = stack.settings
    if settings.database_url or settings.amqp_uri or settings.rabbit_api:
        raise UsageFailure(
            "The containers bring PostgreSQL and RabbitMQ along: --docker goes without "
            "DATABASE_URL, AMQP_URI and RABBITMQ_API."
        )
    if settings.project is None and (settings.home / "postgresql").exists():
        raise UsageFailure(
            f"{settings.home} holds the data of a stack without containers: give the one in "
            "containers a PLURALI_HOME of its own, or destroy the data with `./plurali reset`."
        )


def _require_docker() -> None:
    attempt = _quietly(["docker", "info", "--format", "{{.ServerVersion}}"])
    if attempt is None:
        raise EnvironmentFailure("The command `docker` is missing: install the package docker.io.")
    if attempt.returncode:
        reason = (attempt.stderr.strip() or attempt.stdout.strip()).splitlines()[-1:]
        raise EnvironmentFailure(f"The Docker engine does not answer: {' '.join(reason)}")


def _claim_ports(settings: Settings) -> None:
    for engine in ("postgresql", "rabbitmq"):
        ports.claim_engine(settings, engine)
    ports.claim_processes(settings, ("gateway",))


def _run(stack: Stack, *arguments: str, profiles: Sequence[str] = ()) -> None:
    """Run compose with its words in a log, and show their end when it fails."""
    log = stack.logs / "compose.log"
    chosen = [word for profile in profiles for word in ("--profile", profile)]
    with log.open("w") as file:
        attempt = subprocess.run(
            [*_compose(), *chosen, *arguments],
            cwd=ROOT,
            env=_environment(stack),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if attempt.returncode:
        raise ProcessFailure(
            f"`docker compose {arguments[0]}` failed. The end of {log}:\n"
            f"{stack.last_lines('compose', _LAST_LINES)}"
        )


def _await(stack: Stack) -> None:
    deadline = time.monotonic() + _PATIENCE
    while unready := _unready(stack):
        if time.monotonic() > deadline:
            raise ProcessFailure(
                f"After {_PATIENCE:.0f} s these are not ready: {', '.join(unready)}. "
                f"See `./plurali logs {unready[0]}`."
            )
        time.sleep(_PAUSE)


def _unready(stack: Stack) -> list[str]:
    ready = {each.service for each in containers(stack) if each.ready}
    return [name for name in SERVICES if name not in ready]


def _container(told: Mapping[str, Any]) -> Container:
    state = told["State"]
    return Container(
        id=told["Id"],
        service=told["Config"]["Labels"].get(_SERVICE_LABEL, ""),
        state=state["Status"],
        health=(state.get("Health") or {}).get("Status", "none"),
        pid=state["Pid"],
    )


def _bytes(text: str) -> int:
    """Return the number of a size such as `41.5MiB`."""
    unit = next(unit for unit in sorted(_UNITS, key=len, reverse=True) if text.endswith(unit))
    return round(float(text.removesuffix(unit)) * _UNITS[unit])


def _ask(*command: str) -> str:
    attempt = _quietly(command)
    if attempt is None or attempt.returncode:
        reason = "it is missing" if attempt is None else attempt.stderr.strip()
        raise EngineFailure(f"`{' '.join(command[:2])}` failed: {reason}.")
    return attempt.stdout


def _quietly(command: Sequence[str]) -> "subprocess.CompletedProcess[str] | None":
    """Run a command; nothing comes back where there is no such program."""
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
