"""The dated configuration in ``data/rules.json``, read once; each entry names its source."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from contracts.intake import DuplicateGround
from contracts.referrals import ReferralState
from services.intake.domain.configuration import EmergencyTerms, Likeness, Rules

FILE: Final = Path(__file__).parent / "data" / "rules.json"


def rules_on(day: date) -> Rules:
    """Return the rules in force on a day; before the first entry of a kind, that first entry."""
    entries = {kind: _in_force(versions, day) for kind, versions in _entries().items()}
    return Rules(
        countries=frozenset(entries["countries"]["codes"]),
        european_union=frozenset(entries["european_union"]["codes"]),
        project_towns=frozenset(entries["project_towns"]["codes"]),
        longest_consent=timedelta(days=entries["consent"]["maximum_days"]),
        seen_after_end={
            ReferralState(state): timedelta(days=days)
            for state, days in entries["seen_after_end"]["days"].items()
        },
        likeness=_likeness(entries["duplicates"]),
        emergency=_emergency(entries["emergency"]),
    )


def _likeness(entry: Mapping[str, Any]) -> Likeness:
    return Likeness(
        weights={DuplicateGround(ground): points for ground, points in entry["weights"].items()},
        similar_from=entry["similar_from"],
        threshold=entry["threshold"],
        shown=entry["shown"],
    )


def _emergency(entry: Mapping[str, Any]) -> EmergencyTerms:
    return EmergencyTerms(
        lasting=timedelta(hours=entry["lasting_hours"]),
        attempts=entry["attempts"],
        within=timedelta(minutes=entry["within_minutes"]),
    )


@cache
def _entries() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Read the file, each kind's entries in the order in which they came into force."""
    kinds: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        kind: sorted(versions, key=lambda entry: date.fromisoformat(entry["valid_from"]))
        for kind, versions in kinds.items()
    }


def _in_force(versions: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, Any]:
    begun = [entry for entry in versions if date.fromisoformat(entry["valid_from"]) <= day]
    return begun[-1] if begun else versions[0]
