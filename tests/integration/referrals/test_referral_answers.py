"""The loop from the request to its end, by the people on both sides."""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from uuid import UUID

import pytest

from contracts.access import Role
from contracts.language import NotFound, Request
from contracts.pathways import RefusalReason
from contracts.referrals import (
    AcceptReferral,
    Blocker,
    CancellationReason,
    CancelReferral,
    CloseNeed,
    CompleteReferral,
    DecideNeed,
    FailReferral,
    FailureReason,
    Ground,
    NeedOutcome,
    NeedState,
    Referral,
    ReferralOutcome,
    ReferralState,
    RejectionReason,
    RejectReferral,
    RerouteNeed,
    SendReferral,
    StartReferral,
)
from contracts.screening import Decision
from services.referrals.domain.attempts import ConsentMissing, ServiceUnsuitable
from services.referrals.domain.moves import MoveIllegal, WrongSide
from services.referrals.domain.needs import AttemptOpen, NeedEnded
from tests.support.referrals_at_work import Office
from tests.support.referring import (
    RECIPIENT,
    RIVALTA,
    SENDER,
    STRANGER,
    TODAY,
    a_principal,
    a_screening,
    a_service,
    an_area,
    granted,
    published,
)

S: TypeAlias = ReferralState
RECEIVING: Final = a_principal(RECIPIENT)


def _requested(office: Office) -> Referral:
    """Return a referral that waits for the recipient."""
    event = a_screening(an_area())
    for each in (published(a_service()), granted(event.person_id), event):
        office.hear(each)
    return office.only_referral()


def _answers(referral_id: UUID) -> dict[str, Request[Referral]]:
    """Return what the recipient can say."""
    return {
        "accept": AcceptReferral(referral_id=referral_id, first_contact_on=TODAY),
        "reject": RejectReferral(referral_id=referral_id, reason=RejectionReason.NO_CAPACITY),
        "start": StartReferral(referral_id=referral_id, first_contact_on=TODAY),
        "complete": CompleteReferral(
            referral_id=referral_id, outcome=ReferralOutcome.SERVICE_RECEIVED
        ),
        "fail": FailReferral(referral_id=referral_id, reason=FailureReason.NO_SHOW),
        "cancel": CancelReferral(
            referral_id=referral_id, reason=CancellationReason.COULD_NOT_CONTACT
        ),
    }


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (("accept", "start", "complete"), S.COMPLETED),
        (("accept", "complete"), S.COMPLETED),
        (("accept", "start", "fail"), S.FAILED),
        (("reject",), S.REJECTED),
        (("cancel",), S.CANCELLED),
        (("accept", "start", "cancel"), S.CANCELLED),
    ],
    ids="-".join,
)
def test_recipient_takes_a_referral_to_its_end(
    office: Office, path: tuple[str, ...], end: S
) -> None:
    """Each step is kept; the sender sees the end."""
    answers = _answers(_requested(office).referral_id)
    for step in path:
        office.ask(answers[step], RECEIVING)
    ended = office.only_referral()
    assert (ended.state, ended.version) == (end, 1 + len(path))


def test_kept_referral_is_what_was_answered(office: Office) -> None:
    """The answer to a command is what a later question gives."""
    answered = office.ask(_answers(_requested(office).referral_id)["accept"], RECEIVING)
    assert answered == office.only_referral()


def test_second_acceptance_is_a_conflict(office: Office) -> None:
    """What was answered is answered."""
    accept = _answers(_requested(office).referral_id)["accept"]
    office.ask(accept, RECEIVING)
    with pytest.raises(MoveIllegal, match="accepted"):
        office.ask(accept, RECEIVING)


def test_desk_operator_cannot_cancel(office: Office) -> None:
    """To end a referral takes the permission to send or to answer."""
    cancel = _answers(_requested(office).referral_id)["cancel"]
    with pytest.raises(WrongSide):
        office.ask(cancel, a_principal(SENDER, Role.DESK_OPERATOR))


def test_draft_is_sent_by_the_worker_when_the_person_agrees(office: Office) -> None:
    """Sending says that the person agreed."""
    event = a_screening(an_area(decision=Decision.TO_DISCUSS))
    for each in (published(a_service()), granted(event.person_id), event):
        office.hear(each)
    sent = office.ask(SendReferral(referral_id=office.only_referral().referral_id))
    assert (sent.state, sent.blocked_by, office.only_need().decision) == (
        S.REQUESTED,
        None,
        Decision.AGREED,
    )


def test_draft_is_not_sent_without_consent(office: Office) -> None:
    """The worker's word does not replace the person's."""
    for each in (published(a_service()), a_screening(an_area())):
        office.hear(each)
    with pytest.raises(ConsentMissing):
        office.ask(SendReferral(referral_id=office.only_referral().referral_id))
    assert office.only_referral().state is S.DRAFT


def test_later_yes_without_consent_waits_for_the_consent_alone(office: Office) -> None:
    """The worker writes the yes down at once, and the consent sends the draft by itself."""
    event = a_screening(an_area(decision=Decision.TO_DISCUSS))
    for each in (published(a_service()), event):
        office.hear(each)
    need_id = office.only_need().need_id
    decided = office.ask(DecideNeed(need_id=need_id, decision="agreed"))
    assert (decided.decision, [each.blocked_by for each in decided.referrals]) == (
        Decision.AGREED,
        [Blocker.CONSENT],
    )
    assert decided == office.only_need()
    office.hear(granted(event.person_id))
    assert office.only_referral().state is S.REQUESTED


