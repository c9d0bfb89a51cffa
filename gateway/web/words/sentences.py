"""What is wrong with one field of a form: the services' sentences in words for the desk.

Services answer with English sentences for programs. Each is known here by its exact form, with the
figures that it carries, and is said in the reader's language with the way out of a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from babel.dates import format_date

from contracts.referrals import Obstacle
from gateway.web.words.faults import FAULTS
from gateway.web.words.referrals import LABELS
from gateway.web.words.word import ENGLISH, Word
from gateway.web.words.written import written

_NOT_A_DAY: Final = (
    "Scrivere un giorno che esiste, come 22/11/2026.",
    "Write a day that exists, such as 22/11/2026.",
)
_NOT_A_MOMENT: Final = (
    "Scrivere giorno e ora, come 22/11/2026 alle 09:30.",
    "Write day and hour, such as 22/11/2026 at 09:30.",
)
_NOT_A_NUMBER: Final = ("Scrivere un numero intero, in cifre.", "Write a whole number, in digits.")
_NOT_OFFERED: Final = ("Scegliere una delle voci proposte.", "Choose one of those offered.")
_LOAD_AGAIN: Final = ("Ricaricare la pagina e riprovare.", "Load the page again and retry.")
_OF_CONTRACTS: Final = (
    written("Missing data for required field.", "Manca: è necessario.", "Missing: it is needed."),
    written("Field may not be null.", "Manca: è necessario.", "Missing: it is needed."),
    written("Invalid value.", "Questo valore non va bene.", "This value is not possible."),
    written("Invalid type.", *_LOAD_AGAIN),
    written("Expected an object.", *_LOAD_AGAIN),
    written("Unknown field.", *_LOAD_AGAIN),
    written(
        "Length must be between {n} and {n2}.",
        "Da {n} a {n2} caratteri.",
        "Between {n} and {n2} characters.",
    ),
    written("Length must be {n}.", "Esattamente {n} caratteri.", "Exactly {n} characters."),
    written("Longer than maximum length {n}.", "Al massimo {n} caratteri.", "At most {n} signs."),
    written("Shorter than minimum length {n}.", "Almeno {n} caratteri.", "At least {n} signs."),
    written(
        "Must be greater than or equal to {low} and less than or equal to {high}.",
        "Un numero da {low} a {high}.",
        "A number from {low} to {high}.",
    ),
    written("Must be greater than or equal to {low}.", "Almeno {low}.", "At least {low}."),
    written("Must be less than or equal to {high}.", "Al massimo {high}.", "At most {high}."),
    written("Must be one of: {_}.", *_NOT_OFFERED),
    written("Not a valid UUID.", *_NOT_OFFERED),
    written("Not a valid boolean.", "Rispondere sì o no.", "Answer yes or no."),
    written("Not a valid date.", *_NOT_A_DAY),
    written("Not a valid datetime.", *_NOT_A_MOMENT),
    written("Not a valid naive datetime.", *_NOT_A_MOMENT),
    written("Not a valid aware datetime.", *_NOT_A_MOMENT),
    written('"{_}" cannot be formatted as a date.', *_NOT_A_DAY),
    written('"{_}" cannot be formatted as a datetime.', *_NOT_A_MOMENT),
    written("Not a valid integer.", *_NOT_A_NUMBER),
    written("Number too large.", "Il numero è troppo grande.", "The number is too large."),
    written("Not a valid list.", "Scegliere una o più voci.", "Choose one or more."),
    written("Not a valid mapping type.", *_LOAD_AGAIN),
    written("Not a valid string.", "Scrivere un testo.", "Write a text."),
    written("Not a valid utf-8 string.", "Scrivere un testo.", "Write a text."),
    written(
        "Must not hold control characters.",
        "Contiene segni invisibili: riscriverlo a mano.",
        "It holds invisible signs: type it anew.",
    ),
    written(
        "String does not match expected pattern.",
        "Non ha la forma giusta: vedere il suggerimento accanto.",
        "It has not the right form: see the hint beside it.",
    ),
)

_SENTENCES: Final = (*_OF_CONTRACTS, *FAULTS)

_CHOICES: Final = frozenset(
    {"citizenships", "household", "categories", "municipalities", "languages", "roles", "scopes"}
)
"""Fields of which several are chosen: their length is a number of choices."""

_FORMS: Final[Mapping[str, Word]] = {
    "phone": Word(
        "Solo cifre, spazi e i segni + . / -",
        "Digits, blanks and the signs + . / - only",
    ),
    "email": Word("Un indirizzo come nome@esempio.it", "An address such as name@example.org"),
    "code": Word("Le sei cifre, o un codice di riserva", "The six digits, or a recovery code"),
    "token": Word(
        "Aprire di nuovo il collegamento ricevuto", "Open the link that you received again"
    ),
    **dict.fromkeys(
        ("birth_country", "citizenships"),
        Word("Scegliere un paese dell'elenco", "Choose a country of the list"),
    ),
    **dict.fromkeys(
        ("mother_tongue", "language", "languages"),
        Word("Scegliere una lingua dell'elenco", "Choose a language of the list"),
    ),
    **dict.fromkeys(
        ("municipality", "municipalities"),
        Word("Scegliere un comune dell'elenco", "Choose a municipality of the list"),
    ),
    **dict.fromkeys(
        ("category", "categories"),
        Word("Scegliere una categoria dell'elenco", "Choose a category of the list"),
    ),
    "scopes": Word("Scegliere tra i permessi dell'elenco", "Choose among the scopes of the list"),
}
"""What a text must look like, by the name of its field."""

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PATTERN: Final = "String does not match expected pattern."
_LENGTH: Final = re.compile(r"Length must be between (?P<low>\d+) and (?P<high>\d+)\.")


def sentence(message: str, language: str, *, path: str = "") -> str:
    """Say what a service or a contract found wrong with a field.

    ``path`` is the field's, such as ``details.citizenships.0``: some messages mean something else
    in a list. What nobody gave words to is said as it came.
    """
    word, facts = _word_of(message, _name(path))
    said = {name: _fact(text, language) for name, text in facts.items()}
    return word.said(language).format(**said)


def is_known(message: str) -> bool:
    """Tell whether a sentence has words."""
    return any(each.form.fullmatch(message) for each in _SENTENCES)


def _word_of(message: str, name: str) -> tuple[Word, Mapping[str, str]]:
    """Return the words of a message and the figures that it carries."""
    if message == _PATTERN and name in _FORMS:
        return _FORMS[name], {}
    length = _LENGTH.fullmatch(message)
    if length:
        return _length(int(length["low"]), int(length["high"]), name), {}
    if message in {*Obstacle}:
        return LABELS[Obstacle][Obstacle(message)], {}
    for each in _SENTENCES:
        found = each.form.fullmatch(message)
        if found:
            return each.word, found.groupdict()
    return Word("{message}", "{message}"), {"message": message}


def _length(low: int, high: int, name: str) -> Word:
    """Say how long a text, or how many choices, a field takes."""
    if name in _CHOICES:
        return (
            Word(f"Al massimo {high}.", f"At most {high}.")
            if low == 0
            else Word(f"Scegliere da {low} a {high} voci.", f"Choose {low} to {high}.")
        )
    if low == high:
        return Word(f"Esattamente {low} caratteri.", f"Exactly {low} characters.")
    return Word(f"Da {low} a {high} caratteri.", f"Between {low} and {high} characters.")


def _name(path: str) -> str:
    """Return the last part of a path that is a name and not a place in a list."""
    names = [part for part in path.split(".") if part and not part.isdigit()]
    return names[-1] if names else ""


def _fact(text: str, language: str) -> str:
    """Return a figure as people here write it."""
    if not _ISO_DAY.fullmatch(text):
        return text
    locale = "en_GB" if language == ENGLISH else "it"
    return format_date(date.fromisoformat(text), "long", locale=locale)
