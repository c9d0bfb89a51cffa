"""Which way a language is written."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

from babel import Locale
from babel.core import UnknownLocaleError

Direction = Literal["ltr", "rtl"]

_RIGHT_TO_LEFT: Final = frozenset({"aii", "ckb", "dv", "prs", "syr"})
"""Languages of the desks that are written from the right and that Babel does not know as such."""


@cache
def direction_of(language: str) -> Direction:
    """Return the direction of a language's own script; an unknown one goes from the left."""
    if language in _RIGHT_TO_LEFT:
        return "rtl"
    try:
        written = Locale.parse(language).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if written == "rtl" else "ltr"
