"""Invented persons whose details give exactly the facts that a screening is to start from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from codicefiscale import codicefiscale

from chassis import clock

MUNICIPALITY: Final = "001171"
"""Orbassano, one of the project's towns."""

_CONSONANTS: Final = "bcdfglmnprstvz"
_VOWELS: Final = "aeiou"
_SOME_DAYS: Final = 300
_ORIGINS: Final[Mapping[str, tuple[tuple[str, ...], str, str, str]]] = {
    # citizenships, country of birth and its name in the tax register, mother tongue
    "IT": (("IT",), "IT", "Torino", "it"),
    "EU": (("RO",), "RO", "Romania", "ro"),
    "EXTRA_EU": (("MA",), "MA", "Marocco", "ar"),
    "APOLIDE": ((), "LB", "Libano", "ar"),
}


@dataclass(frozen=True, kw_only=True)
class Invented:
    """The details of an invented person, and the words by which it could be recognised."""

    details: dict[str, Any]

    @property
    def traces(self) -> tuple[str, ...]:
        """What must never be found outside intake."""
        names = ("given_name", "family_name", "tax_code", "phone", "email")
        return tuple(self.details[name] for name in names)


def invented(context: Mapping[str, Any], *, gender: str = "female") -> Invented:
    """Return a person with new names, contacts and tax code for the coded facts of a screening."""
    citizenships, country, birthplace, tongue = _ORIGINS[context["citizenship_group"]]
    given, family = _word(4), _word(5)
    birth = _birth_date(context["age"])
    details = {
        "given_name": given,
        "family_name": family,
        "birth_date": birth.isoformat(),
        "gender": gender,
        "citizenships": list(citizenships),
        "birth_country": country,
        "mother_tongue": "it" if context["mother_tongue_it"] else tongue,
        "language": "it",
        "municipality": MUNICIPALITY,
        "resident": context["resident_project_town"],
        "studied_abroad": context["studied_abroad"],
        "permit_allows_traineeship": context["permit_allows_traineeship"],
        "in_charge_public_service": context["in_charge_public_service"],
        "tax_code": codicefiscale.encode(
            lastname=family,
            firstname=given,
            gender="F" if gender == "female" else "M",
            birthdate=birth.strftime("%d/%m/%Y"),
            birthplace=birthplace,
        ),
        "phone": f"+39 3{secrets.randbelow(10**9):09d}",
        "email": f"{given}.{family}@example.org".lower(),
        "household": [{"birth_date": each.isoformat()} for each in _minors(context)],
    }
    return Invented(details=details)


def _word(syllables: int) -> str:
    letters = (secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(syllables))
    return "".join(letters).capitalize()


def _birth_date(age: int) -> date:
    """Return a day on which somebody of this age may have been born, away from both birthdays."""
    today = clock.now().date()
    days = 30 + secrets.randbelow(_SOME_DAYS)
    return today.replace(year=today.year - age, day=min(today.day, 28)) - timedelta(days=days)


def _minors(context: Mapping[str, Any]) -> list[date]:
    small, school = context["minors_0_5"], context["minors_6_16"]
    rest = context["minors_0_17"] - small - school
    return [
        _birth_date(age)
        for age, count in ((3, small), (9, school), (17, rest))
        for _ in range(count)
    ]
