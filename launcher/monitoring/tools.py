"""Prometheus's programs: the machine's own, else unpacked in private from the distribution."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from launcher import packages, storage
from launcher.failures import EnvironmentFailure
from launcher.settings import Settings

_PACKAGES: Final = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "prometheus-postgres-exporter": "prometheus-postgres-exporter",
}
_ROOM: Final = 300 * 2**20


def acquire(settings: Settings, *names: str) -> dict[str, Path]:
    """Return the programs by name, unpacking those that the machine lacks; nothing is installed."""
    private = packages.Private(settings.engines.with_name("measuring"))
    lacking = {_PACKAGES[name] for name in names if _find(name, private) is None}
    if lacking:
        _bring(private, sorted(lacking), settings)
    found = {name: _find(name, private) for name in names}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise EnvironmentFailure(f"{', '.join(missing)}: not in the distribution's packages.")
    return {name: path for name, path in found.items() if path is not None}


def _find(name: str, private: packages.Private) -> Path | None:
    if own := shutil.which(name):
        return Path(own)
    unpacked = private.tree / "usr/bin" / name
    return unpacked if private.is_whole and unpacked.exists() else None


def _bring(private: packages.Private, lacking: list[str], settings: Settings) -> None:
    if not packages.available():
        raise EnvironmentFailure(
            f"{' and '.join(lacking)} cannot be brought here: install them, so that promtool is on "
            "the path."
        )
    storage.require_room(settings.engines, _ROOM, f"unpacking {' and '.join(lacking)}")
    private.refresh()
    # Programs of Go: they need nothing that is not on every machine.
    private.unpack(lacking, with_dependencies=False)
