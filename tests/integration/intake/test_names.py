"""Names for the rows of a list: who is out of reach is left out, without a word."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from chassis.testing import unit_for
from contracts.access import Role
from contracts.intake import DataCategory, ListNames, PersonName
from contracts.referrals import ReferralCompleted, ReferralRejected, ReferralRequested
from services.intake import handlers
from services.intake.store import IntakeStore
from tests.support.desks import NOW, IntakeDesk
from tests.support.people import caller
from tests.support.sent_referrals import Sent

IDENTITY: Final = (DataCategory.IDENTITY, DataCategory.NEEDS)


def _holder(desk: IntakeDesk, role: Role) -> IntakeDesk:
    """Return somebody of the same agency with another role."""
    return IntakeDesk(desk.database_url, caller(role, agency_id=desk.principal.agency_id))


def test_own_persons_are_named_in_the_order_asked(desk: IntakeDesk) -> None:
    """Each once, however often it was asked for."""
    first, second = (desk.register(given_name=name, tax_code=None) for name in ("Ada", "Bea"))
    asked = (second.person_id, first.person_id, second.person_id)
    items = desk.names(*asked).items
    assert [each.person_id for each in items] == [second.person_id, first.person_id]
    assert items[0] == PersonName(
        person_id=second.person_id,
        given_name="Bea",
        family_name=second.details.family_name,
        birth_date=second.details.birth_date,
    )


def test_persons_of_others_and_nobody_are_left_out(desk: IntakeDesk, neighbour: IntakeDesk) -> None:
    """A guessed id gives the same as one that names nobody."""
    own, other = desk.register(), neighbour.register()
    found = desk.names(other.person_id, own.person_id, new_id()).items
    assert [each.person_id for each in found] == [own.person_id]


def test_the_recipient_of_a_referral_reads_the_name_that_is_shared(sent: Sent) -> None:
    """A list of received referrals is a list of people."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested)
    (found,) = sent.neighbour.names(sent.person_id).items
    assert found.given_name == "Mára Élise"


def test_contacts_alone_give_no_name(sent: Sent) -> None:
    """Each category is a promise of its own."""
    sent.consent(DataCategory.CONTACTS, DataCategory.NEEDS)
    sent.hear(ReferralRequested)
    assert sent.neighbour.names(sent.person_id).items == ()


def test_a_withdrawn_consent_takes_the_name_back(sent: Sent) -> None:
    """At once."""
    consent = sent.consent(*IDENTITY)
    sent.hear(ReferralRequested)
    sent.desk.withdraw(consent)
    assert sent.neighbour.names(sent.person_id).items == ()


def test_a_rejected_referral_takes_the_name_back(sent: Sent) -> None:
    """Whatever the consent still allows."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested, ReferralRejected)
    assert sent.neighbour.names(sent.person_id).items == ()


def test_of_two_referrals_one_that_is_open_is_enough(sent: Sent) -> None:
    """The other ended long ago."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested, ReferralCompleted)
    sent.desk.hear(sent.event(ReferralRequested, referral_id=new_id()))
    later = NOW + timedelta(days=90)
    assert len(sent.neighbour.names(sent.person_id, now=later).items) == 1


@pytest.mark.parametrize(
    ("role", "named"), [(Role.DESK_OPERATOR, True), (Role.CLIENT_PEOPLE_READ, False)]
)
def test_a_referral_names_the_person_to_who_reads_referrals(
    sent: Sent, role: Role, *, named: bool
) -> None:
    """A program that was given people only sees those of its agency."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested)
    assert bool(_holder(sent.neighbour, role).names(sent.person_id).items) is named


def test_a_referral_about_safety_names_nobody_to_the_desk(sent: Sent) -> None:
    """For who may not read safety it does not exist."""
    sent.consent(*IDENTITY, DataCategory.SAFETY)
    sent.desk.hear(sent.event(ReferralRequested, safety=True))
    assert _holder(sent.neighbour, Role.DESK_OPERATOR).names(sent.person_id).items == ()
    assert len(sent.neighbour.names(sent.person_id).items) == 1


def test_the_coordinator_of_the_network_reads_every_name(desk: IntakeDesk) -> None:
    """That is what the wider reach is for."""
    person = desk.register()
    coordinator = IntakeDesk(
        desk.database_url, caller(Role.NETWORK_COORDINATOR, agency_id=new_id())
    )
    assert len(coordinator.names(person.person_id).items) == 1


def test_a_whole_page_costs_as_many_statements_as_one_row(sent: Sent) -> None:
    """A list of a hundred must not be a hundred questions."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested)
    others = tuple(sent.neighbour.register(tax_code=None).person_id for _ in range(5))
    counts = []
    for asked in ((sent.person_id,), (sent.person_id, *others, *(new_id() for _ in range(90)))):
        said: list[str] = []
        principal = sent.neighbour.principal
        with unit_for(IntakeStore, sent.desk.database_url, principal=principal, now=NOW) as unit:
            sa.event.listen(
                unit.store.connection,
                "before_cursor_execute",
                lambda *arguments, said=said: said.append(arguments[2]),
            )
            handlers.list_names(unit, ListNames(person_ids=asked))
        counts.append(len(said))
    assert counts == [3, 3]
