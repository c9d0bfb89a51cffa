"""A word of the pages: the same thing said in Italian and in English, and in which colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ENGLISH: Final = "en"


class Tone(StrEnum):
    """How a badge is coloured; its text says the same to whoever sees no colours."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class Word:
    """What a code is called on the pages, with a longer explanation where one helps."""

    it: str
    en: str
    tone: Tone = Tone.NEUTRAL
    hint: Word | None = None

    def said(self, language: str) -> str:
        """Return the word in a language; Italian is the source, and stands in for every other."""
        return self.en if language == ENGLISH else self.it

    def explained(self, language: str) -> str | None:
        """Return the longer explanation in a language, where there is one."""
        return self.hint.said(language) if self.hint else None


def refused(what: tuple[str, str], way: tuple[str, str], tone: Tone = Tone.WARNING) -> Word:
    """Return the words of a refusal: what happened, and as its explanation the way out."""
    return Word(*what, tone, Word(*way))
