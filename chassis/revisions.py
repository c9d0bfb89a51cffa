"""The migrations that a service brings along, found without alembic, which no process carries."""

from __future__ import annotations

import importlib
from pathlib import Path

from chassis.roster import package_of


def versions_of(name: str) -> Path:
    """Return the directory of the version scripts of a service or of the gateway."""
    package = importlib.import_module("gateway" if name == "gateway" else package_of(name))
    return Path(package.__path__[0]) / "migrations" / "versions"


def newest_of(name: str) -> str:
    """Return the newest revision, which the scripts' names begin with; ``none`` without any."""
    scripts = (path.stem.partition("_")[0] for path in versions_of(name).glob("[0-9]*.py"))
    return max(scripts, default="none")
