"""Registering a person: what cannot be true is named, what is true is told in codes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.intake import TaxCodeKind, TaxCodeRemark
from contracts.language import InvalidRequest, Outcome
from contracts.screening import Gender
from services.intake import tax_code
from services.intake.domain import persons
from services.intake.rules import rules_on
from tests.support.people import (
    AGENCY,
    DEFINITIVE,
    PERSONAL,
    PROVISIONAL,
    household,
    some_details,
)

TODAY = date(2026, 11, 22)
PERSON = UUID("01920000-0000-7000-8000-0000000000c1")


def _register(**changes: Any) -> Outcome[Any]:
    details = some_details(**changes)
    return persons.register(
        details,
        person_id=PERSON,
        agency_id=AGENCY,
        at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        today=TODAY,
        tax_code=tax_code.read(details.tax_code),
        rules=rules_on(TODAY),
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": "   "}, "details.given_name"),
        ({"family_name": "--"}, "details.family_name"),
        ({"birth_date": date(2026, 11, 23)}, "details.birth_date"),
        ({"birth_date": date(1899, 12, 31)}, "details.birth_date"),
        ({"birth_country": "ZZ"}, "details.birth_country"),
        ({"citizenships": ("RO", "QQ")}, "details.citizenships.1"),
        ({"phone": "+---- ---- 12"}, "details.phone"),
        ({"tax_code": "PPSMRA88C52Z129X"}, "details.tax_code"),
        ({"tax_code": "STP0101234567890"}, "details.tax_code"),
        (
            {"household": household(date(2020, 1, 1), date(2027, 1, 1))},
            "details.household.1.birth_date",
        ),
        ({"household": household(date(1850, 1, 1))}, "details.household.0.birth_date"),
    ],
)
def test_what_cannot_be_true_is_named(changes: dict[str, Any], field: str) -> None:
    """The refusal names the field and nothing else."""
    with pytest.raises(InvalidRequest) as refused:
        _register(**changes)
    assert list(refused.value.fields) == [field]


def test_all_that_is_wrong_is_named_at_once() -> None:
    """Nobody has to correct a form field by field."""
    with pytest.raises(InvalidRequest) as refused:
        _register(birth_country="ZZ", tax_code="RSSMRA80A01H501X", given_name=" ")
    assert set(refused.value.fields) == {
        "details.birth_country",
        "details.tax_code",
        "details.given_name",
    }


@pytest.mark.parametrize("born", [date(1900, 1, 1), TODAY])
def test_the_first_and_the_last_possible_births_are_accepted(born: date) -> None:
    """Who was born in 1900 or today is registered."""
    assert _register(birth_date=born).state.details.birth_date == born


def test_stray_blanks_and_repetitions_are_taken_away() -> None:
    """A name is kept as it is said."""
    person = _register(given_name="  Ana  Maria ", citizenships=("RO", "IT", "RO")).state
    assert (person.details.given_name, person.details.citizenships) == ("Ana Maria", ("RO", "IT"))


@pytest.mark.parametrize(
    ("typed", "kept", "kind"),
    [
        (DEFINITIVE.lower(), DEFINITIVE, TaxCodeKind.DEFINITIVE),
        (PROVISIONAL, PROVISIONAL, TaxCodeKind.PROVISIONAL),
        (None, None, TaxCodeKind.ABSENT),
    ],
)
def test_the_tax_code_is_kept_as_it_is_compared(
    typed: str | None, kept: str | None, kind: TaxCodeKind
) -> None:
    """Upper case, with its kind beside it."""
    person = _register(tax_code=typed).state
    assert (person.details.tax_code, person.tax_code_kind) == (kept, kind)


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        ({}, ()),
        ({"birth_date": date(1988, 3, 13)}, (TaxCodeRemark.BIRTH_DATE_DIFFERS,)),
        ({"gender": Gender.MALE}, (TaxCodeRemark.GENDER_DIFFERS,)),
        ({"gender": Gender.OTHER}, ()),
        ({"gender": Gender.UNKNOWN}, ()),
        ({"tax_code": "RSSMRA80A41Z999C"}, (TaxCodeRemark.BIRTHPLACE_UNKNOWN,)),
        ({"tax_code": PROVISIONAL}, ()),
        ({"tax_code": None}, ()),
    ],
)
def test_a_difference_is_remarked_and_not_refused(
    changes: dict[str, Any], remarks: tuple[TaxCodeRemark, ...]
) -> None:
    """A tax code can be older than what is true of the person today."""
    if "tax_code" in changes and remarks:
        changes = {**changes, "birth_date": date(1980, 1, 1)}
    assert _register(**changes).state.tax_code_remarks == remarks


def test_the_event_holds_codes_and_no_personal_data() -> None:
    """What the network learns of a registration names nobody."""
    (event,) = _register().events
    assert event.dump() == {
        "person_id": str(PERSON),
        "agency_id": str(AGENCY),
        "gender": "female",
        "migratory_background": True,
        "municipality": "001171",
        "language": "fr",
    }


def test_no_refusal_repeats_what_was_typed() -> None:
    """The sentences cross logs and networks."""
    with pytest.raises(InvalidRequest) as refused:
        _register(
            birth_date=date(2030, 1, 1),
            phone="--- 12",
            tax_code=DEFINITIVE[:-1] + "X",
            birth_country="ZZ",
        )
    told = f"{refused.value.message} {refused.value.fields}"
    assert not [word for word in (*PERSONAL, "2030", "ZZ", DEFINITIVE[:-1]) if word in told]
