"""Persons: who can be registered, and what a screening is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from contracts.intake import (
    Person,
    PersonCorrected,
    PersonDetails,
    PersonName,
    PersonRegistered,
    TaxCodeKind,
    TaxCodeRemark,
)
from contracts.language import Category, DomainError, InvalidRequest, Outcome, VersionMismatch
from contracts.screening import CitizenshipGroup, Gender, ScreeningContext
from services.intake.domain.configuration import Rules

EARLIEST_BIRTH: Final = date(1900, 1, 1)
FEWEST_DIGITS_OF_A_PHONE: Final = 5
ITALY: Final = "IT"
ITALIAN: Final = frozenset({"it", "ita"})


class PersonAlreadyRegistered(
    DomainError, category=Category.CONFLICT, slug="person-already-registered"
):
    """The agency has a person with this tax code."""

    def __init__(self, person_id: UUID) -> None:
        """Name the person whom the agency has already."""
        super().__init__(
            f"Your agency has registered this person already: {person_id}.",
            fields={"details.tax_code": [f"It is the tax code of the person {person_id}."]},
        )


@dataclass(frozen=True, kw_only=True)
class TaxCode:
    """What a tax code says; the century of birth is not in it."""

    text: str
    kind: TaxCodeKind
    born: tuple[int, int, int] | None = None
    """Two-digit year, month and day."""
    gender: Gender | None = None
    birthplace_known: bool = True


NO_TAX_CODE: Final = TaxCode(text="", kind=TaxCodeKind.ABSENT)


def register(  # noqa: PLR0913 - the facts of a registration, each by its name
    details: PersonDetails,
    *,
    person_id: UUID,
    agency_id: UUID,
    at: datetime,
    today: date,
    tax_code: TaxCode | str,
    rules: Rules,
) -> Outcome[Person]:
    """Register a person; ``tax_code`` is what was read, or the sentence why it cannot be.

    Raises:
        InvalidRequest: details that cannot be true; it names each, and repeats no value.

    """
    details, read = _checked(details, today=today, tax_code=tax_code, rules=rules)
    person = Person(
        person_id=person_id,
        agency_id=agency_id,
        version=1,
        registered_at=at,
        details=details,
        tax_code_kind=read.kind,
        tax_code_remarks=tuple(_remarks(read, details)),
    )
    return Outcome(person, (PersonRegistered(**_facts(person)),))


def correct(  # noqa: PLR0913 - the facts of a correction, each by its name
    person: Person,
    details: PersonDetails,
    *,
    version: int,
    today: date,
    tax_code: TaxCode | str,
    rules: Rules,
) -> Outcome[Person]:
    """Put details right; that coded facts changed is told, and nothing else.

    Raises:
        VersionMismatch: somebody corrected the person meanwhile.
        InvalidRequest: details that cannot be true; it names each, and repeats no value.

    """
    if version != person.version:
        raise VersionMismatch(
            f"The person is at version {person.version} by now; read it again and repeat.",
            fields={"version": [f"Expected {person.version}."]},
        )
    details, read = _checked(details, today=today, tax_code=tax_code, rules=rules)
    corrected = replace(
        person,
        version=person.version + 1,
        details=details,
        tax_code_kind=read.kind,
        tax_code_remarks=tuple(_remarks(read, details)),
    )
    facts = _facts(corrected)
    return Outcome(corrected, () if facts == _facts(person) else (PersonCorrected(**facts),))


def _checked(
    details: PersonDetails, *, today: date, tax_code: TaxCode | str, rules: Rules
) -> tuple[PersonDetails, TaxCode]:
    """Return details that can be true, tidied, with the tax code as it was read.

    Raises:
        InvalidRequest: they cannot; it names each fault, and repeats no value.

    """
    details = tidy(details)
    faults: dict[str, list[str]] = {}
    for name, sentence in _faults(details, today=today, rules=rules):
        faults.setdefault(f"details.{name}", []).append(sentence)
    if isinstance(tax_code, str):
        faults["details.tax_code"] = [tax_code]
    if faults or isinstance(tax_code, str):
        raise InvalidRequest("Some details of the person cannot be right.", fields=faults)
    return replace(details, tax_code=tax_code.text or None), tax_code


def _facts(person: Person) -> dict[str, Any]:
    """Return the coded facts that events tell of a person."""
    details = person.details
    return {
        "person_id": person.person_id,
        "agency_id": person.agency_id,
        "gender": details.gender,
        "migratory_background": migratory_background(details),
        "municipality": details.municipality,
        "language": details.language,
    }


def tidy(details: PersonDetails) -> PersonDetails:
    """Return the details without stray blanks and repetitions."""
    return replace(
        details,
        given_name=" ".join(details.given_name.split()),
        family_name=" ".join(details.family_name.split()),
        citizenships=tuple(dict.fromkeys(details.citizenships)),
    )


def _faults(details: PersonDetails, *, today: date, rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield what cannot be true, as the path of the field and a sentence."""
    births = [("birth_date", details.birth_date)]
    births += [
        (f"household.{place}.birth_date", member.birth_date)
        for place, member in enumerate(details.household)
    ]
    countries = [("birth_country", details.birth_country)]
    countries += [
        (f"citizenships.{place}", country) for place, country in enumerate(details.citizenships)
    ]
    names = (("given_name", details.given_name), ("family_name", details.family_name))
    yield from ((field, "Give a name.") for field, name in names if not _has_letter(name))
    yield from ((field, "This date is still to come.") for field, day in births if day > today)
    yield from (
        (field, "This date is before 1900.") for field, day in births if day < EARLIEST_BIRTH
    )
    yield from (
        (field, "This is not a country of ISO 3166-1.")
        for field, country in countries
        if country not in rules.countries
    )
    if (
        details.phone is not None
        and sum(map(str.isdigit, details.phone)) < FEWEST_DIGITS_OF_A_PHONE
    ):
        yield "phone", "This is too short for a telephone number."


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _remarks(tax_code: TaxCode, details: PersonDetails) -> Iterator[TaxCodeRemark]:
    """Yield what a worker may look at again: a tax code can be older than what is true today."""
    if not tax_code.birthplace_known:
        yield TaxCodeRemark.BIRTHPLACE_UNKNOWN
    born = details.birth_date
    if tax_code.born not in {None, (born.year % 100, born.month, born.day)}:
        yield TaxCodeRemark.BIRTH_DATE_DIFFERS
    if {tax_code.gender, details.gender} == {Gender.FEMALE, Gender.MALE}:
        yield TaxCodeRemark.GENDER_DIFFERS


