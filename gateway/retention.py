"""How long the gateway keeps what it writes down: the dated configuration in ``data/``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent / "data" / "retention.json"


def months_kept(day: date) -> int:
    """Return for how many months accesses are kept, by what is in force on a day."""
    versions = _versions()
    begun = [each for each in versions if date.fromisoformat(each["valid_from"]) <= day]
    return int((begun[-1] if begun else versions[0])["months"])


@cache
def _versions() -> Sequence[dict[str, Any]]:
    """Read the file, the entries in the order in which they came into force."""
    kept: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return sorted(kept["access_log"], key=lambda each: date.fromisoformat(each["valid_from"]))
