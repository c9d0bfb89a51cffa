"""Pages of a screening over the real rules of the form, with everything around them in memory."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from chassis.errors import ServiceUnavailable
from contracts.access import Role
from contracts.intake import (
    Case,
    CasePage,
    CaseState,
    GetPerson,
    GetScreeningContext,
    ListCases,
    ListNames,
    PersonName,
    PersonNames,
)
from contracts.pathways import EnrolmentPage, ListEnrolments
from contracts.referrals import ExplainMatches, ListNeeds, Matches, NeedPage
from contracts.screening import SaveAnswers, ScreeningMode, StartScreening
from tests.support.gateway import AGENCY, TOKEN, Gateway
from tests.support.interviews import COLLEAGUE, Interviews
from tests.support.pages import Browser, at_the_desk
from tests.support.scheda import CONTEXT, VIGNETTES
from tests.support.service_answers import DETAILS, INSTANT, PERSON, SCREENING, a_person

PATH = f"/screenings/{SCREENING}"
V1 = next(each for each in VIGNETTES if each.id == "V1")
A_CASE = Case(
    case_id=UUID("01920000-0000-7000-8000-0000000000c7"),
    person_id=PERSON,
    agency_id=AGENCY,
    worker_id=COLLEAGUE,
    state=CaseState.OPEN,
    opened_at=INSTANT,
)


@pytest.fixture
def interviews(gateway: Gateway) -> Interviews:
    """Return the one screening that the services know."""
    served = Interviews()
    served.teach(gateway)
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListCases, CasePage(items=()))
    gateway.port.teach(GetScreeningContext, CONTEXT)
    gateway.port.teach(StartScreening, lambda _: served.shown)
    gateway.port.teach(ExplainMatches, Matches(items=()))
    gateway.port.teach(ListNeeds, NeedPage(items=()))
    gateway.port.teach(ListEnrolments, EnrolmentPage(items=()))
    gateway.port.teach(
        ListNames,
        PersonNames(
            items=(
                PersonName(
                    person_id=PERSON,
                    given_name=DETAILS.given_name,
                    family_name=DETAILS.family_name,
                    birth_date=DETAILS.birth_date,
                ),
            )
        ),
    )
    return served


@pytest.fixture
def desk(gateway: Gateway, interviews: Interviews) -> Browser:
    """Return the browser of the case worker who conducts the interview."""
    assert interviews.state.answers == {}
    return at_the_desk(gateway)


def send(desk: Browser, section: str, **typed: Any) -> Any:
    """Send a section's form; double underscores stand for the dots in names."""
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    return desk.send(f"{PATH}/answers", section=section, form_version="0.1", **fields)


def inside(page: Any) -> list[str]:
    """Return the codes of the questions on a page."""
    return re.findall(r'id="q-(\w+)"', page.text)


def test_a_draft_opens_at_the_first_section_with_something_left(
    desk: Browser, interviews: Interviews
) -> None:
    """Whoever takes it up goes on where it stopped."""
    interviews.answer(CAS1="a", CAS2="a", CAS3="a", CAS4="a")
    assert inside(desk.look(PATH)) == ["DOC1", "DOC2", "DOC3", "DOC4"]


def test_a_question_is_shown_in_the_person_s_language_beside_the_worker_s(desk: Browser) -> None:
    """Each text says in which language and direction it is."""
    page = desk.look(f"{PATH}?section=CAS").text
    assert "Dove vive in questo periodo?" in page
    assert re.search(r'<span class="theirs" lang="ar" dir="rtl">[^<]+</span>', page)


def test_the_view_for_the_person_is_a_page_in_her_language_and_direction(desk: Browser) -> None:
    """It is turned around on the desk: nothing of the worker's stands on it."""
    page = desk.look(f"{PATH}?section=CAS&view=person").text
    assert '<html lang="ar" dir="rtl">' in page
    assert "app.rtl" in page
    assert "Dove vive in questo periodo?" not in page
    assert DETAILS.family_name not in page


def test_what_the_worker_observes_is_not_asked_of_the_person(desk: Browser) -> None:
    """Whether the talk is private is for the worker to tell."""
    assert inside(desk.look(f"{PATH}?section=SIC&view=person")) == []


