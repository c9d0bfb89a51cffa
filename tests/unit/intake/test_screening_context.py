"""The coded facts that a screening starts from, derived on a given day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.screening import CitizenshipGroup, Gender, ScreeningContext
from services.intake.domain import persons
from services.intake.rules import rules_on
from tests.support.people import household, some_details

TODAY = date(2026, 11, 22)
RULES = rules_on(TODAY)


def _context(**changes: Any) -> ScreeningContext:
    return persons.screening_context(some_details(**changes), today=TODAY, rules=RULES)


@pytest.mark.parametrize(
    ("citizenships", "group"),
    [
        ((), CitizenshipGroup.APOLIDE),
        (("IT",), CitizenshipGroup.IT),
        (("MA", "IT"), CitizenshipGroup.IT),
        (("RO",), CitizenshipGroup.EU),
        (("PE", "ES"), CitizenshipGroup.EU),
        (("MA",), CitizenshipGroup.EXTRA_EU),
        (("GB",), CitizenshipGroup.EXTRA_EU),
        (("XK",), CitizenshipGroup.EXTRA_EU),
    ],
)
def test_citizenships_give_the_group_of_the_widest_rights(
    citizenships: tuple[str, ...], group: CitizenshipGroup
) -> None:
    """Italian before European before any other; none at all is statelessness."""
    assert _context(citizenships=citizenships).citizenship_group is group


@pytest.mark.parametrize(
    ("age", "counted"),
    [
        (0, (1, 0, 1)),
        (5, (1, 0, 1)),
        (6, (0, 1, 1)),
        (16, (0, 1, 1)),
        (17, (0, 0, 1)),
        (18, (0, 0, 0)),
    ],
)
def test_a_child_is_counted_by_age(age: int, counted: tuple[int, int, int]) -> None:
    """At sixteen a child still counts among those of school age, at seventeen only as a minor."""
    context = _context(household=household(date(TODAY.year - age, 11, 22)))
    assert (context.minors_0_5, context.minors_6_16, context.minors_0_17) == counted


def test_a_child_is_a_year_older_from_the_birthday_on() -> None:
    """The day before the sixth birthday a child is five."""
    context = _context(household=household(date(2020, 11, 23), date(2020, 11, 22)))
    assert (context.minors_0_5, context.minors_6_16) == (1, 1)


def test_the_person_is_not_a_member_of_the_own_household() -> None:
    """A minor who is screened does not count as a child in care."""
    assert _context(birth_date=date(2010, 1, 1)).minors_0_17 == 0


def test_who_is_born_on_29_february_is_a_year_older_on_1_march() -> None:
    """In a year without that day."""
    ages = [
        persons.age_on(day, born=date(2000, 2, 29))
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29))
    ]
    assert ages == [25, 26, 28]


@pytest.mark.parametrize(
    ("municipality", "resident", "expected"),
    [
        ("001171", True, True),
        ("001194", True, True),
        ("001214", True, True),
        ("001171", False, False),
        ("001024", True, False),
        ("001272", True, False),
    ],
)
def test_only_residents_of_the_three_towns_count_as_such(
    *, municipality: str, resident: bool, expected: bool
) -> None:
    """Living there without registration, or in another town of the consortium, does not."""
    context = _context(municipality=municipality, resident=resident)
    assert context.resident_project_town is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"citizenships": ("IT",), "birth_country": "IT"}, False),
        ({"citizenships": ("MA",), "birth_country": "IT"}, True),
        ({"citizenships": ("IT",), "birth_country": "MA"}, True),
        ({"citizenships": ("IT",), "birth_country": "IT", "parent_born_abroad": True}, True),
        ({"citizenships": ("IT", "MA"), "birth_country": "IT"}, False),
        ({"citizenships": (), "birth_country": "IT"}, True),
    ],
)
def test_a_migratory_background_has_one_of_three_reasons(
    *, changes: dict[str, Any], expected: bool
) -> None:
    """Citizenship, own birth or a parent's birth."""
    assert _context(**changes).migratory_background is expected


@pytest.mark.parametrize(
    ("tongue", "italian"), [("it", True), ("ro", False), ("ita", True), ("rom", False)]
)
def test_the_mother_tongue_is_italian_or_not(*, tongue: str, italian: bool) -> None:
    """The form asks no more of it."""
    assert _context(mother_tongue=tongue).mother_tongue_it is italian


def test_the_rest_is_handed_on_as_it_was_told() -> None:
    """Facts that need no rule."""
    context = _context(
        studied_abroad=True, in_charge_public_service=True, permit_allows_traineeship=False
    )
    assert context == ScreeningContext(
        citizenship_group=CitizenshipGroup.EU,
        mother_tongue_it=False,
        studied_abroad=True,
        minors_0_5=0,
        minors_6_16=0,
        minors_0_17=0,
        age=38,
        resident_project_town=True,
        permit_allows_traineeship=False,
        in_charge_public_service=True,
        gender=Gender.FEMALE,
        migratory_background=True,
        municipality="001171",
        language="fr",
    )


@given(
    st.lists(st.dates(date(1900, 1, 1), TODAY), max_size=20),
    st.dates(date(1900, 1, 1), TODAY),
)
def test_every_household_gives_a_context_that_the_form_takes(
    births: list[date], born: date
) -> None:
    """The counts agree with one another and stay within the contract."""
    context = _context(household=household(*births), birth_date=born)
    assert context.minors_0_5 + context.minors_6_16 <= context.minors_0_17 <= len(births)
    assert ScreeningContext.load(context.dump()) == context


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    """From one day to the next an age stays or grows by one."""
    day = born + timedelta(days=days)
    grown = persons.age_on(day + timedelta(days=1), born=born) - persons.age_on(day, born=born)
    assert grown in {0, 1}
