"""Who sees which referrals and needs: whatever is out of reach does not exist."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import pytest

from chassis.clock import new_id
from contracts.access import Principal, Role
from contracts.language import InvalidRequest, NotFound
from contracts.referrals import (
    AcceptReferral,
    CancellationReason,
    CancelReferral,
    ExplainMatches,
    GetReferral,
    ListNeeds,
    ListReferrals,
    Obstacle,
    ReferralState,
    RejectionReason,
    RejectReferral,
    WantedArea,
)
from contracts.screening import Decision, ScreeningCompleted
from services.referrals.domain.moves import WrongSide
from tests.support.referrals_at_work import Office
from tests.support.referring import (
    CONDUCTING,
    ORBASSANO,
    RECIPIENT,
    SENDER,
    STRANGER,
    TODAY,
    WITH_SAFETY,
    a_principal,
    a_screening,
    a_service,
    an_area,
    granted,
    published,
    withdrawn,
)

WORKER: Final = Role.CASE_WORKER
DESK: Final = Role.DESK_OPERATOR
NETWORK: Final = Role.NETWORK_COORDINATOR
ON_THE_TEAM: Final = a_principal(SENDER, WORKER)
DESK_ON_THE_TEAM: Final = a_principal(SENDER, DESK)
DESK_CONDUCTING: Final = replace(CONDUCTING, roles=(DESK,))
COORDINATOR: Final = a_principal(SENDER, Role.AGENCY_COORDINATOR)

DRAFT: Final = an_area("LIN.1", decision=Decision.TO_DISCUSS)
SENT: Final = an_area("LIN.2")
SECRET_DRAFT: Final = an_area("SIC.2", safety=True, decision=Decision.TO_DISCUSS)
SECRET_SENT: Final = an_area("SIC.1", safety=True)
EVERYTHING: Final = {"LIN.1", "LIN.2", "SIC.1", "SIC.2"}
OPEN_ONLY: Final = {"LIN.1", "LIN.2"}


def _everything(office: Office) -> ScreeningCompleted:
    """Set four referrals going: a draft and a sent one, of each kind."""
    event = a_screening(DRAFT, SENT, SECRET_DRAFT, SECRET_SENT)
    for category in EVERYTHING:
        office.hear(published(a_service(categories=(category,))))
    office.hear(granted(event.person_id, WITH_SAFETY))
    office.hear(event)
    office.staff(event.person_id, ON_THE_TEAM, DESK_ON_THE_TEAM)
    return event


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ON_THE_TEAM, EVERYTHING),
        (COORDINATOR, EVERYTHING),
        (CONDUCTING, EVERYTHING),
        (DESK_CONDUCTING, EVERYTHING),
        (DESK_ON_THE_TEAM, OPEN_ONLY),
        (a_principal(SENDER, WORKER), OPEN_ONLY),
        (a_principal(SENDER, DESK), OPEN_ONLY),
        (a_principal(RECIPIENT, WORKER), {"LIN.2", "SIC.1"}),
        (a_principal(RECIPIENT, DESK), {"LIN.2"}),
        (a_principal(STRANGER, WORKER), set()),
        (a_principal(STRANGER, NETWORK), OPEN_ONLY),
        (a_principal(SENDER, NETWORK), OPEN_ONLY),
    ],
)
def test_referrals_are_seen_by_who_takes_part(
    office: Office, who: Principal, seen: set[str]
) -> None:
    """The list and the single referral agree on what exists."""
    _everything(office)
    ids = {each.category: each.referral_id for each in office.referrals()}
    shown = set()
    for category, referral_id in ids.items():
        try:
            shown.add(office.ask(GetReferral(referral_id=referral_id), who).category)
        except NotFound:
            assert category not in seen
    assert (shown, {each.category for each in office.referrals(who)}) == (seen, seen)


def test_network_worker_of_a_sender_reads_its_own_safety(office: Office) -> None:
    """Two roles together: the network's reach for all, safety for what is one's own."""
    _everything(office)
    both = replace(ON_THE_TEAM, roles=(WORKER, NETWORK))
    assert {each.category for each in office.referrals(both)} == EVERYTHING


def test_network_worker_of_a_stranger_reads_no_safety(office: Office) -> None:
    """Permission to read safety never reaches other agencies' safety."""
    _everything(office)
    both = a_principal(STRANGER, WORKER, NETWORK)
    assert {each.category for each in office.referrals(both)} == OPEN_ONLY


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ON_THE_TEAM, EVERYTHING),
        (COORDINATOR, EVERYTHING),
        (CONDUCTING, EVERYTHING),
        (DESK_CONDUCTING, EVERYTHING),
        (DESK_ON_THE_TEAM, OPEN_ONLY),
        (a_principal(SENDER, WORKER), OPEN_ONLY),
        (a_principal(SENDER, DESK), OPEN_ONLY),
        (a_principal(RECIPIENT, WORKER), set()),
        (a_principal(STRANGER, NETWORK), OPEN_ONLY),
    ],
)
def test_needs_are_seen_by_the_referring_side(
    office: Office, who: Principal, seen: set[str]
) -> None:
    """A recipient never learns what else the person needs, a colleague nothing about safety."""
    _everything(office)
    assert {need.category for need in office.needs(who)} == seen