def test_saving_a_section_sends_what_changed_and_goes_on(
    desk: Browser, interviews: Interviews
) -> None:
    """Without scripts one button does both."""
    answer = send(desk, "CAS", seen__CAS1="1", answers__CAS1="a", seen__CAS2="1", do="go:after")
    assert answer.headers["Location"].startswith(f"{PATH}?section=DOC")
    assert interviews.state.answers == {"CAS1": "a"}


def test_the_last_section_leads_to_the_result(desk: Browser) -> None:
    """After it there is nothing left to ask."""
    assert (
        send(desk, "ACC", seen__ACC1="1", do="go:after").headers["Location"] == f"{PATH}/completion"
    )


def test_the_first_missing_question_is_found_from_everywhere(
    desk: Browser, interviews: Interviews
) -> None:
    """The address leads to the question itself."""
    interviews.answer(CAS1="a", CAS2="a", CAS4="a")
    answer = send(desk, "ACC", seen__ACC1="2", do="go:missing")
    assert answer.headers["Location"] == f"{PATH}?section=CAS#q-CAS3"


def test_answers_that_go_with_their_question_are_told(
    desk: Browser, interviews: Interviews
) -> None:
    """Nothing disappears silently."""
    interviews.answer(CAS1="a", CAS2="b")
    page = send(
        desk, "CAS", seen__CAS1="2 a", answers__CAS1="d", seen__CAS2="2 b", answers__CAS2="b"
    )
    assert "Non più da chiedere, risposta tolta:" in page.text
    assert inside(page) == ["CAS1"]


def test_answers_of_two_at_once_to_different_questions_are_both_kept(
    desk: Browser, interviews: Interviews
) -> None:
    """Only the same question can be in dispute."""
    interviews.answer(by=COLLEAGUE, CAS3="c")
    page = send(desk, "CAS", seen__CAS1="1", answers__CAS1="a", seen__CAS3="1")
    assert interviews.state.answers == {"CAS1": "a", "CAS3": "c"}
    assert "sta lavorando a questa scheda" in page.text


def test_two_answers_to_one_question_are_shown_to_choose_from(
    desk: Browser, interviews: Interviews
) -> None:
    """The rest is saved; neither answer is lost."""
    interviews.answer(by=COLLEAGUE, CAS3="c")
    page = send(
        desk,
        "CAS",
        seen__CAS3="1",
        answers__CAS3="a",
        seen__CAS2="1",
        answers__CAS2="a",
        do="go:after",
    )
    assert page.status_code == 409
    assert 'name="mine.CAS3" value="a"' in page.text
    assert interviews.state.answers == {"CAS2": "a", "CAS3": "c"}


def test_the_own_answer_wins_when_it_is_chosen(desk: Browser, interviews: Interviews) -> None:
    """The colleague's has been read by then."""
    interviews.answer(by=COLLEAGUE, CAS3="c")
    send(desk, "CAS", seen__CAS3="2 c", answers__CAS3="c", mine__CAS3="a", do="mine:CAS3")
    assert interviews.state.answers == {"CAS3": "a"}


def test_an_answer_to_a_question_no_longer_asked_keeps_no_other_from_being_saved(
    desk: Browser, interviews: Interviews
) -> None:
    """A colleague may just have made it superfluous."""
    interviews.answer(by=COLLEAGUE, CAS1="d")
    page = send(desk, "CAS", seen__CAS2="1", answers__CAS2="a", seen__DOC3="1", answers__DOC3="a")
    assert "Risposta non salvata" in page.text
    assert interviews.state.answers == {"CAS1": "d", "DOC3": "a"}


def test_a_section_is_skipped_and_the_skipping_undone(
    desk: Browser, interviews: Interviews
) -> None:
    """Every open question gets the same reason, and loses it again."""
    sent = {f"seen.{code}": "1" for code in ("FIG1", "FIG2", "FIG3")}
    page = desk.send(f"{PATH}/answers", section="FIG", form_version="0.1", do="skip:PNR", **sent)
    assert set(interviews.state.answers.values()) == {"PNR"}
    undo = re.search(r'name="do" value="(undo:[^"]+)"', page.text)
    assert undo is not None
    again = {f"seen.{code}": "2 PNR" for code in ("FIG1", "FIG2", "FIG3")}
    given = {f"answers.{code}": "PNR" for code in ("FIG1", "FIG2", "FIG3")}
    desk.send(f"{PATH}/answers", section="FIG", form_version="0.1", do=undo[1], **again, **given)
    assert interviews.state.answers == {}