def with_tax_code(person: Person, tax_code: str | None) -> Person:
    """Return the person with this tax code; lists and repeatable answers show none."""
    return replace(person, details=replace(person.details, tax_code=tax_code))


def name_of(person: Person) -> PersonName:
    """Return by what a list tells the person from others."""
    details = person.details
    return PersonName(
        person_id=person.person_id,
        given_name=details.given_name,
        family_name=details.family_name,
        birth_date=details.birth_date,
    )


def age_on(day: date, *, born: date) -> int:
    """Return the completed years; who is born on 29 February completes them on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def citizenship_group(citizenships: tuple[str, ...], rules: Rules) -> CitizenshipGroup:
    """Return the group that gives the person the widest rights; no citizenship is statelessness."""
    if not citizenships:
        return CitizenshipGroup.APOLIDE
    if ITALY in citizenships:
        return CitizenshipGroup.IT
    if rules.european_union.intersection(citizenships):
        return CitizenshipGroup.EU
    return CitizenshipGroup.EXTRA_EU


def migratory_background(details: PersonDetails) -> bool:
    """Tell whether the person, or a parent, came from abroad."""
    return (
        ITALY not in details.citizenships
        or details.birth_country != ITALY
        or details.parent_born_abroad
    )


def screening_context(details: PersonDetails, *, today: date, rules: Rules) -> ScreeningContext:
    """Derive the coded facts that a screening starts from."""
    ages = [age_on(today, born=member.birth_date) for member in details.household]
    return ScreeningContext(
        citizenship_group=citizenship_group(details.citizenships, rules),
        mother_tongue_it=details.mother_tongue in ITALIAN,
        studied_abroad=details.studied_abroad,
        minors_0_5=_between(ages, 0, 5),
        minors_6_16=_between(ages, 6, 16),
        minors_0_17=_between(ages, 0, 17),
        age=age_on(today, born=details.birth_date),
        resident_project_town=details.resident and details.municipality in rules.project_towns,
        permit_allows_traineeship=details.permit_allows_traineeship,
        in_charge_public_service=details.in_charge_public_service,
        gender=details.gender,
        migratory_background=migratory_background(details),
        municipality=details.municipality,
        language=details.language,
    )


def _between(ages: list[int], youngest: int, oldest: int) -> int:
    return sum(youngest <= age <= oldest for age in ages)
