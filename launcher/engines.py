"""The private PostgreSQL and RabbitMQ of a stack: found on the machine, installed or unpacked."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher import packages, postgres, rabbitmq, storage
from launcher.failures import EnvironmentFailure
from launcher.progress import say
from launcher.settings import Settings

_PACKAGES = {"postgresql": "PostgreSQL", "rabbitmq-server": "RabbitMQ"}
_LEAST = {"postgresql": (postgres.LEAST, 0), "rabbitmq-server": rabbitmq.LEAST}
_ROOM = 800 * 2**20
_BY_HAND = {
    "dnf": "dnf install postgresql-server rabbitmq-server",
    "zypper": "zypper install postgresql-server rabbitmq-server",
    "pacman": "pacman -S postgresql rabbitmq",
    "apk": "apk add postgresql rabbitmq-server",
}


@dataclass(frozen=True)
class Engines:
    """The programs found for the private engines; none for a server that exists elsewhere."""

    postgres: postgres.Binaries | None
    rabbitmq: rabbitmq.Binaries | None


def acquire(settings: Settings, environment: Mapping[str, str] = os.environ) -> Engines:
    """Find the engines that a stack needs, bringing those that the machine lacks."""
    found = find(settings, environment)
    lacking = missing(settings, found)
    if lacking:
        _bring(settings, lacking)
        found = find(settings, environment)
    still = missing(settings, found)
    if still:
        raise EnvironmentFailure(_by_hand(still))
    return found


def find(settings: Settings, environment: Mapping[str, str] = os.environ) -> Engines:
    """Look for the engines that a stack needs, in the machine and in the private tree."""
    private = packages.Private(settings.engines)
    tree = _tree_of(private)
    database = broker = None
    if settings.database_url is None:
        places = postgres.candidates(environment.get("PG_BIN"), tree, _library_path(tree))
        database = postgres.choose(places, settings.home / "postgresql")
    if settings.amqp_uri is None:
        where = rabbitmq.candidates(environment.get("RABBITMQ_BIN"), tree, _library_path(tree))
        broker = rabbitmq.choose(where)
    return Engines(database, broker)


def postgresql_for(
    settings: Settings, data: Path, environment: Mapping[str, str] = os.environ
) -> postgres.Binaries:
    """Return the programs of the very version of PostgreSQL that wrote a data directory."""
    tree = _tree_of(packages.Private(settings.engines))
    places = postgres.candidates(environment.get("PG_BIN"), tree, _library_path(tree))
    found = postgres.choose(places, data)
    if found is None:
        raise EnvironmentFailure(
            f"{data} was written by PostgreSQL {(data / 'PG_VERSION').read_text().strip()}, which "
            "was not found: install that version, or name the directory of its programs in PG_BIN."
        )
    return found


def missing(settings: Settings, found: Engines) -> list[str]:
    """Return the packages of the engines that are needed and were not found."""
    lacking = []
    if settings.database_url is None and found.postgres is None:
        lacking.append("postgresql")
    if settings.amqp_uri is None and found.rabbitmq is None:
        lacking.append("rabbitmq-server")
    return lacking


def _tree_of(private: packages.Private) -> Path:
    # A tree whose unpacking was cut short holds programs that do not run: it is filled again.
    return private.tree if private.is_whole else private.tree / "unfinished"


def _library_path(tree: Path) -> dict[str, str]:
    folders = [tree / "usr/lib", *tree.glob("usr/lib/*-linux-*"), *tree.glob("lib/*-linux-*")]
    return {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


def _bring(settings: Settings, lacking: Sequence[str]) -> None:
    if not packages.available():
        raise EnvironmentFailure(_by_hand(lacking))
    names = " and ".join(_PACKAGES[package] for package in lacking)
    authority = packages.authority()
    if authority is not None:
        storage.require_room(Path("/usr"), _ROOM, f"installing {names}")
        system = packages.System(authority)
        system.refresh()
        _require_recent(lacking, {package: system.offered(package) for package in lacking})
        system.install(lacking)
        return
    say(f"Neither root nor sudo: {names} will be unpacked in private, without installing")
    storage.require_room(settings.engines, _ROOM, f"unpacking {names}")
    private = packages.Private(settings.engines)
    private.refresh()
    _require_recent(lacking, {package: private.offered(package) for package in lacking})
    private.unpack(lacking)


def _require_recent(lacking: Sequence[str], offered: Mapping[str, str | None]) -> None:
    for package in lacking:
        version = offered[package]
        if version is None or _numbers(version) < _LEAST[package]:
            wanted = ".".join(map(str, _LEAST[package]))
            raise EnvironmentFailure(
                f"{_PACKAGES[package]} {wanted} or later is needed and this distribution offers "
                f"{version or 'none'}: use Debian 12 or later, Ubuntu 24.04 or later, or point "
                "DATABASE_URL and AMQP_URI at servers that exist."
            )


def _numbers(version: str) -> tuple[int, int]:
    digits = [*map(int, re.findall(r"\d+", version)), 0, 0]
    return digits[0], digits[1]


def _by_hand(lacking: Sequence[str]) -> str:
    names = " and ".join(_PACKAGES[package] for package in lacking)
    command = next(
        (text for tool, text in _BY_HAND.items() if packages.present(tool)),
        f"apt-get install {' '.join(lacking)}",
    )
    return (
        f"{names} was not found (15 and 3.10 or later are needed) and cannot be brought here: run "
        f"`{command}` as root, name its directory in PG_BIN or RABBITMQ_BIN, or point DATABASE_URL "
        "and AMQP_URI at servers that exist."
    )