def test_a_live_save_answers_with_the_section_alone(desk: Browser) -> None:
    """The page stays light: what surrounds the questions is not sent again."""
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', desk.look("/help").text)
    assert csrf is not None
    part = desk.client.post(
        f"{PATH}/answers",
        data={"csrf_token": csrf[1], "section": "CAS", "form_version": "0.1", "seen.CAS1": "1"},
        headers={"HX-Request": "true"},
    )
    assert "<html" not in part.text
    assert inside(part) == ["CAS1", "CAS2", "CAS3", "CAS4"]


def test_who_may_not_see_safety_reads_a_colleague_s_draft_without_it(
    gateway: Gateway, interviews: Interviews, desk: Browser
) -> None:
    """Neither the section nor a field to change anything is on the page."""
    interviews.begin(worker_id=COLLEAGUE)
    interviews.role = Role.DESK_OPERATOR
    gateway.identity.let_in(TOKEN, Role.DESK_OPERATOR)
    page = desk.look(PATH).text
    assert "Sicurezza personale" not in page
    assert 'name="seen.CAS1"' not in page


@pytest.mark.parametrize(
    ("asks", "whom"),
    [
        ((Role.CASE_WORKER, A_CASE), "chiedi a Desk, referente del caso"),
        ((Role.CASE_WORKER,), "chiedi al coordinamento"),
        ((Role.DESK_OPERATOR, A_CASE), "chiedi al coordinamento"),
    ],
)
def test_a_result_without_safety_says_whom_to_ask(
    gateway: Gateway,
    interviews: Interviews,
    desk: Browser,
    asks: tuple[Any, ...],
    whom: str,
) -> None:
    """Who works with the person may need to know; the lead decides where the team sees more."""
    interviews.answer(**V1.answers)
    desk.send(f"{PATH}/completion", key="k", version=str(interviews.state.version))
    assert "le vede chi ha fatto il colloquio" not in desk.look(PATH).text
    interviews.leave()
    role, *cases = asks
    interviews.role = role
    gateway.identity.let_in(TOKEN, role)
    gateway.port.teach(ListCases, CasePage(items=tuple(cases)))
    page = desk.look(PATH).text
    assert whom in page
    assert 'name="safety"' not in page


def test_a_draft_that_was_completed_meanwhile_leads_to_its_result(
    desk: Browser, interviews: Interviews
) -> None:
    """The page says what happened instead of failing."""
    interviews.answer(**V1.answers)
    desk.send(f"{PATH}/completion", key="k", version=str(interviews.state.version))
    answer = send(desk, "CAS", seen__CAS1="2 a", answers__CAS1="b")
    assert answer.headers["Location"] == PATH


def test_saving_while_the_service_is_down_keeps_what_was_typed(
    gateway: Gateway, desk: Browser
) -> None:
    """Without scripts the page of the failure can send it again."""
    gateway.port.teach(SaveAnswers, ServiceUnavailable())
    page = send(desk, "CAS", seen__CAS1="1", answers__CAS1="a")
    assert page.status_code == 503
    assert 'name="answers.CAS1" value="a"' in page.text


def test_completing_lists_what_is_missing(desk: Browser, interviews: Interviews) -> None:
    """Each with the way to it, and nothing can be sent."""
    interviews.answer(**{code: given for code, given in V1.answers.items() if code != "CAS3"})
    page = desk.look(f"{PATH}/completion").text
    assert f'href="{PATH}?section=CAS#q-CAS3"' in page
    assert "Completa e invia" not in page


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda each: each.id)
def test_the_result_shows_the_agreed_levels(
    vignette: Any, desk: Browser, interviews: Interviews
) -> None:
    """What the page says is what the rules say."""
    interviews.begin(mode=ScreeningMode(vignette.mode))
    interviews.state = replace(interviews.state, context=vignette.context)
    interviews.answer(**vignette.answers)
    page = desk.look(f"{PATH}/completion").text
    levels = dict(re.findall(r'data-domain="(\w+)" data-level="(\w+)"', page))
    assert levels == vignette.expected["levels"]


