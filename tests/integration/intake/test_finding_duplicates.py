"""Looking for duplicates on a real database: within the agency, and by what is indexed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest
import sqlalchemy as sa

from contracts.intake import Duplicate, DuplicateGround, FindDuplicates
from services.intake import handlers
from tests.support.databases import connected
from tests.support.desks import IntakeDesk
from tests.support.people import DEFINITIVE

G: Final = DuplicateGround
SAID: Final[dict[str, Any]] = {
    "given_name": "Mara Elise",
    "family_name": "D'Ossola Petrova",
    "birth_date": date(1988, 3, 12),
}


def _look(desk: IntakeDesk, **changes: Any) -> tuple[Duplicate, ...]:
    query = FindDuplicates(**{**SAID, **changes})
    return desk.do(lambda unit: handlers.find_duplicates(unit, query)).items


@pytest.mark.parametrize(
    ("said", "grounds"),
    [
        ({}, {G.SAME_BIRTH_DATE, G.SIMILAR_NAME}),
        (
            {"given_name": SAID["family_name"], "family_name": SAID["given_name"]},
            {G.SAME_BIRTH_DATE, G.SWAPPED_NAMES},
        ),
        ({"birth_date": date(1988, 12, 3)}, {G.BIRTH_DATE_DIGITS_SWAPPED, G.SIMILAR_NAME}),
        (
            {"birth_date": date(1970, 1, 1), "phone": "333/765 43 21"},
            {G.SAME_PHONE, G.SIMILAR_NAME},
        ),
        (
            {
                "given_name": "Zoe",
                "family_name": "Rossi",
                "birth_date": date(1970, 1, 1),
                "tax_code": DEFINITIVE.lower(),
            },
            {G.SAME_TAX_CODE},
        ),
    ],
)
def test_a_registered_person_is_found_again(
    desk: IntakeDesk, said: dict[str, Any], grounds: set[DuplicateGround]
) -> None:
    """However the desk of today writes it."""
    person = desk.register()
    (found,) = _look(desk, **said)
    assert (found.person_id, set(found.grounds)) == (person.person_id, grounds)


def test_somebody_new_has_no_duplicate(desk: IntakeDesk) -> None:
    """Neither a like name nor a birth date alone is a warning."""
    desk.register()
    assert _look(desk, birth_date=date(1970, 1, 1)) == ()
    assert _look(desk, given_name="Zoe", family_name="Rossi") == ()


def test_a_person_without_a_telephone_is_compared_too(desk: IntakeDesk) -> None:
    """Nothing in the way of the rest."""
    desk.register(phone=None)
    assert len(_look(desk, phone="+39 333 7654321")) == 1


def test_another_agencys_person_is_not_told_of(desk: IntakeDesk, neighbour: IntakeDesk) -> None:
    """Not even that there is one: a tax code can be worked out by whoever knows a person."""
    desk.register()
    assert _look(neighbour, tax_code=DEFINITIVE) == ()


def test_the_end_of_a_telephone_number_is_found_by_its_index(desk: IntakeDesk) -> None:
    """The question is spelt like the index, or it would read every person."""
    desk.register()
    said: list[str] = []

    def look(unit: Any) -> None:
        sa.event.listen(
            unit.store.connection,
            "before_cursor_execute",
            lambda _connection, cursor, statement, parameters, *_rest: said.append(
                cursor.mogrify(statement, parameters).decode()
            ),
        )
        handlers.find_duplicates(unit, FindDuplicates(**SAID, phone="333 7654321"))

    desk.do(look)
    with connected(desk.database_url) as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")
        connection.exec_driver_sql("DROP INDEX ix_persons_agency, uq_persons_agency_tax_code")
        plan = connection.exec_driver_sql(f"EXPLAIN {said[0].replace('%', '%%')}").scalars().all()
        connection.rollback()
    assert "ix_persons_phone_end" in "\n".join(plan)
