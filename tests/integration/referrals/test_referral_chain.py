"""What events set going, on a real database: exactly once, in any order, whoever comes second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from chassis.testing import eventually
from contracts.catalogue import ServiceStatus
from contracts.intake import DataCategory
from contracts.language import Event
from contracts.pathways import RefusalReason
from contracts.referrals import (
    AcceptReferral,
    Blocker,
    NeedState,
    Obstacle,
    ReferralState,
    RejectionReason,
    RejectReferral,
    RerouteNeed,
    SendReferral,
)
from contracts.screening import Decision, ScreeningCompleted
from services.referrals import handlers, models
from services.referrals.domain.attempts import ConsentMissing
from services.referrals.domain.moves import MoveIllegal
from tests.support.drift import drift
from tests.support.referrals_at_work import HEARD, Office
from tests.support.referring import (
    ENOUGH,
    ORBASSANO,
    RECIPIENT,
    RIVALTA,
    SENDER,
    STRANGER,
    TODAY,
    WITH_SAFETY,
    YESTERDAY,
    a_principal,
    a_screening,
    a_service,
    an_area,
    granted,
    moved_to,
    published,
    withdrawn,
)
from tests.support.scheda import VIGNETTES, Vignette

S: TypeAlias = ReferralState


def _agreed(vignette: Vignette) -> ScreeningCompleted:
    """Return the vignette's screening, everything agreed."""
    areas = (replace(area, decision=Decision.AGREED) for area in vignette.results.full.areas)
    return a_screening(*areas)


def _offer(office: Office, *categories: str, **details: Any) -> None:
    """Publish a service for each category."""
    for category in categories:
        office.hear(published(a_service(categories=(category,), **details)))


