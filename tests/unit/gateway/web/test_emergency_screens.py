"""Pages of emergencies: found by exact data, read and not changed, judged by somebody else."""

from __future__ import annotations

from typing import Any, Final

import pytest

from contracts.access import AccessPurpose, Role
from contracts.intake import (
    EmergencyAccesses,
    EmergencyAccessPage,
    EmergencyOutcome,
    FindPeople,
    GetEmergencyPerson,
    ListEmergencyAccesses,
    ListOwnEmergencyAccesses,
    OpenEmergencyAccess,
    ReviewEmergencyAccess,
    SafeContact,
)
from contracts.language import Category, NotFound
from contracts.referrals import GetWorklist, Worklist
from tests.support.gateway import TOKEN, USER, Gateway, refusal
from tests.support.page_answers import people
from tests.support.pages import Browser, at_the_desk
from tests.support.service_answers import (
    EMERGENCY,
    PERSON,
    a_person,
    an_emergency,
    an_emergency_person,
)

TYPED: Final = {"reason": "minor-at-risk", "tax_code": "RSSMRA85T10A562S"}
REVIEWS: Final = "/emergencies/reviews"


@pytest.fixture
def desk(gateway: Gateway) -> Browser:
    """Give a browser in which a case worker is signed in, who has nothing open."""
    gateway.port.teach(ListOwnEmergencyAccesses, EmergencyAccesses(items=()))
    return at_the_desk(gateway)


@pytest.fixture
def coordinator(gateway: Gateway) -> Browser:
    """Give a browser in which a coordinator is signed in, for whom one access waits."""
    browser = at_the_desk(gateway)
    gateway.identity.let_in(TOKEN, Role.AGENCY_COORDINATOR)
    _waits(gateway, an_emergency())
    return browser


def _waits(gateway: Gateway, *accesses: Any) -> None:
    answer = EmergencyAccessPage(items=accesses, to_review=len(accesses))
    gateway.port.teach(ListEmergencyAccesses, answer)


def _written(gateway: Gateway) -> list[tuple[object, object, object]]:
    return [(each.operation, each.person_id, each.purpose) for each in gateway.access_log.rows]


@pytest.mark.parametrize(("found", "leads"), [((), True), ((an_emergency(),), False)])
def test_a_search_that_finds_nobody_leads_to_emergencies(
    gateway: Gateway, desk: Browser, found: tuple[object, ...], *, leads: bool
) -> None:
    """And no other one does."""
    gateway.port.teach(FindPeople, people(*(a_person() for _ in found)))
    page = desk.send("/people", name="Prova")
    assert ('href="/emergencies"' in page.text) is leads


def test_whoever_is_found_is_shown(gateway: Gateway, desk: Browser) -> None:
    """At an address that names nobody."""
    gateway.port.teach(OpenEmergencyAccess, EmergencyAccesses(items=(an_emergency(),)))
    assert desk.send("/emergencies", **TYPED).location == f"/emergencies/{EMERGENCY}"


def test_an_attempt_in_vain_keeps_what_was_typed_and_is_written_down(
    gateway: Gateway, desk: Browser
) -> None:
    """So that a slip of the pen can be put right."""
    gateway.port.teach(OpenEmergencyAccess, EmergencyAccesses(items=()))
    page = desk.send("/emergencies", **TYPED)
    assert TYPED["tax_code"] in page.text
    assert "Nessuna persona trovata con questi dati" in page.text
    assert ("page.emergency_opening", None, AccessPurpose.EMERGENCY) in _written(gateway)


def test_when_no_attempt_is_left_the_page_says_whom_to_call(
    gateway: Gateway, desk: Browser
) -> None:
    """The form is there with what was typed."""
    answer = refusal(Category.FORBIDDEN, "emergency-limit-reached")
    gateway.port.teach(OpenEmergencyAccess, answer)
    page = desk.send("/emergencies", **TYPED)
    assert (page.status_code, "112" in page.text) == (403, True)


def test_the_page_of_a_person_in_an_emergency_offers_nothing_to_change(
    gateway: Gateway, desk: Browser
) -> None:
    """Until when it is open stands at the top; the row in the log says why it was opened."""
    gateway.port.teach(GetEmergencyPerson, an_emergency_person())
    page = desk.look(f"/emergencies/{EMERGENCY}")
    main = page.text.split("<main")[1]
    assert "sola lettura" in main
    assert "<form" not in main.split("</main>")[0]
    assert _written(gateway) == [("page.emergency_person", PERSON, AccessPurpose.EMERGENCY)]


def test_the_rule_of_safe_contact_is_shown_in_an_emergency_too(
    gateway: Gateway, desk: Browser
) -> None:
    """A call may be the danger."""
    gateway.port.teach(GetEmergencyPerson, an_emergency_person(safe_contact=SafeContact.NEVER))
    assert "Non contattare" in desk.look(f"/emergencies/{EMERGENCY}").text


def test_an_access_that_ended_is_not_there(gateway: Gateway, desk: Browser) -> None:
    """As if it had never been."""
    gateway.port.teach(GetEmergencyPerson, NotFound("No emergency access of yours is open here."))
    assert desk.look(f"/emergencies/{EMERGENCY}").status_code == 404


def test_a_reviewer_decides_with_one_press(gateway: Gateway, coordinator: Browser) -> None:
    """And may say why."""
    gateway.port.teach(ReviewEmergencyAccess, an_emergency(outcome=EmergencyOutcome.NOT_JUSTIFIED))
    coordinator.send(
        f"/emergencies/{EMERGENCY}/review", outcome="not-justified", note="Nessun pericolo"
    )
    (asked,) = (each for each in gateway.port.asked if isinstance(each, ReviewEmergencyAccess))
    assert asked == ReviewEmergencyAccess(
        access_id=EMERGENCY, outcome=EmergencyOutcome.NOT_JUSTIFIED, note="Nessun pericolo"
    )


def test_a_review_that_comes_too_late_keeps_what_was_typed(
    gateway: Gateway, coordinator: Browser
) -> None:
    """A colleague was quicker."""
    answer = refusal(Category.CONFLICT, "emergency-access-already-reviewed")
    gateway.port.teach(ReviewEmergencyAccess, answer)
    page = coordinator.send(
        f"/emergencies/{EMERGENCY}/review", outcome="justified", note="Chiamato il 118"
    )
    assert (page.status_code, "Chiamato il 118" in page.text) == (409, True)


def test_nobody_is_offered_to_judge_their_own(gateway: Gateway, coordinator: Browser) -> None:
    """Intake would refuse it."""
    _waits(gateway, an_emergency(user_id=USER))
    assert "Era giustificato" not in coordinator.look(REVIEWS).text


def test_what_waits_for_a_review_is_counted_in_my_work(
    gateway: Gateway, coordinator: Browser
) -> None:
    """And leads to the list."""
    gateway.port.teach(GetWorklist, Worklist(referrals={}, needs={}))
    assert f'href="{REVIEWS}"' in coordinator.look("/").text


def test_a_privacy_officer_reviews_without_names(gateway: Gateway) -> None:
    """The officer watches over the network and opens no file."""
    browser = at_the_desk(gateway)
    gateway.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    _waits(gateway, an_emergency())
    page = browser.look(REVIEWS)
    assert (page.status_code, str(PERSON) in page.text) == (200, True)
    assert f'href="/people/{PERSON}"' not in page.text


def test_a_worker_reviews_nothing(desk: Browser) -> None:
    """The page is not theirs."""
    assert desk.look(REVIEWS).status_code == 403
