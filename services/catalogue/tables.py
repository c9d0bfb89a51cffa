"""The taxonomy and the municipalities in ``data/``, read once; both files name their sources."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from contracts.catalogue import Taxonomy
from services.catalogue.domain import Tables

DATA: Final = Path(__file__).parent / "data"


@cache
def tables() -> Tables:
    """Return the tables of this installation; the mappings to other taxonomies stay in the file."""
    taxonomy = _read("taxonomy")
    municipalities = _read("municipalities")["municipalities"]
    return Tables(
        taxonomy=Taxonomy.load(
            {"version": taxonomy["version"], "items": taxonomy["terms"]}, tolerant=True
        ),
        municipalities=frozenset(entry["code"] for entry in municipalities),
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content
