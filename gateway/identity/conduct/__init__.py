"""The code of conduct: one text per language and per day from which it is in force."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Final

LANGUAGES: Final = ("it", "en")


def version_in_force(today: date) -> str:
    """Return the version that whoever works today must have accepted."""
    return max(version for version in versions() if version <= today.isoformat())


def text_of(version: str, language: str) -> str:
    """Return the text of a version."""
    return resources.files(__name__).joinpath(f"{version}.{language}.md").read_text("utf-8")


@cache
def versions() -> tuple[str, ...]:
    """Return every version there is, the oldest first; each stands in every language."""
    names = {each.name for each in resources.files(__name__).iterdir() if each.name.endswith(".md")}
    found = sorted({name.partition(".")[0] for name in names})
    return tuple(
        version for version in found if all(f"{version}.{each}.md" in names for each in LANGUAGES)
    )
