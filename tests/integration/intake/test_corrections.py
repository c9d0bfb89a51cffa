"""Correcting a person on a real database."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from contracts.intake import PersonCorrected
from contracts.language import VersionMismatch
from contracts.screening import Gender
from services.intake.domain.persons import PersonAlreadyRegistered
from tests.support.desks import IntakeDesk
from tests.support.people import DEFINITIVE, PROVISIONAL


def test_a_corrected_person_is_found_by_what_is_right_now(desk: IntakeDesk) -> None:
    """By the new name, birth date and tax code, and by none of the old."""
    person_id = desk.register().person_id
    corrected = desk.correct(
        person_id, given_name="Nora", birth_date=date(1989, 3, 12), tax_code=PROVISIONAL
    )
    assert (corrected.version, corrected.details.tax_code) == (2, None)
    for criteria in (
        {"name": "nora"},
        {"birth_date": date(1989, 3, 12)},
        {"tax_code": PROVISIONAL},
    ):
        assert [each.person_id for each in desk.find(**criteria).items] == [person_id]
    for criteria in ({"name": "mara"}, {"tax_code": DEFINITIVE}):
        assert desk.find(**criteria).items == ()
    assert desk.get(person_id).details.tax_code == PROVISIONAL


def test_a_tax_code_that_is_left_out_is_gone(desk: IntakeDesk) -> None:
    """The details are given whole; somebody else can then be registered with the code."""
    person_id = desk.register().person_id
    desk.correct(person_id, tax_code=None)
    assert desk.get(person_id).details.tax_code is None
    assert desk.register().person_id != person_id


def test_the_own_tax_code_is_no_duplicate(desk: IntakeDesk) -> None:
    """Everything else may be corrected beside it."""
    person_id = desk.register().person_id
    desk.correct(person_id, family_name="Petrova")
    assert desk.get(person_id).details.tax_code == DEFINITIVE


def test_the_tax_code_of_another_person_is_a_conflict(desk: IntakeDesk) -> None:
    """It names who has it, and nothing is kept."""
    holder, other = desk.register(), desk.register(tax_code=None)
    with pytest.raises(PersonAlreadyRegistered) as refused:
        desk.correct(other.person_id, given_name="Nora")
    assert str(holder.person_id) in refused.value.message
    assert desk.get(other.person_id).details == other.details


def test_another_agencys_tax_code_is_no_conflict(desk: IntakeDesk, neighbour: IntakeDesk) -> None:
    """Whether somebody else helps a person is not for everybody to know."""
    neighbour.register()
    person_id = desk.register(tax_code=None).person_id
    assert desk.correct(person_id).version == 2


def test_changed_coded_facts_are_told_once(desk: IntakeDesk) -> None:
    """And a corrected name is not told at all."""
    person_id = desk.register().person_id
    desk.correct(person_id, gender=Gender.MALE)
    desk.correct(person_id, 2, gender=Gender.MALE, given_name="Marco")
    (event,) = desk.told[1:]
    assert isinstance(event, PersonCorrected)
    assert event.gender is Gender.MALE


def test_of_two_corrections_at_the_same_moment_one_is_a_conflict(desk: IntakeDesk) -> None:
    """Who came second reads it again and repeats; no correction is overwritten unseen."""
    person_id = desk.register().person_id
    together = threading.Barrier(2)
    ended: list[object] = []

    def correct(name: str) -> None:
        together.wait()
        try:
            ended.append(desk.correct(person_id, given_name=name).version)
        except VersionMismatch as conflict:
            ended.append(conflict.fields["version"])

    desks = [threading.Thread(target=correct, args=(name,)) for name in ("Nora", "Norma")]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert sorted(map(str, ended)) == ["2", "['Expected 2.']"]
