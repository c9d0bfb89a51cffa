"""What somebody came for while something had to be settled first: a sign-in, a code, a proof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.web.screen import Visit

KEPT: Final = "kept."
"""Marks fields that were typed into another form and wait in this one."""

SENDS: Final = "sends"
"""Marks that something waits to be sent, even where nothing was typed."""

_INSIDE: Final = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")


@dataclass(frozen=True, kw_only=True)
class Errand:
    """Where somebody was going, and what was typed there and waits to be sent."""

    to: str
    sends: bool
    typed: tuple[tuple[str, str], ...]


def next_of(visit: Visit) -> str:
    """Return where the person was going, which is never another site."""
    asked = visit.form.get("next") or visit.query.get("next") or ""
    return asked if _INSIDE.fullmatch(asked) else ""


def errand_of(visit: Visit) -> Errand:
    """Return what the person came for; only a form of ours can hold what is to be sent."""
    to = next_of(visit)
    typed = tuple(
        (name.removeprefix(KEPT), value)
        for name, values in visit.form.lists()
        if name.startswith(KEPT)
        for value in values
    )
    return Errand(to=to, sends=bool(to) and SENDS in visit.form, typed=typed)
