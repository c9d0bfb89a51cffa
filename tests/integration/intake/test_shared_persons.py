"""What the agency that received a referral sees of the person, on a real database."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any, Final

import pytest

from chassis.clock import new_id
from contracts.access import Role
from contracts.catalogue import OrganizationKind, OrganizationPublished
from contracts.intake import DataCategory, OpenCase
from contracts.language import NotFound
from contracts.referrals import (
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralFailed,
    ReferralRejected,
    ReferralRequested,
    ReferralStarted,
)
from services.intake import handlers
from services.intake.domain import sharing
from tests.support.desks import NOW, IntakeDesk
from tests.support.people import caller
from tests.support.sent_referrals import Sent

IDENTITY: Final = (DataCategory.IDENTITY, DataCategory.NEEDS)
CONTACTS: Final = (DataCategory.CONTACTS,)
UNDER_WAY: Final = (ReferralRequested, ReferralAccepted, ReferralStarted)
CLOSING: Final = (ReferralRejected, ReferralFailed, ReferralCancelled)


@pytest.mark.parametrize("length", range(1, 4))
def test_the_recipient_sees_the_person_while_the_referral_is_under_way(
    sent: Sent, length: int
) -> None:
    """From the request on, as far as the consent goes."""
    sent.consent(*IDENTITY)
    sent.hear(*UNDER_WAY[:length])
    shown = sent.neighbour.shared(sent.referral_id)
    assert (shown.person_id, shown.shared) == (sent.person_id, (DataCategory.IDENTITY,))
    assert shown.identity is not None
    assert shown.identity.given_name == "Mára Élise"
    assert shown.contacts is None


@pytest.mark.parametrize("end", CLOSING)
def test_the_recipient_sees_nobody_once_it_ended(sent: Sent, end: type[Any]) -> None:
    """At once, whatever the consent still allows."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested, end)
    with pytest.raises(NotFound):
        sent.neighbour.shared(sent.referral_id)


def test_a_completed_referral_shows_the_person_for_thirty_days(sent: Sent) -> None:
    """Counted from the completion."""
    sent.consent(*IDENTITY)
    sent.hear(*UNDER_WAY, ReferralCompleted)
    last = NOW + timedelta(days=30)
    assert sent.neighbour.shared(sent.referral_id, now=last).shared
    with pytest.raises(NotFound):
        sent.neighbour.shared(sent.referral_id, now=last + timedelta(days=1))


@pytest.mark.parametrize(
    "order", list(permutations(enumerate((*UNDER_WAY, ReferralCancelled), start=1)))
)
def test_the_order_in_which_events_arrive_does_not_matter(sent: Sent, order: Any) -> None:
    """The newest by number decides, and a repeated one changes nothing."""
    sent.consent(*IDENTITY)
    for sequence, kind in (*order, order[0]):
        sent.desk.hear(sent.event(kind), sequence=sequence)
    with pytest.raises(NotFound):
        sent.neighbour.shared(sent.referral_id)


def test_a_withdrawn_consent_is_gone_at_once(sent: Sent) -> None:
    """The referral still shows that there is somebody, and names nothing as shared."""
    consent = sent.consent(*IDENTITY)
    sent.hear(*UNDER_WAY)
    sent.desk.withdraw(consent)
    shown = sent.neighbour.shared(sent.referral_id)
    assert (shown.shared, shown.identity, shown.contacts) == ((), None, None)


def test_an_expired_consent_is_gone_the_next_day(sent: Sent) -> None:
    """Nobody has to end it."""
    sent.desk.consent(sent.person_id, categories=IDENTITY, expires_on=NOW.date())
    sent.hear(ReferralRequested)
    tomorrow = NOW + timedelta(days=1)
    assert sent.neighbour.shared(sent.referral_id).shared == (DataCategory.IDENTITY,)
    assert sent.neighbour.shared(sent.referral_id, now=tomorrow).shared == ()


def test_a_consent_for_another_agency_shows_nothing(sent: Sent) -> None:
    """It is the recipient that the person allowed."""
    other = new_id()
    told = OrganizationPublished(organization_id=other, kind=OrganizationKind.ASSOCIATION)
    sent.desk.do(lambda unit: handlers.on_organization_published(unit, told))
    sent.consent(*IDENTITY, *CONTACTS, recipient_id=other)
    sent.hear(ReferralRequested)
    assert sent.neighbour.shared(sent.referral_id).shared == ()


def test_who_is_no_recipient_learns_nothing(sent: Sent) -> None:
    """In the same words as of a referral that never was, the sender included."""
    sent.consent(*IDENTITY)
    sent.hear(ReferralRequested)
    outsider = IntakeDesk(sent.desk.database_url, caller(agency_id=new_id()))
    words = set()
    for who, referral_id in (
        (outsider, sent.referral_id),
        (sent.desk, sent.referral_id),
        (outsider, new_id()),
    ):
        with pytest.raises(NotFound) as refused:
            who.shared(referral_id)
        words.add((refused.value.slug, refused.value.message, str(refused.value.fields)))
    assert len(words) == 1


def test_a_referral_about_safety_shows_the_person_to_who_reads_safety(sent: Sent) -> None:
    """The desk of the same agency finds no such referral."""
    sent.consent(*IDENTITY, DataCategory.SAFETY)
    sent.desk.hear(sent.event(ReferralRequested, safety=True))
    at_the_desk = IntakeDesk(
        sent.desk.database_url,
        caller(Role.DESK_OPERATOR, agency_id=sent.neighbour.principal.agency_id),
    )
    assert sent.neighbour.shared(sent.referral_id).shared == (DataCategory.IDENTITY,)
    with pytest.raises(NotFound):
        at_the_desk.shared(sent.referral_id)


def test_what_an_agency_sends_to_itself_about_safety_stays_within_the_team(sent: Sent) -> None:
    """A colleague who guesses the id finds no such referral."""
    home = sent.desk.principal.agency_id
    sent.desk.hear(sent.event(ReferralRequested, safety=True, to_agency_id=home))
    with pytest.raises(NotFound):
        sent.desk.shared(sent.referral_id)
    command = OpenCase(person_id=sent.person_id)
    sent.desk.do(lambda unit: handlers.open_case(unit, command))
    assert sent.desk.shared(sent.referral_id).shared == sharing.SHOWN


def test_a_referral_of_somebody_unknown_shows_nobody(sent: Sent) -> None:
    """Events may know more than a database that was restored."""
    sent.desk.hear(sent.event(ReferralRequested, person_id=new_id()))
    with pytest.raises(NotFound):
        sent.neighbour.shared(sent.referral_id)