def test_filling_in_a_yes_sends_nothing(desk: Browser, interviews: Interviews) -> None:
    """It marks what was not spoken of yet, and leaves a no alone."""
    interviews.answer(**V1.answers)
    page = desk.send(
        f"{PATH}/completion",
        key="k",
        fill="agreed",
        **{
            "choices.5.kind": "pathway",
            "choices.5.code": "ITA",
            "choices.5.decision": "refused",
            "choices.5.reason": "not-now",
        },
    ).text
    chosen = re.findall(r'value="(\w+)" checked', page)
    assert (set(chosen), chosen.count("refused")) == ({"agreed", "refused"}, 1)
    assert interviews.state.results is None


def test_a_no_without_its_reason_is_shown_again_with_every_choice(
    desk: Browser, interviews: Interviews
) -> None:
    """The reason is asked for where the no was said."""
    interviews.answer(**V1.answers)
    page = desk.send(
        f"{PATH}/completion",
        key="k",
        version=str(interviews.state.version),
        **{
            "choices.0.kind": "pathway",
            "choices.0.code": "ITA",
            "choices.0.decision": "refused",
        },
    )
    assert page.status_code == 422
    assert 'value="refused" checked' in page.text
    assert interviews.state.results is None


def test_completing_sends_the_choices(desk: Browser, interviews: Interviews) -> None:
    """A reason left over from a no that became a yes is not sent along."""
    interviews.answer(**V1.answers)
    answer = desk.send(
        f"{PATH}/completion",
        key="k",
        version=str(interviews.state.version),
        **{
            "choices.0.kind": "pathway",
            "choices.0.code": "ITA",
            "choices.0.decision": "agreed",
            "choices.0.reason": "not-now",
        },
    )
    assert answer.headers["Location"] == PATH
    assert interviews.state.results is not None
    decided = {each.code: each.decision for each in interviews.state.results.full.pathways}
    assert decided["ITA"] == "agreed"


def test_a_result_asks_for_what_is_on_its_way_until_it_is_there(
    desk: Browser, interviews: Interviews
) -> None:
    """It says how much is still to come, and offers a way without scripts."""
    interviews.answer(**V1.answers)
    desk.send(f"{PATH}/completion", key="k", version=str(interviews.state.version))
    page = desk.look(PATH).text
    assert f'hx-get="{PATH}/arrivals"' in page
    assert "In arrivo… 0 di" in page


def test_a_result_stops_asking_when_it_has_waited_long_enough(
    desk: Browser, interviews: Interviews
) -> None:
    """Something may be late, or followed by an agency that the reader cannot see."""
    interviews.answer(**V1.answers)
    desk.send(f"{PATH}/completion", key="k", version=str(interviews.state.version))
    interviews.state = replace(interviews.state, completed_at=interviews.state.started_at)
    assert f'hx-get="{PATH}/arrivals"' not in desk.look(PATH).text


def test_a_person_with_a_draft_is_offered_to_resume_it(desk: Browser) -> None:
    """Nobody answers the same questions twice for want of knowing."""
    page = desk.look(f"/people/{PERSON}/screenings/new").text
    assert "Riprendi questa scheda" in page


def test_a_screening_begins_with_what_was_chosen(gateway: Gateway, desk: Browser) -> None:
    """The context comes from the register, not from the form."""
    answer = desk.send(f"/people/{PERSON}/screenings/new", key="k", mode="brief", language="ar")
    assert answer.headers["Location"] == PATH
    begun = next(each for each in gateway.port.asked if isinstance(each, StartScreening))
    assert (begun.mode, begun.language, begun.context) == ("brief", "ar", CONTEXT)


def test_drafts_are_listed_with_the_persons_names(desk: Browser) -> None:
    """One question names everybody on the page."""
    page = desk.look("/screenings?status=draft").text
    assert DETAILS.family_name in page
    assert f'href="{PATH}"' in page


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        (PATH, "page.screening"),
        (f"{PATH}/completion", "page.completion"),
        (f"/people/{PERSON}/screenings/new", "page.new_screening"),
    ],
)
def test_a_look_at_a_screening_is_written_down(
    path: str, operation: str, gateway: Gateway, desk: Browser
) -> None:
    """Whoever asks who looked at a person is told."""
    desk.look(path)
    assert {(row.operation, row.person_id) for row in gateway.access_log.rows} == {
        (operation, PERSON)
    }


def test_a_coordinator_of_the_network_begins_no_screening(gateway: Gateway, desk: Browser) -> None:
    """Reading is not conducting."""
    gateway.identity.let_in(TOKEN, Role.NETWORK_COORDINATOR)
    assert desk.look(f"/people/{PERSON}/screenings/new").status_code == 403
