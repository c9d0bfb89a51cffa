"""The page of a case's team: who may change it, whom it names, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from contracts.access import Role
from contracts.intake import Case, CasePage, CaseState, GetPerson, ListCases, SetCaseTeam
from contracts.language import Category
from tests.support.gateway import COLLEAGUE, TOKEN, USER, Gateway, refusal
from tests.support.pages import Browser, at_the_desk
from tests.support.service_answers import AGENCY, INSTANT, PERSON, a_person

CASE = Case(
    case_id=UUID("01920000-0000-7000-8000-0000000000c7"),
    person_id=PERSON,
    agency_id=AGENCY,
    worker_id=USER,
    version=3,
    state=CaseState.OPEN,
    opened_at=INSTANT,
)
STRANGER = UUID("01920000-0000-7000-8000-0000000000b9")
PAGE = f"/people/{PERSON}/cases/{CASE.case_id}/team"


@pytest.fixture
def desk(gateway: Gateway) -> Browser:
    """Give the browser of the case worker who leads the case."""
    gateway.port.teach(GetPerson, a_person())
    _case(gateway, CASE)
    return at_the_desk(gateway)


def _case(gateway: Gateway, case: Case) -> None:
    gateway.port.teach(ListCases, CasePage(items=(case,)))


def test_the_lead_takes_a_colleague_in(gateway: Gateway, desk: Browser) -> None:
    """The page offers the staff of the agency, and sends the version that it showed."""
    page = desk.look(PAGE)
    assert "Bruna Colli" in page.text
    gateway.port.teach(SetCaseTeam, replace(CASE, members=(COLLEAGUE,)))
    sent = desk.send_on(page, PAGE, worker_id=str(USER), members=str(COLLEAGUE))
    assert sent.headers["Location"] == f"/people/{PERSON}"
    assert gateway.port.asked[-1] == SetCaseTeam(
        person_id=PERSON,
        case_id=CASE.case_id,
        version=3,
        worker_id=USER,
        members=(COLLEAGUE,),
    )


def test_who_does_not_work_for_the_agency_is_not_taken_in(gateway: Gateway, desk: Browser) -> None:
    """Whatever a form says: intake could not know."""
    sent = desk.send(PAGE, version="3", worker_id=str(USER), members=str(STRANGER))
    assert (sent.status_code, "solo chi lavora nell&#39;ente" in sent.text) == (422, True)
    assert not any(isinstance(each, SetCaseTeam) for each in gateway.port.asked)


def test_a_team_changed_meanwhile_is_shown_beside_what_was_typed(
    gateway: Gateway, desk: Browser
) -> None:
    """Nothing is overwritten unseen, and nothing typed is lost."""
    _case(gateway, replace(CASE, version=4, members=(COLLEAGUE,)))
    gateway.port.teach(SetCaseTeam, refusal(Category.CONFLICT, "version-mismatch"))
    page = desk.send(PAGE, version="3", worker_id=str(COLLEAGUE))
    assert "Come è l'équipe ora" in page.text
    assert f'<option value="{COLLEAGUE}" selected>' in page.text
    assert 'name="version" value="4"' in page.text


@pytest.mark.parametrize(
    ("role", "lead", "offered"),
    [
        (Role.CASE_WORKER, USER, True),
        (Role.CASE_WORKER, COLLEAGUE, False),
        (Role.AGENCY_COORDINATOR, COLLEAGUE, True),
    ],
)
def test_the_team_is_changed_by_its_lead_or_a_coordinator(
    gateway: Gateway, desk: Browser, role: Role, lead: UUID, *, offered: bool
) -> None:
    """The person's page leads there whoever may, and the page itself says who else does."""
    gateway.identity.let_in(TOKEN, role)
    _case(gateway, replace(CASE, worker_id=lead))
    assert (PAGE in desk.look(f"/people/{PERSON}").text) is offered
    assert ("Salva l'équipe" in desk.look(PAGE).text) is offered
