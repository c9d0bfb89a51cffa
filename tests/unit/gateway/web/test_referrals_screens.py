"""Pages of referrals and needs: who sees what, who is offered which step, what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import ServiceTimeout
from contracts.access import Role
from contracts.intake import GetPerson, GetSharedPerson, ListNames, SharedPerson
from contracts.language import Category, NotFound
from contracts.referrals import (
    AcceptReferral,
    Blocker,
    CloseNeed,
    GetReferral,
    ListNeeds,
    ListReferrals,
    ReferralState,
    RejectReferral,
)
from tests.support.gateway import AGENCY, TOKEN, Gateway, refusal
from tests.support.page_answers import (
    FAMILY_NAME,
    NEED,
    OTHER_AGENCY,
    REFERRAL,
    a_need,
    names,
    needs,
)
from tests.support.pages import Browser, at_the_desk
from tests.support.service_answers import PERSON, a_page, a_person, a_referral

PAGE = f"/referrals/{REFERRAL}"
OF_NEED = f"/people/{PERSON}/needs/{NEED}"
RECEIVED: dict[str, Any] = {"from_agency_id": OTHER_AGENCY, "to_agency_id": AGENCY}
SENT: dict[str, Any] = {"from_agency_id": AGENCY, "to_agency_id": OTHER_AGENCY}


@pytest.fixture
def desk(gateway: Gateway) -> Browser:
    """Give a browser in which a case worker is signed in."""
    return at_the_desk(gateway)


def _opens(gateway: Gateway, desk: Browser, **changes: Any) -> str:
    gateway.port.teach(GetReferral, a_referral(**changes))
    gateway.port.teach(GetPerson, a_person())
    text: str = desk.look(PAGE).text
    return text


def test_a_referral_of_others_is_not_found(gateway: Gateway, desk: Browser) -> None:
    """Whoever guesses an id learns nothing."""
    gateway.port.teach(GetReferral, NotFound("There is no such referral."))
    assert desk.look(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("side", "state", "offered"),
    [
        (RECEIVED, ReferralState.REQUESTED, {"acceptance", "rejection", "cancellation"}),
        (RECEIVED, ReferralState.ACCEPTED, {"start", "failure", "cancellation"}),
        (RECEIVED, ReferralState.IN_PROGRESS, {"completion", "failure", "cancellation"}),
        (RECEIVED, ReferralState.COMPLETED, set()),
        (SENT, ReferralState.REQUESTED, {"cancellation"}),
        (SENT, ReferralState.REJECTED, set()),
    ],
)
def test_each_side_is_offered_its_own_steps(
    gateway: Gateway, desk: Browser, side: dict[str, Any], state: ReferralState, offered: set[str]
) -> None:
    """What would be refused is not there to be pressed."""
    assert _steps(_opens(gateway, desk, state=state, **side)) == offered


def _steps(text: str) -> set[str]:
    before = f'action="{PAGE}/'
    return {part.split('"')[0] for part in text.split(before)[1:]}


@pytest.mark.parametrize(
    ("blocker", "sends"),
    [(Blocker.DECISION, True), (Blocker.CONSENT, False), (Blocker.SERVICE, False)],
)
def test_only_what_the_person_has_yet_to_say_is_sent_by_hand(
    gateway: Gateway,
    desk: Browser,
    blocker: Blocker,
    sends: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    """What waits for a consent or a service goes out by itself."""
    text = _opens(gateway, desk, state=ReferralState.DRAFT, blocked_by=blocker, **SENT)
    assert ("request" in _steps(text)) is sends


def test_where_consent_is_missing_the_page_leads_to_it_and_back(
    gateway: Gateway, desk: Browser
) -> None:
    """One tap, and after it one is here again."""
    text = _opens(gateway, desk, state=ReferralState.DRAFT, blocked_by=Blocker.CONSENT, **SENT)
    assert f"/people/{PERSON}/consents/new?next={PAGE}" in text


def test_who_may_not_answer_is_offered_nothing(gateway: Gateway) -> None:
    """A desk operator reads what came and leaves the answer to others."""
    gateway.identity.let_in(TOKEN, Role.DESK_OPERATOR)
    text = _opens(gateway, at_the_desk(gateway), **RECEIVED)
    assert _steps(text) == set()


def test_the_recipient_sees_only_what_is_shared(gateway: Gateway, desk: Browser) -> None:
    """No consent for the name: no name, whatever else could be asked."""
    gateway.port.teach(
        GetSharedPerson, SharedPerson(person_id=PERSON, referral_id=REFERRAL, shared=())
    )
    text = _opens(gateway, desk, **RECEIVED)
    assert "La persona non ha condiviso il suo nome" in text
    assert (FAMILY_NAME in text, GetPerson in map(type, gateway.port.asked)) == (False, False)


def test_a_page_without_the_persons_service_still_takes_the_answer(
    gateway: Gateway, desk: Browser
) -> None:
    """What is silent is named."""
    text = _opens(gateway, desk, **RECEIVED)
    assert "Questa parte ora non risponde" in text
    assert "acceptance" in _steps(text)


def test_a_list_without_the_register_names_what_is_missing(gateway: Gateway, desk: Browser) -> None:
    """Nobody is told that a person shared nothing when only the names cannot be had now."""
    gateway.port.teach(ListReferrals, a_page(a_referral(**RECEIVED)))
    gateway.port.teach(ListNames, ServiceTimeout())
    text = desk.look("/referrals").text
    assert ("Questa parte ora non risponde" in text, "Nome ora non disponibile" in text) == (
        True,
        True,
    )
    assert "Persona non condivisa" not in text


@pytest.mark.parametrize(
    ("failure", "same"),
    [(ServiceTimeout(), True), (refusal(Category.CONFLICT, "referral-closed"), False)],
    ids=["nobody knows", "refused"],
)
def test_a_form_that_may_have_been_done_keeps_its_key(
    gateway: Gateway, desk: Browser, failure: Exception, *, same: bool
) -> None:
    """Sent again it is not done twice; what was refused is sent under a new one."""
    gateway.port.teach(GetReferral, a_referral(**RECEIVED))
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(AcceptReferral, failure)
    key = "0189a7f2-0000-7000-8000-0000000000aa"
    page = desk.send(f"{PAGE}/acceptance", first_contact_on="04/12/2026", key=key)
    assert (f'name="key" value="{key}"' in page.text) is same


def test_an_acceptance_carries_its_day_and_says_so(gateway: Gateway, desk: Browser) -> None:
    """And leads back to the referral."""
    gateway.port.teach(AcceptReferral, a_referral(state=ReferralState.ACCEPTED, **RECEIVED))
    answer = desk.send(f"{PAGE}/acceptance", first_contact_on="04/12/2026")
    asked = next(each for each in gateway.port.asked if isinstance(each, AcceptReferral))
    assert (answer.headers["Location"], str(asked.first_contact_on)) == (PAGE, "2026-12-04")


def test_a_refused_answer_stands_open_with_its_reason(gateway: Gateway, desk: Browser) -> None:
    """Nobody chooses twice."""
    _opens(gateway, desk, **RECEIVED)
    gateway.port.teach(RejectReferral, refusal(Category.CONFLICT, "move-impossible"))
    page = desk.send(f"{PAGE}/rejection", reason="no-capacity")
    assert page.status_code == 409
    assert '<option value="no-capacity" selected' in page.text


def test_every_step_is_written_down_by_its_own_name(gateway: Gateway, desk: Browser) -> None:
    """The person reads who accepted, not only who looked."""
    gateway.port.teach(AcceptReferral, a_referral(state=ReferralState.ACCEPTED, **RECEIVED))
    desk.send(f"{PAGE}/acceptance", first_contact_on="2026-12-04")
    written = [(row.operation, row.person_id) for row in gateway.access_log.rows]
    assert written == [("page.referral_acceptance", PERSON)]


def test_whoever_answers_begins_with_what_came(gateway: Gateway, desk: Browser) -> None:
    """The list of what was sent is one tap away."""
    gateway.port.teach(ListReferrals, a_page())
    desk.look("/referrals")
    asked = next(each for each in gateway.port.asked if isinstance(each, ListReferrals))
    assert asked.direction == "received"


def test_a_list_keeps_its_filters_on_the_next_page(gateway: Gateway, desk: Browser) -> None:
    """The second page answers the same question."""
    gateway.port.teach(ListReferrals, a_page(a_referral(), next_cursor="c2"))
    text = desk.look("/referrals?direction=sent&state=accepted").text
    assert "/referrals?direction=sent&amp;state=accepted&amp;cursor=c2" in text


def test_a_list_asks_for_all_names_at_once(gateway: Gateway, desk: Browser) -> None:
    """One question for a page, however long it is."""
    gateway.port.teach(ListReferrals, a_page(*(a_referral() for _ in range(3))))
    gateway.port.teach(ListNames, names(PERSON))
    text = desk.look("/referrals").text
    asked = [each for each in gateway.port.asked if isinstance(each, ListNames)]
    assert (len(asked), text.count(FAMILY_NAME)) == (1, 3)


def test_a_list_is_shown_without_names_when_nobody_knows_them(
    gateway: Gateway, desk: Browser
) -> None:
    """The work goes on."""
    gateway.port.teach(ListReferrals, a_page(a_referral()))
    gateway.port.teach(ListNames, names())
    page = desk.look("/referrals")
    assert (page.status_code, "Persona non condivisa" in page.text) == (200, True)


def test_an_empty_queue_is_good_news(gateway: Gateway, desk: Browser) -> None:
    """And says the way back."""
    gateway.port.teach(ListReferrals, a_page())
    assert "tutto a posto" in desk.look("/referrals?queue=to-answer").text


def test_a_need_is_closed_only_when_every_attempt_is_over(gateway: Gateway, desk: Browser) -> None:
    """While an agency is at it, there is nothing to close."""
    gateway.port.teach(GetPerson, a_person())
    shown = []
    for state in (ReferralState.ACCEPTED, ReferralState.COMPLETED):
        gateway.port.teach(ListNeeds, needs(a_need(a_referral(state=state, **SENT))))
        shown.append(f'action="{OF_NEED}/closure"' in desk.look(OF_NEED).text)
    assert shown == [False, True]


def test_a_need_of_another_person_is_not_found(gateway: Gateway, desk: Browser) -> None:
    """An address put together by hand leads nowhere."""
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListNeeds, needs())
    assert desk.look(OF_NEED).status_code == 404


def test_closing_the_loop_leads_back_to_the_person(gateway: Gateway, desk: Browser) -> None:
    """By an address that names nobody."""
    gateway.port.teach(CloseNeed, a_need())
    answer = desk.send(f"{OF_NEED}/closure", outcome="met")
    assert answer.headers["Location"] == f"/people/{PERSON}"


def test_a_loop_is_not_closed_without_an_outcome(gateway: Gateway, desk: Browser) -> None:
    """The page comes again and says what is missing."""
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListNeeds, needs(a_need(a_referral(state=ReferralState.COMPLETED, **SENT))))
    page = desk.send(f"{OF_NEED}/closure")
    assert (page.status_code, 'href="#f-outcome"' in page.text) == (422, True)
