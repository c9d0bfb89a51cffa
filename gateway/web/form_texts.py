"""The texts of the form in the language of the person, and what stands in for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from gateway.web.direction import Direction, direction_of

SOURCE: Final = "it"
ENGLISH: Final = "en"


class Labelled(Protocol):
    """Something of the form with a text: a section, a question, an answer, a profile, a pathway."""

    @property
    def it(self) -> str:
        """The Italian text, which everything has."""

    @property
    def en(self) -> str:
        """The English text, which everything has."""

    @property
    def text(self) -> str | None:
        """The text in the language that the form was asked for, where there is one."""


@dataclass(frozen=True)
class Written:
    """Words, and the language that they are really in."""

    words: str
    language: str

    @property
    def direction(self) -> Direction:
        """Return in which direction the words are written."""
        return direction_of(self.language)


def text_of(labelled: Labelled, language: str, form_language: str | None = None) -> Written:
    """Return a text in a language; where it has none, the Italian one, marked as Italian.

    ``form_language`` is the language of the form's own translated texts (``Form.language``).
    """
    if language == ENGLISH:
        return Written(labelled.en, ENGLISH)
    if language not in {SOURCE, ENGLISH} and language == form_language and labelled.text:
        return Written(labelled.text, language)
    return Written(labelled.it, SOURCE)