def test_discarded_draft_was_never_the_recipients(office: Office) -> None:
    """What was not sent stays unseen after its end."""
    _everything(office)
    (draft,) = (each for each in office.referrals() if each.category == "LIN.1")
    office.ask(
        CancelReferral(referral_id=draft.referral_id, reason=CancellationReason.PERSON_DECLINED)
    )
    with pytest.raises(NotFound):
        office.ask(GetReferral(referral_id=draft.referral_id), a_principal(RECIPIENT))


def test_unknown_and_unseen_referral_give_the_same_answer(office: Office) -> None:
    """The two are never told apart."""
    _everything(office)
    hidden = office.referrals()[0].referral_id
    answers = []
    for referral_id in (hidden, new_id()):
        with pytest.raises(NotFound) as refusal:
            office.ask(GetReferral(referral_id=referral_id), a_principal(STRANGER))
        answers.append(refusal.value.message)
    assert answers[0] == answers[1]


def test_stranger_cannot_answer(office: Office) -> None:
    """For another agency there is nothing to accept."""
    _everything(office)
    (sent,) = office.referrals(state=ReferralState.REQUESTED, person_id=None)[:1]
    accept = AcceptReferral(referral_id=sent.referral_id, first_contact_on=TODAY)
    with pytest.raises(NotFound):
        office.ask(accept, a_principal(STRANGER))


@pytest.mark.parametrize(("agency_id", "role"), [(SENDER, WORKER), (STRANGER, NETWORK)])
def test_only_the_recipient_answers(office: Office, agency_id: UUID, role: Role) -> None:
    """To see a referral is not to answer it."""
    _everything(office)
    (sent,) = (each for each in office.referrals() if each.category == "LIN.2")
    reject = RejectReferral(referral_id=sent.referral_id, reason=RejectionReason.NO_CAPACITY)
    with pytest.raises(WrongSide):
        office.ask(reject, a_principal(agency_id, role))


@pytest.mark.parametrize(
    ("who", "direction", "seen"),
    [
        (ON_THE_TEAM, "sent", EVERYTHING),
        (ON_THE_TEAM, "received", set()),
        (a_principal(RECIPIENT), "sent", set()),
        (a_principal(RECIPIENT), "received", {"LIN.2", "SIC.1"}),
        (a_principal(RECIPIENT), "any", {"LIN.2", "SIC.1"}),
    ],
)
def test_direction_is_the_callers(
    office: Office, who: Principal, direction: str, seen: set[str]
) -> None:
    """Sent and received are told apart from where the caller stands."""
    _everything(office)
    found = office.referrals(who, direction=direction)
    assert {each.category for each in found} == seen


@pytest.mark.parametrize(
    ("criteria", "seen"),
    [
        ({"state": ReferralState.DRAFT}, {"LIN.1", "SIC.2"}),
        ({"person_id": "person"}, EVERYTHING),
        ({"screening_id": "screening"}, EVERYTHING),
        ({"person_id": "screening"}, set()),
    ],
)
def test_every_filter_given_must_fit(
    office: Office, criteria: dict[str, Any], seen: set[str]
) -> None:
    """Person, screening and state narrow the list."""
    event = _everything(office)
    known = {"person": event.person_id, "screening": event.screening_id}
    wanted = {name: known.get(value, value) for name, value in criteria.items()}
    assert {each.category for each in office.referrals(**wanted)} == seen