def _at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do things at the same time; return what each gave, or how it failed."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = work()
        except Exception as error:  # noqa: BLE001 - the failure is the result
            results[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def _overtaken(office: Office, slow: Event, fast: Event) -> None:
    """Handle two events at once: the second arrives while the first is not yet committed."""
    second = threading.Thread(target=office.hear, args=(fast,))
    with office.unit(slow) as unit:
        HEARD[type(slow)](unit, slow)
        second.start()
        eventually(office.waits_for_a_lock)
    second.join(30)


def test_tables_are_those_of_the_migrations(referrals_database: str) -> None:
    """The code and the database know the same tables."""
    assert drift(referrals_database, models.metadata) == []


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_vignette_opens_exactly_its_needs(office: Office, vignette: Vignette) -> None:
    """Each suggested area becomes one need."""
    event = _agreed(vignette)
    office.hear(event)
    expected = sorted(area.category for area in event.areas)
    assert expected == sorted(need.category for need in office.needs())


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_vignette_requests_exactly_one_referral_per_need(
    office: Office, vignette: Vignette
) -> None:
    """With services and a consent, every agreed area is asked for once."""
    event = _agreed(vignette)
    _offer(office, *(area.category for area in event.areas))
    office.hear(granted(event.person_id, WITH_SAFETY))
    told = office.hear(event)
    assert told == {
        "need.opened.v1": len(event.areas),
        "referral.requested.v1": len(event.areas),
    }


def test_first_vignette_takes_few_round_trips(office: Office) -> None:
    """The chain's latency rests on how often the database is asked."""
    event = _agreed(VIGNETTES[0])
    _offer(office, *(area.category for area in event.areas))
    statements: list[str] = []
    with office.unit(event) as unit:
        sa.event.listen(
            unit.store.connection,
            "before_cursor_execute",
            lambda *arguments: statements.append(arguments[2]),
        )
        handlers.on_screening_completed(unit, event)
        taken = len(statements)
    assert taken == 6


def test_message_delivered_twice_has_one_effect(office: Office) -> None:
    """A redelivered message finds itself in the inbox."""
    event, message_id = a_screening(an_area()), new_id()
    office.hear(event, message_id=message_id)
    assert office.hear(event, message_id=message_id) == {}


@pytest.mark.parametrize("decision", Decision)
def test_screening_told_again_under_another_id_has_one_effect(
    office: Office, decision: Decision
) -> None:
    """A screening published anew opens nothing anew."""
    event = a_screening(an_area(decision=decision))
    office.hear(event)
    assert office.hear(event) == {}


def test_screening_without_areas_changes_nothing(office: Office) -> None:
    """Who needs nothing is not asked for."""
    assert office.hear(a_screening()) == {}


def test_refused_area_is_recorded_and_asks_nobody(office: Office) -> None:
    """The need ends at once, with what the person said."""
    _offer(office, "LIN.2")
    office.hear(a_screening(an_area(decision=Decision.REFUSED, reason=RefusalReason.DISTANCE)))
    need = office.only_need()
    assert (need.state, need.reason, need.refusal_reason, need.referrals) == (
        NeedState.REVOKED,
        "person-declined",
        "distance",
        (),
    )


@pytest.mark.parametrize("decision", [Decision.UNDECIDED, Decision.TO_DISCUSS])
def test_open_decision_makes_a_draft_whatever_the_consent(
    office: Office, decision: Decision
) -> None:
    """The worker sends it when the person has decided."""
    event = a_screening(an_area(decision=decision))
    _offer(office, "LIN.2")
    office.hear(granted(event.person_id))
    office.hear(event)
    assert office.only_referral().blocked_by is Blocker.DECISION


@pytest.mark.parametrize(
    "order", [*permutations(("service", "consent", "screening"))], ids="-".join
)
def test_order_of_service_consent_and_screening_does_not_matter(
    office: Office, order: tuple[str, ...]
) -> None:
    """In any order the referral ends up requested, once."""
    event = a_screening(an_area())
    events = {
        "service": published(a_service()),
        "consent": granted(event.person_id),
        "screening": event,
    }
    for name in order:
        office.hear(events[name])
    assert [each.state for each in office.referrals()] == [S.REQUESTED]


@pytest.mark.parametrize(
    "order", [*permutations(("granted", "withdrawn", "screening"))], ids="-".join
)
def test_withdrawn_consent_carries_nothing_in_any_order(
    office: Office, order: tuple[str, ...]
) -> None:
    """Also when the withdrawal overtakes its consent, nothing is requested in the end."""
    event = a_screening(an_area())
    consent = granted(event.person_id)
    events = {"granted": consent, "withdrawn": withdrawn(consent), "screening": event}
    _offer(office, "LIN.2")
    for name in order:
        office.hear(events[name])
    assert office.referrals(state=S.REQUESTED) == ()


@pytest.mark.parametrize(
    ("slow", "fast"), [*permutations(("service", "consent", "screening"), 2)], ids=str
)
def test_events_at_the_same_time_do_not_miss_each_other(
    office: Office, slow: str, fast: str
) -> None:
    """What neither of two open transactions can see of the other is still done."""
    event = a_screening(an_area())
    events: dict[str, Event] = {
        "service": published(a_service()),
        "consent": granted(event.person_id),
        "screening": event,
    }
    office.hear(events.pop(next(name for name in events if name not in {slow, fast})))
    _overtaken(office, events[slow], events[fast])
    assert [each.state for each in office.referrals()] == [S.REQUESTED]


@pytest.mark.parametrize(
    "consent",
    [
        {"recipient_id": STRANGER},
        {"expires_on": YESTERDAY},
        {"categories": (DataCategory.IDENTITY, DataCategory.CONTACTS)},
    ],
    ids=["another-agency", "expired", "without-needs"],
)
def test_consent_that_does_not_cover_leaves_the_draft(
    office: Office, consent: dict[str, Any]
) -> None:
    """Only what the person allowed is shared."""
    event = a_screening(an_area())
    _offer(office, "LIN.2")
    office.hear(granted(event.person_id, **consent))
    office.hear(event)
    assert office.only_referral().blocked_by is Blocker.CONSENT


@pytest.mark.parametrize(("categories", "state"), [(ENOUGH, S.DRAFT), (WITH_SAFETY, S.REQUESTED)])
def test_safety_area_takes_a_consent_to_share_safety(
    office: Office, categories: tuple[DataCategory, ...], state: S
) -> None:
    """An ordinary consent does not reach that far."""
    event = a_screening(an_area("SIC.1", safety=True))
    _offer(office, "SIC.1")
    office.hear(granted(event.person_id, categories))
    office.hear(event)
    assert office.only_referral().state is state


def test_referral_inside_the_own_agency_takes_no_consent(office: Office) -> None:
    """Nothing leaves the house."""
    _offer(office, "LIN.2", organization_id=SENDER)
    office.hear(a_screening(an_area()))
    assert office.only_referral().state is S.REQUESTED


def test_need_without_service_says_why(office: Office) -> None:
    """The worker sees what stood in the way."""
    _offer(office, "LIN.2", municipalities=(RIVALTA,))
    office.hear(a_screening(an_area()))
    assert office.only_need().unmatched == (Obstacle.OUT_OF_AREA,)


def test_service_published_later_is_given_to_who_waited(office: Office) -> None:
    """Every waiting need nearby gets a draft, others none."""
    near = [a_screening(an_area()) for _ in range(3)]
    for event in (*near, moved_to(a_screening(an_area()), RIVALTA)):
        office.hear(event)
    assert office.hear(published(a_service())) == {"referral.drafted.v1": 3}


def test_matched_need_no_longer_says_that_it_waits(office: Office) -> None:
    """The obstacles are gone with the first attempt."""
    office.hear(a_screening(an_area()))
    _offer(office, "LIN.2")
    assert office.only_need().unmatched == ()


def test_unfit_service_is_given_to_nobody(office: Office) -> None:
    """A stale entry opens no draft."""
    office.hear(a_screening(an_area()))
    assert office.hear(published(a_service(review_due_on=TODAY))) == {}


def test_stale_service_event_is_ignored(office: Office) -> None:
    """What was published before what is known changes nothing."""
    service = a_service()
    closed = replace(service, status=ServiceStatus.INACTIVE)
    office.hear(published(closed), sequence=2)
    office.hear(published(service), sequence=1)
    office.hear(a_screening(an_area()))
    assert office.only_need().unmatched == (Obstacle.INACTIVE,)


def test_draft_for_a_service_that_closed_is_sent_when_it_reopens(office: Office) -> None:
    """A consent sends nothing to a closed door; the open door sends it then."""
    event, service = a_screening(an_area()), a_service()
    office.hear(published(service), sequence=1)
    office.hear(event)
    office.hear(published(replace(service, status=ServiceStatus.INACTIVE)), sequence=2)
    office.hear(granted(event.person_id))
    assert office.only_referral().blocked_by is Blocker.SERVICE
    office.hear(published(service), sequence=3)
    assert office.only_referral().state is S.REQUESTED


def test_withdrawal_cancels_the_unanswered_request(office: Office) -> None:
    """The recipient loses it, the need stays with the referrer."""
    event = a_screening(an_area())
    consent = granted(event.person_id)
    _offer(office, "LIN.2")
    for each in (consent, event):
        office.hear(each)
    assert office.hear(withdrawn(consent)) == {"referral.cancelled.v1": 1}
    need = office.only_need()
    assert (need.state, need.referrals[0].reason) == (NeedState.ACTIVE, "consent-withdrawn")


def test_withdrawal_leaves_what_another_consent_covers(office: Office) -> None:
    """Two consents, one withdrawn: nothing changes."""
    event = a_screening(an_area())
    consent = granted(event.person_id)
    _offer(office, "LIN.2")
    for each in (consent, granted(event.person_id, recipient_id=RECIPIENT), event):
        office.hear(each)
    assert office.hear(withdrawn(consent)) == {}


def test_withdrawal_suspends_an_accepted_referral_until_a_new_consent(office: Office) -> None:
    """What is under way stays in its state, without sharing."""
    event = a_screening(an_area())
    consent = granted(event.person_id)
    _offer(office, "LIN.2")
    for each in (consent, event):
        office.hear(each)
    accept = AcceptReferral(referral_id=office.only_referral().referral_id, first_contact_on=TODAY)
    office.ask(accept, a_principal(RECIPIENT))
    office.hear(withdrawn(consent))
    suspended = office.only_referral()
    assert (suspended.state, suspended.sharing_suspended) == (S.ACCEPTED, True)
    office.hear(granted(event.person_id))
    assert office.only_referral().sharing_suspended is False


def test_later_screening_attaches_to_the_active_need(office: Office) -> None:
    """One need and one attempt, found by both screenings."""
    first = a_screening(an_area())
    later = a_screening(an_area(), person_id=first.person_id)
    _offer(office, "LIN.2")
    office.hear(first)
    assert office.hear(later) == {}
    assert office.only_need(screening_id=later.screening_id).need_id == office.only_need().need_id
    assert len(office.referrals(screening_id=later.screening_id)) == 1


def test_later_yes_and_no_move_the_waiting_attempts(office: Office) -> None:
    """What the person says last counts while nobody has accepted."""
    first = a_screening(an_area(decision=Decision.TO_DISCUSS))
    _offer(office, "LIN.2")
    office.hear(granted(first.person_id))
    office.hear(first)
    told = [
        office.hear(a_screening(an_area(decision=decision), person_id=first.person_id))
        for decision in (Decision.AGREED, Decision.REFUSED)
    ]
    assert told == [
        {"referral.requested.v1": 1},
        {"referral.cancelled.v1": 1, "need.closed.v1": 1},
    ]


def test_two_answers_at_once_have_one_winner(office: Office) -> None:
    """The second answer meets a referral that was answered."""
    event = a_screening(an_area())
    _offer(office, "LIN.2")
    office.hear(granted(event.person_id))
    office.hear(event)
    referral_id = office.only_referral().referral_id
    accept = AcceptReferral(referral_id=referral_id, first_contact_on=TODAY)
    reject = RejectReferral(referral_id=referral_id, reason=RejectionReason.NO_CAPACITY)
    answers = _at_once(
        lambda: office.ask(accept, a_principal(RECIPIENT)),
        lambda: office.ask(reject, a_principal(RECIPIENT)),
    )
    assert sorted(isinstance(answer, MoveIllegal) for answer in answers) == [False, True]
    assert office.only_referral().version == 2


def test_two_reroutes_at_once_open_one_attempt(office: Office) -> None:
    """The need never has two open attempts."""
    office.hear(a_screening(an_area()))
    far = a_service(municipalities=(RIVALTA,))
    office.hear(published(far))
    reroute = RerouteNeed(need_id=office.only_need().need_id, service_id=far.service_id)
    _at_once(lambda: office.ask(reroute), lambda: office.ask(reroute))
    assert office.count("referrals") == 1


def test_sending_at_the_moment_of_a_withdrawal_shares_nothing(office: Office) -> None:
    """Whichever comes first, no request rests on a withdrawn consent."""
    event = a_screening(an_area(decision=Decision.TO_DISCUSS))
    consent = granted(event.person_id)
    _offer(office, "LIN.2", municipalities=(ORBASSANO,))
    for each in (consent, event):
        office.hear(each)
    send = SendReferral(referral_id=office.only_referral().referral_id)
    sent, _ = _at_once(lambda: office.ask(send), lambda: office.hear(withdrawn(consent)))
    state = office.only_referral().state
    assert (isinstance(sent, ConsentMissing), state) in {(True, S.DRAFT), (False, S.CANCELLED)}
