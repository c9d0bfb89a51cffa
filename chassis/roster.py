"""Which services there are, by the packages in ``services`` that have doors."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SERVICES: Final = tuple(
    sorted(door.parent.name for door in Path(__file__).parents[1].glob("services/*/service.py"))
)


def package_of(name: str) -> str:
    """Return the package of a service; a dotted name is a package already."""
    return name if "." in name else f"services.{name}"
