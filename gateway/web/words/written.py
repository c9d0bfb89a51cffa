"""A sentence as a service writes it, known again by its form, and its words for the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.web.words.word import Word


@dataclass(frozen=True)
class Sentence:
    """A sentence as services write it, ``(name)`` standing for what varies, and its words."""

    form: re.Pattern[str]
    word: Word


def written(form: str, it: str, en: str) -> Sentence:
    """Return a sentence; ``{name}`` takes up what varies, ``{_}`` what the words leave out."""
    parts = re.split(r"(\{\w+\})", form)
    known = "".join(_part(part) for part in parts)
    return Sentence(re.compile(known, re.DOTALL), Word(it, en))


def _part(part: str) -> str:
    """Return a part of a sentence as a regular expression."""
    if not (part.startswith("{") and part.endswith("}")):
        return re.escape(part)
    name = part[1:-1]
    return ".+?" if name == "_" else f"(?P<{name}>.+?)"
