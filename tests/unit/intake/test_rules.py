"""The dated configuration: each entry has a date and a source, and the right one is in force."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from services.intake.rules import FILE, rules_on

ENTRIES: list[tuple[str, dict[str, Any]]] = [
    (kind, entry)
    for kind, versions in json.loads(FILE.read_text(encoding="utf-8")).items()
    for entry in versions
]


@pytest.mark.parametrize(("kind", "entry"), ENTRIES)
def test_every_entry_names_its_source_and_its_first_day(kind: str, entry: dict[str, Any]) -> None:
    """A number without a source is nobody's decision."""
    assert kind
    assert len(entry["source"]) > 20
    assert date.fromisoformat(entry["valid_from"])


@pytest.mark.parametrize("day", [date(2023, 11, 1), date(2026, 11, 22), date(2019, 1, 1)])
def test_there_are_rules_on_every_day(day: date) -> None:
    """Before the first entry that entry holds."""
    rules = rules_on(day)
    assert rules.project_towns == {"001171", "001194", "001214"}
    assert (len(rules.european_union), rules.european_union <= rules.countries) == (27, True)
