"""What a form offers to choose from, in the language of the page and in a useful order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from flask_babel import gettext as _

from contracts.language import Message
from gateway.web import words
from gateway.web.languages import chosen
from gateway.web.words import places
from gateway.web.words.fields import word_of_field, word_of_path

Options = Sequence[tuple[str, str]]

# The languages and countries that are met most at the desks stand first; the others follow by name.
_FIRST_LANGUAGES: Final = ("it", "ar", "en", "es", "fr", "ro", "sq", "uk", "ur", "bn", "zh", "pt")
_FIRST_COUNTRIES: Final = ("IT", "RO", "MA", "AL", "PE", "NG", "EG", "UA", "MD", "BR", "TN", "PK")
_COUNTRY: Final = 2


def options(kind: type[StrEnum], *, without: Collection[StrEnum] = ()) -> Options:
    """Return the members of an enumeration with their labels."""
    return [
        (member.value, words.label(member, chosen())) for member in kind if member not in without
    ]


def some(members: Iterable[StrEnum]) -> Options:
    """Return some members of an enumeration with their labels."""
    return [(member.value, words.label(member, chosen())) for member in members]


def languages() -> Options:
    """Return the languages that somebody may speak."""
    known = {code: name for code, name in places.languages(chosen()).items() if code.islower()}
    return _first(known, _FIRST_LANGUAGES)


def countries() -> Options:
    """Return the countries of the world."""
    known = {
        code: name
        for code, name in places.countries(chosen()).items()
        if len(code) == _COUNTRY and code.isalpha() and code not in _NO_COUNTRIES
    }
    return _first(known, _FIRST_COUNTRIES)


_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
"""Codes that name regions and tests, which nobody is a citizen of."""


def municipalities() -> Options:
    """Return the municipalities in which somebody may live."""
    return sorted(places.municipalities().items(), key=lambda each: each[1])


def served_municipalities() -> Options:
    """Return the municipalities that the network serves; people may live anywhere around."""
    return sorted(places.served().items(), key=lambda each: each[1])


def yes_or_no() -> Options:
    """Return the two answers to a plain question."""
    return [("true", _("Sì")), ("false", _("No"))]


def field_label(kind: type[Message], name: str) -> str:
    """Say what a field of a contract is called on a form."""
    return word_of_field(kind, name).said(chosen())


def field_hint(kind: type[Message], name: str) -> str:
    """Say what to know before filling a field in."""
    return word_of_field(kind, name).explained(chosen()) or ""


def _first(known: Mapping[str, str], first: Sequence[str]) -> Options:
    """Return what is met most first, then everything by name."""
    beginning = [(code, known[code]) for code in first if code in known]
    rest = sorted(
        ((code, name) for code, name in known.items() if code not in first),
        key=lambda each: each[1].casefold(),
    )
    return [*beginning, *rest]


def path_label(path: str) -> str:
    """Say what the field at a path is called, where any form has it."""
    word = word_of_path(path)
    return "" if word is None else word.said(chosen())
