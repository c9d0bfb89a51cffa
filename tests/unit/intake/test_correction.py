"""Correcting a person: the same rules as for a registration, and only coded news is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from contracts.intake import Person, PersonCorrected, TaxCodeKind, TaxCodeRemark
from contracts.language import InvalidRequest, Outcome, VersionMismatch
from contracts.screening import Gender
from services.intake import tax_code
from services.intake.domain import persons
from services.intake.rules import rules_on
from tests.support.people import AGENCY, DEFINITIVE, PERSONAL, household, some_details

TODAY: Final = date(2026, 11, 27)
PERSON: Final = UUID("01920000-0000-7000-8000-0000000000c1")


def _registered() -> Person:
    return persons.register(
        some_details(),
        person_id=PERSON,
        agency_id=AGENCY,
        at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        today=TODAY,
        tax_code=tax_code.read(DEFINITIVE),
        rules=rules_on(TODAY),
    ).state


def _correct(*, version: int = 1, **changes: Any) -> Outcome[Person]:
    details = some_details(**changes)
    return persons.correct(
        _registered(),
        details,
        version=version,
        today=TODAY,
        tax_code=tax_code.read(details.tax_code),
        rules=rules_on(TODAY),
    )


def test_a_correction_is_the_next_version_of_the_same_person() -> None:
    """Whoever registered the person, and when, stays."""
    before = _registered()
    after = _correct(given_name="  Mara   Elisa ").state
    assert after.details.given_name == "Mara Elisa"
    assert (after.person_id, after.agency_id, after.registered_at, after.version) == (
        before.person_id,
        before.agency_id,
        before.registered_at,
        2,
    )


@pytest.mark.parametrize("version", [0, 2, 7])
def test_a_correction_of_another_version_names_the_one_there_is(version: int) -> None:
    """Somebody may have corrected the person meanwhile; nothing of theirs is lost."""
    with pytest.raises(VersionMismatch) as refused:
        _correct(version=version)
    assert refused.value.fields == {"version": ["Expected 1."]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": "-"}, "details.given_name"),
        ({"birth_date": date(2027, 1, 1)}, "details.birth_date"),
        ({"birth_country": "QQ"}, "details.birth_country"),
        ({"household": household(date(1899, 1, 1))}, "details.household.0.birth_date"),
        ({"tax_code": DEFINITIVE[:-1] + "X"}, "details.tax_code"),
    ],
)
def test_what_cannot_be_true_is_refused_as_in_a_registration(
    changes: dict[str, Any], field: str
) -> None:
    """By field, and without repeating a value."""
    with pytest.raises(InvalidRequest) as refused:
        _correct(**changes)
    assert list(refused.value.fields) == [field]


def test_kind_and_remarks_of_the_tax_code_are_read_anew() -> None:
    """A corrected birth date takes the remark away, a removed code everything."""
    other_day = _correct(birth_date=date(1988, 3, 13)).state
    without = _correct(tax_code=None).state
    assert other_day.tax_code_remarks == (TaxCodeRemark.BIRTH_DATE_DIFFERS,)
    assert (without.tax_code_kind, without.tax_code_remarks) == (TaxCodeKind.ABSENT, ())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"gender": Gender.MALE}, {"gender": Gender.MALE}),
        ({"municipality": "001214"}, {"municipality": "001214"}),
        ({"language": "it"}, {"language": "it"}),
        (
            {"citizenships": ("IT",), "birth_country": "IT"},
            {"migratory_background": False},
        ),
    ],
)
def test_a_changed_coded_fact_is_told_with_all_the_others(
    changes: dict[str, Any], told: dict[str, Any]
) -> None:
    """Whoever reads the newest event alone knows all facts."""
    (event,) = _correct(**changes).events
    facts: dict[str, Any] = {
        "person_id": PERSON,
        "agency_id": AGENCY,
        "gender": Gender.FEMALE,
        "migratory_background": True,
        "municipality": "001171",
        "language": "fr",
    }
    assert event == PersonCorrected(**{**facts, **told})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"given_name": "Marta", "birth_date": date(1987, 3, 12)},
        {"phone": "+39 011 1234567"},
        {"citizenships": ("MD",)},
    ],
)
def test_what_is_no_coded_fact_is_told_to_nobody(changes: dict[str, Any]) -> None:
    """That a name was put right is not for the network."""
    assert _correct(**changes).events == ()


def test_no_event_of_a_correction_holds_personal_data() -> None:
    """Codes and opaque ids only."""
    (event,) = _correct(gender=Gender.MALE).events
    assert not [word for word in PERSONAL if word.lower() in str(event.dump()).lower()]
