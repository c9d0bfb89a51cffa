"""What the pages call things: every code of the network in Italian and in English.

``label`` says a member of an enumeration, ``spoken`` a code that travels as plain text, ``refusal``
why something was refused, ``sentence`` what is wrong with a field; each has a companion that gives
the whole word with tone and explanation. What nobody gave words to is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import chain
from typing import Final

from contracts.events import GatheringKind
from contracts.intake import EmergencyOutcome, EmergencyReason, Purpose
from contracts.pathways import RefusalReason
from contracts.screening import Decision, Profile, ScreeningMode
from gateway.web.words import (
    catalogue,
    happenings,
    intake,
    operations,
    pathways,
    places,
    questions,
    referrals,
    screening,
    staff,
)
from gateway.web.words.fields import word_of_field
from gateway.web.words.refusals import refusal, word_of_refusal
from gateway.web.words.sentences import sentence
from gateway.web.words.word import ENGLISH, Tone, Word

__all__ = [
    "CODES",
    "ENUMERATIONS",
    "Tone",
    "Word",
    "label",
    "refusal",
    "sentence",
    "spoken",
    "word_of",
    "word_of_code",
    "word_of_field",
    "word_of_refusal",
]

ENUMERATIONS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    **intake.LABELS,
    **screening.LABELS,
    **referrals.LABELS,
    **pathways.LABELS,
    **catalogue.LABELS,
    **staff.LABELS,
}
"""The words of every enumeration, member by member."""


def _by_code(*enumerations: type[StrEnum]) -> Mapping[str, Word]:
    """Return the words of enumerations together, by the code that travels."""
    members = chain.from_iterable(ENUMERATIONS[each].items() for each in enumerations)
    return {member.value: word for member, word in members}


CODES: Final[Mapping[str, Mapping[str, Word]]] = {
    "event": happenings.EVENTS,
    "part": happenings.PARTS,
    "dead-letter": happenings.DEAD_LETTERS,
    "operation": operations.OPERATIONS,
    "refused-operation": operations.REFUSED_OPERATIONS,
    "permission": staff.PERMISSIONS,
    "api-scope": staff.API_SCOPES,
    "action": staff.ADMINISTRATION,
    "disabled-for": staff.DISABLED_FOR,
    "link": staff.LINKS,
    "why": questions.WHY,
    "asking": questions.NOTES,
    "urgent": questions.URGENT,
    "reason": _by_code(*referrals.REASONS, RefusalReason, EmergencyReason, EmergencyOutcome),
    "decision": _by_code(Decision),
    "story": _by_code(Purpose, ScreeningMode, Profile, GatheringKind),
}
"""The words of codes that travel as plain text, by the kind of code.

``story`` holds the codes of a timeline's lines that are no category and no pathway.
"""

_NAMES: Final[Mapping[str, Callable[[str], Mapping[str, str]]]] = {
    "municipality": lambda _language: places.municipalities(),
    "language": places.languages,
    "country": places.countries,
}


def word_of(member: StrEnum) -> Word:
    """Return the whole word of a member of an enumeration: text, tone and explanation."""
    return ENUMERATIONS[type(member)][member]


def label(member: StrEnum, language: str) -> str:
    """Say a member of an enumeration."""
    return word_of(member).said(language)


def word_of_code(kind: str, code: str) -> Word:
    """Return the whole word of a code of a kind of ``CODES``; an unknown code is its own word."""
    return CODES[kind].get(code) or Word(code, code)


def spoken(kind: str, code: str, language: str) -> str:
    """Say a code that travels as plain text; a code without words is said as it is."""
    if kind in _NAMES:
        return _NAMES[kind](ENGLISH if language == ENGLISH else "it").get(code, code)
    return word_of_code(kind, code).said(language)
