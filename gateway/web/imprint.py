"""Who answers for an installation, as its privacy notice and accessibility statement tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """Names and addresses; whoever sets none shows a demonstration, and says so."""

    controller: str = "Ente di esempio (dimostrazione, dati inventati)"
    controller_contact: str = "titolare@example.org"
    dpo_contact: str = "dpo@example.org"
    accessibility_contact: str = "accessibilita@example.org"
    site: str = "Plurali, impianto di dimostrazione"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read what is told; a variable is named like its attribute, in capitals."""
        known = {name: environment.get(name.upper(), "").strip() for name in asdict(cls())}
        return cls(**{name: value for name, value in known.items() if value})