def test_later_no_calls_back_what_was_sent(office: Office) -> None:
    """The recipient is told, and the need is off the list with the person's reason."""
    sent = _requested(office)
    no = DecideNeed(need_id=sent.need_id, decision="refused", reason=RefusalReason.DISTANCE)
    decided = office.ask(no)
    assert (decided.state, decided.refusal_reason) == (NeedState.REVOKED, "distance")
    assert decided == office.only_need()
    called_back = office.only_referral(RECEIVING)
    assert (called_back.state, called_back.reason) == (S.CANCELLED, "person-declined")


def test_only_the_agency_of_the_need_records_the_persons_word(office: Office) -> None:
    """To the recipient of a referral the need does not exist."""
    sent = _requested(office)
    with pytest.raises(NotFound):
        office.ask(DecideNeed(need_id=sent.need_id, decision="agreed"), RECEIVING)


def test_rejected_need_stays_on_the_senders_list(office: Office) -> None:
    """A no ends the attempt, not the need."""
    office.ask(_answers(_requested(office).referral_id)["reject"], RECEIVING)
    need = office.only_need(state=NeedState.ACTIVE)
    assert [each.state for each in need.referrals] == [S.REJECTED]


@pytest.mark.parametrize("same", [True, False], ids=["same-service", "another-service"])
def test_rerouted_need_gets_an_attempt_that_follows_the_former(
    office: Office, *, same: bool
) -> None:
    """Also the same service may be asked again once its answer is there."""
    former = _requested(office)
    office.ask(_answers(former.referral_id)["reject"], RECEIVING)
    other = a_service(municipalities=(RIVALTA,))
    office.hear(published(other))
    chosen = former.service_id if same else other.service_id
    again = office.ask(RerouteNeed(need_id=former.need_id, service_id=chosen))
    assert (again.state, again.service_id, again.replaces, again.chosen_by) == (
        S.REQUESTED,
        chosen,
        former.referral_id,
        Ground.WORKER,
    )


def test_reroute_without_consent_waits_for_it(office: Office) -> None:
    """The consent sends the rerouted draft like any other."""
    event, service = a_screening(an_area()), a_service(municipalities=(RIVALTA,))
    for each in (published(service), event):
        office.hear(each)
    need_id = office.only_need().need_id
    draft = office.ask(RerouteNeed(need_id=need_id, service_id=service.service_id))
    office.hear(granted(event.person_id))
    assert (draft.state, office.only_referral().state) == (S.DRAFT, S.REQUESTED)


def test_need_with_an_open_attempt_is_not_rerouted(office: Office) -> None:
    """One attempt at a time."""
    former = _requested(office)
    with pytest.raises(AttemptOpen):
        office.ask(RerouteNeed(need_id=former.need_id, service_id=former.service_id))


@pytest.mark.parametrize(
    ("service", "obstacle"),
    [
        ({"categories": ("LIN.1",)}, "other-category"),
        ({"review_due_on": TODAY}, "stale"),
    ],
)
def test_unsuitable_service_is_refused_with_the_reason(
    office: Office, service: dict[str, Any], obstacle: str
) -> None:
    """The field and the obstacle are named."""
    office.hear(a_screening(an_area()))
    unsuitable = a_service(**service)
    office.hear(published(unsuitable))
    reroute = RerouteNeed(need_id=office.only_need().need_id, service_id=unsuitable.service_id)
    with pytest.raises(ServiceUnsuitable) as refusal:
        office.ask(reroute)
    assert refusal.value.fields == {"service_id": [obstacle]}


def test_closing_needs_the_attempt_to_have_ended(office: Office) -> None:
    """The loop closes after the outcome, not before."""
    with pytest.raises(AttemptOpen):
        office.ask(CloseNeed(need_id=_requested(office).need_id, outcome=NeedOutcome.MET))


def test_loop_is_closed_by_the_sender(office: Office) -> None:
    """The need ends with what the person found."""
    referral = _requested(office)
    for step in ("accept", "complete"):
        office.ask(_answers(referral.referral_id)[step], RECEIVING)
    closed = office.ask(CloseNeed(need_id=referral.need_id, outcome=NeedOutcome.PARTLY_MET))
    assert (closed, closed.state, closed.outcome) == (
        office.only_need(),
        NeedState.COMPLETED,
        NeedOutcome.PARTLY_MET,
    )


def test_closed_need_opens_anew_by_a_later_screening(office: Office) -> None:
    """Only an active need is found again."""
    event = a_screening(an_area())
    office.hear(event)
    office.ask(CloseNeed(need_id=office.only_need().need_id, outcome=NeedOutcome.NOT_MET))
    told = office.hear(a_screening(an_area(), person_id=event.person_id))
    assert told == {"need.opened.v1": 1}


def test_closed_need_is_not_rerouted(office: Office) -> None:
    """An ended need is no longer worked on."""
    service = a_service(municipalities=(RIVALTA,))
    for each in (a_screening(an_area()), published(service)):
        office.hear(each)
    need_id = office.only_need().need_id
    office.ask(CloseNeed(need_id=need_id, outcome=NeedOutcome.NO_LONGER_NEEDED))
    with pytest.raises(NeedEnded):
        office.ask(RerouteNeed(need_id=need_id, service_id=service.service_id))


@pytest.mark.parametrize(
    ("agency_id", "role", "refusal"),
    [
        (RECIPIENT, Role.CASE_WORKER, NotFound),
        (STRANGER, Role.CASE_WORKER, NotFound),
        (STRANGER, Role.NETWORK_COORDINATOR, WrongSide),
    ],
)
def test_only_the_needs_agency_closes_it(
    office: Office, agency_id: UUID, role: Role, refusal: type[Exception]
) -> None:
    """Others do not see it, or see it and may not."""
    close = CloseNeed(need_id=_requested(office).need_id, outcome=NeedOutcome.MET)
    with pytest.raises(refusal):
        office.ask(close, a_principal(agency_id, role))