def test_safety_confirmation_does_not_show_its_screening(office: Office) -> None:
    """That a safety answer found an open need again is itself a safety answer."""
    first = a_screening(an_area("ACC.2"))
    later = a_screening(an_area("ACC.2", safety=True), person_id=first.person_id)
    office.hear(first)
    office.hear(later)
    seen = [
        len(office.needs(who, screening_id=later.screening_id))
        for who in (CONDUCTING, a_principal(SENDER, WORKER), a_principal(SENDER, DESK))
    ]
    assert seen == [1, 0, 0]


def test_a_need_found_again_is_seen_by_who_found_it_again(office: Office) -> None:
    """The own interview tells them no less than the first one tells who conducted that."""
    first, other = a_screening(SECRET_SENT), a_principal(SENDER, WORKER)
    again = a_screening(SECRET_SENT, person_id=first.person_id, worker_id=other.user_id)
    office.hear(first)
    assert office.needs(other) == ()
    office.hear(again)
    assert {need.category for need in office.needs(other)} == {"SIC.1"}


def test_what_an_agency_sends_to_itself_stays_within_the_team(office: Office) -> None:
    """Having received it makes nobody of the agency a member."""
    office.hear(published(a_service(organization_id=SENDER, categories=("SIC.1",))))
    office.hear(a_screening(SECRET_SENT))
    assert office.only_referral().to_agency_id == SENDER
    assert office.referrals(a_principal(SENDER, WORKER)) == ()


def test_suspended_recipient_does_not_find_the_person(office: Office) -> None:
    """After the withdrawal the recipient sees its referral, not whose it is by searching."""
    event = a_screening(SENT)
    consent = granted(event.person_id)
    for each in (published(a_service()), consent, event):
        office.hear(each)
    recipient = a_principal(RECIPIENT)
    referral_id = office.only_referral().referral_id
    office.ask(AcceptReferral(referral_id=referral_id, first_contact_on=TODAY), recipient)
    office.hear(withdrawn(consent))
    assert office.referrals(recipient, person_id=event.person_id) == ()
    assert office.only_referral(recipient).sharing_suspended
    assert len(office.referrals(person_id=event.person_id)) == 1


@pytest.mark.parametrize("limit", [1, 3, 4])
def test_pages_of_referrals_join_without_gap_or_repetition(office: Office, limit: int) -> None:
    """Newest first, to the end."""
    _everything(office)
    pages, cursor = [], None
    while True:
        page = office.ask(ListReferrals(limit=limit, cursor=cursor))
        pages += [each.referral_id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == sorted((each.referral_id for each in office.referrals()), reverse=True)


def test_pages_of_needs_join_without_gap_or_repetition(office: Office) -> None:
    """Newest first, to the end."""
    _everything(office)
    first = office.ask(ListNeeds(limit=3))
    second = office.ask(ListNeeds(limit=3, cursor=first.next_cursor))
    joined = [need.need_id for need in (*first.items, *second.items)]
    assert (joined, second.next_cursor) == ([need.need_id for need in office.needs()], None)


def test_foreign_cursor_is_refused(office: Office) -> None:
    """The field is named."""
    with pytest.raises(InvalidRequest) as refusal:
        office.ask(ListReferrals(cursor="yesterday"))
    assert list(refusal.value.fields) == ["cursor"]


def test_matches_are_explained_from_what_the_service_knows(office: Office) -> None:
    """Catalogue and consents as they arrived; nobody learns of anybody's needs by it."""
    chosen = a_service(languages=("fr",))
    other = a_service(organization_id=STRANGER)
    for service in (chosen, other):
        office.hear(published(service))
    consent = granted(new_id(), recipient_id=STRANGER)
    office.hear(consent)
    query = ExplainMatches(
        areas=(WantedArea(category="LIN.2"), WantedArea(category="CAS.1")),
        municipality=ORBASSANO,
        language="fr",
        person_id=consent.person_id,
    )
    italian, housing = office.ask(query, a_principal(SENDER, DESK)).items
    assert [(each.service_id, each.covered) for each in italian.fitting] == [
        (chosen.service_id, False),
        (other.service_id, True),
    ]
    assert housing.unmatched == (Obstacle.NO_SERVICE,)
