"""A plain text of ours with headings, paragraphs and numbered rules, read for a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_RULE: Final = re.compile(r"\d+\. \*\*(?P<lead>.+?)\*\* ?(?P<rest>.*)")
_HEADING: Final = "# "


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One numbered rule: what it comes to, and what it means."""

    lead: str
    rest: str


@dataclass(frozen=True, kw_only=True)
class Prose:
    """A text in its parts: what stands before the rules, and the rules."""

    title: str
    paragraphs: tuple[str, ...]
    rules: tuple[Rule, ...]


def read(text: str) -> Prose:
    """Take a text apart; every line is a heading, a rule or a paragraph."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    titles = [line.removeprefix(_HEADING) for line in lines if line.startswith(_HEADING)]
    rules = [found for line in lines if (found := _RULE.fullmatch(line))]
    return Prose(
        title=titles[0] if titles else "",
        paragraphs=tuple(
            line for line in lines if not line.startswith(_HEADING) and not _RULE.fullmatch(line)
        ),
        rules=tuple(Rule(lead=found["lead"], rest=found["rest"]) for found in rules),
    )
