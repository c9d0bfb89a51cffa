"""Signed sheets in the database of intake: with their consent, and no longer than it."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from contracts.intake import Consent, GetSignedSheet, ListConsents, RecordSignedSheet, SignedSheet
from contracts.language import NotFound
from services.intake import handlers
from services.intake.domain.signed_sheets import SheetUnusable
from services.intake.models import consents, signed_sheets
from tests.support.databases import connected
from tests.support.desks import IntakeDesk
from tests.support.signed_sheets import JPEG, PDF


def _record(desk: IntakeDesk, person_id: UUID, consent_id: UUID, content: bytes) -> SignedSheet:
    command = RecordSignedSheet(person_id=person_id, consent_id=consent_id, content=content)
    return desk.do(lambda unit: handlers.record_signed_sheet(unit, command))


def _shown(desk: IntakeDesk, person_id: UUID, consent_id: UUID) -> bytes:
    query = GetSignedSheet(person_id=person_id, consent_id=consent_id)
    return desk.do(lambda unit: handlers.get_signed_sheet(unit, query)).content


def _listed(desk: IntakeDesk, person_id: UUID) -> tuple[Consent, ...]:
    query = ListConsents(person_id=person_id)
    return desk.do(lambda unit: handlers.list_consents(unit, query)).items


@pytest.fixture
def given(desk: IntakeDesk) -> Consent:
    """Give a consent of a new person."""
    return desk.consent(desk.register().person_id)


def test_a_sheet_is_shown_as_it_was_recorded(desk: IntakeDesk, given: Consent) -> None:
    """To the byte, and its consent tells of it."""
    sheet = _record(desk, given.person_id, given.consent_id, PDF)
    assert _shown(desk, given.person_id, given.consent_id) == PDF
    assert [each.sheet for each in _listed(desk, given.person_id)] == [sheet]
    assert sheet.digest == hashlib.sha256(PDF).hexdigest()


def test_a_newer_sheet_takes_the_place_of_the_older(desk: IntakeDesk, given: Consent) -> None:
    """There is one at a time."""
    for content in (PDF, JPEG):
        _record(desk, given.person_id, given.consent_id, content)
    assert _shown(desk, given.person_id, given.consent_id) == JPEG


def test_a_refused_sheet_leaves_the_kept_one(desk: IntakeDesk, given: Consent) -> None:
    """Nothing is half done."""
    _record(desk, given.person_id, given.consent_id, PDF)
    with pytest.raises(SheetUnusable):
        _record(desk, given.person_id, given.consent_id, b"MZ")
    assert _shown(desk, given.person_id, given.consent_id) == PDF


def test_a_withdrawn_consent_keeps_its_sheet(desk: IntakeDesk, given: Consent) -> None:
    """That it once held can still be shown."""
    sheet = _record(desk, given.person_id, given.consent_id, PDF)
    assert desk.withdraw(given).sheet == sheet


def test_another_agency_meets_no_sheet(
    desk: IntakeDesk, neighbour: IntakeDesk, given: Consent
) -> None:
    """Neither to see nor to replace."""
    _record(desk, given.person_id, given.consent_id, PDF)
    with pytest.raises(NotFound):
        _shown(neighbour, given.person_id, given.consent_id)
    with pytest.raises(NotFound):
        _record(neighbour, given.person_id, given.consent_id, JPEG)


def test_a_consent_of_another_person_is_not_found(desk: IntakeDesk, given: Consent) -> None:
    """A guessed id opens nothing."""
    other = desk.register(tax_code=None).person_id
    for consent_id in (given.consent_id, new_id()):
        with pytest.raises(NotFound):
            _record(desk, other, consent_id, PDF)


def test_no_event_tells_of_a_sheet(desk: IntakeDesk, given: Consent) -> None:
    """It concerns nobody else."""
    before = len(desk.told)
    _record(desk, given.person_id, given.consent_id, PDF)
    assert desk.told[before:] == []


def test_a_sheet_goes_with_its_consent(desk: IntakeDesk, given: Consent) -> None:
    """Whatever erases the one erases the other."""
    _record(desk, given.person_id, given.consent_id, PDF)
    with connected(desk.database_url) as connection:
        connection.execute(sa.delete(consents).where(consents.c.consent_id == given.consent_id))
        left = sa.select(sa.func.count()).where(signed_sheets.c.consent_id == given.consent_id)
        assert connection.scalar(left) == 0
