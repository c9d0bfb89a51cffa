"""The scheda in a browser: filled in by one, by two, with the line cut; read and completed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from contracts.access import Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.journey.client import Client
from launcher.journey.people import invented
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph
from tests.support.scheda import VIGNETTES, Vignette

WORKER: Final = Staff(REFERRER, Role.CASE_WORKER)
COLLEAGUE: Final = Staff(REFERRER, Role.AGENCY_COORDINATOR)
V1: Final = next(each for each in VIGNETTES if each.id == "V1")
SAVED: Final = "#save-state[data-save-state=saved]"


@dataclass(frozen=True)
class Begun:
    """A person with a draft."""

    person_id: str
    screening_id: str

    @property
    def path(self) -> str:
        """The draft's address."""
        return f"/screenings/{self.screening_id}"


class Beginner:
    """Registers people and begins their screenings, beside the browser."""

    def __init__(self, stack: Stack) -> None:
        """Remember where, and who."""
        self._stack = stack

    def begin(self, vignette: Vignette = V1, *, answered: bool = False) -> Begun:
        """Begin a screening in Arabic of somebody new, and answer it where that is asked for."""
        accounts = demonstration.require_accounts(self._stack.home)
        account = demonstration.staff_of(accounts, WORKER.agency, WORKER.role)
        details = {**invented(vignette.context.dump()).details, "language": "ar"}
        with Client(self._stack.gateway_url) as client:
            client.sign_in(account.email, account.password)
            person_id = client.post("/people", details)["person_id"]
            asked = {"mode": vignette.mode.value, "language": "ar"}
            draft = client.post(f"/people/{person_id}/screenings", asked)
            if answered:
                body = {"version": draft["version"], "answers": vignette.answers}
                client.patch(f"/screenings/{draft['screening_id']}/answers", body)
        return Begun(person_id, draft["screening_id"])


@pytest.fixture(scope="session")
def beginner(stack: Stack) -> Beginner:
    """Give a way to begin screenings."""
    return Beginner(stack)


def choose(page: Page, question: str, answer: str) -> None:
    """Choose an answer as a hand does."""
    page.locator(f'#q-{question} label.option:has(input[value="{answer}"])').click()


def chosen(page: Page, question: str, answer: str) -> Any:
    """Return the field of an answer."""
    return page.locator(f'#q-{question} input[value="{answer}"]')


def save(page: Page) -> None:
    """Wait until everything is saved."""
    page.wait_for_selector(SAVED)


@pytest.mark.parametrize("view", ["", "&view=person"], ids=["beside", "turned-around"])
def test_everybody_can_use_a_section(
    view: str, browse: Browse, width: Width, language: str, beginner: Beginner
) -> None:
    """Beside the worker's language and turned around to the person, from right to left."""
    page = browse(WORKER, width=width, language=language).page
    page.goto(f"{beginner.begin().path}?section=LAV{view}")
    photograph(page, f"section{view.replace('&view=', '-')}-{language}-{width.name.lower()}")
    assert axe(page) == []


def test_nothing_of_a_section_is_wider_than_a_phone(browse: Browse, beginner: Beginner) -> None:
    """Nobody scrolls sideways."""
    page = browse(WORKER, width=Width.PHONE).page
    page.goto(beginner.begin().path)
    assert page.evaluate("document.documentElement.scrollWidth") == Width.PHONE.value[0]


def test_an_interview_gives_the_agreed_levels(browse: Browse, beginner: Beginner) -> None:
    """From the first question to the result, answer by answer."""
    page = browse(WORKER).page
    page.goto(beginner.begin().path)
    while "/completion" not in page.url:
        # Questions come and go with the answers: ask the page each time for the next open one.
        while page.locator("fieldset.question-open").count():
            code = (page.locator("fieldset.question-open").first.get_attribute("id") or "")[2:]
            given = V1.answers[code]
            for answer in [given] if isinstance(given, str) else given:
                choose(page, code, answer)
            expect(page.locator(f"#q-{code}")).not_to_have_class("question question-open")
        section = page.url
        page.locator(".scheda-moves .btn-primary").click()
        page.wait_for_url(lambda address, here=section: address != here)  # type: ignore[misc]  # a default binds it now
    rows = page.locator("tr[data-domain]")
    levels = rows.evaluate_all("rows => rows.map(({dataset}) => [dataset.domain, dataset.level])")
    assert dict(levels) == V1.expected["levels"]


def test_an_answer_is_saved_by_the_keyboard_alone(browse: Browse, beginner: Beginner) -> None:
    """The focus stays where it is while questions come and go."""
    page = browse(WORKER).page
    page.goto(f"{beginner.begin().path}?section=CAS")
    chosen(page, "CAS1", "c").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("fieldset.question")).to_have_count(1)
    expect(chosen(page, "CAS1", "d")).to_be_focused()


def test_two_at_once_see_each_other_s_answers(browse: Browse, beginner: Beginner) -> None:
    """What one answers appears at the other with the next save."""
    draft = beginner.begin()
    one, other = browse(WORKER).page, browse(COLLEAGUE).page
    for page in (one, other):
        page.goto(f"{draft.path}?section=CAS")
    choose(one, "CAS2", "a")
    save(one)
    choose(other, "CAS3", "b")
    save(other)
    expect(chosen(other, "CAS2", "a")).to_be_checked()


def test_two_answers_to_one_question_are_settled_where_they_are(
    browse: Browse, beginner: Beginner
) -> None:
    """Nothing else is blocked, and whoever chooses decides."""
    draft = beginner.begin()
    watched = browse(WORKER)
    watched.allow(409)
    one, other = watched.page, browse(COLLEAGUE).page
    for page in (one, other):
        page.goto(f"{draft.path}?section=CAS")
    choose(other, "CAS3", "b")
    save(other)
    choose(one, "CAS3", "c")
    one.get_by_role("button", name="Usa la mia").click()
    save(one)
    expect(chosen(one, "CAS3", "c")).to_be_checked()


def test_nothing_chosen_is_lost_when_the_line_is_cut(browse: Browse, beginner: Beginner) -> None:
    """It stays on the page, leaves when the line is back, and no copy remains."""
    draft = beginner.begin()
    watched = browse(WORKER)
    watched.allow_lost_line()
    page = watched.page
    page.goto(f"{draft.path}?section=CAS")
    page.context.set_offline(True)
    choose(page, "CAS1", "b")
    choose(page, "CAS2", "b")
    page.wait_for_selector("#save-state[data-save-state=unsent]")
    assert page.evaluate("sessionStorage.length") == 1
    page.context.set_offline(False)
    save(page)
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(chosen(page, "CAS2", "b")).to_be_checked()


def test_the_page_is_hidden_at_once_from_whoever_comes_in(
    browse: Browse, beginner: Beginner
) -> None:
    """One key, twice; the title tells nothing either."""
    page = browse(WORKER).page
    page.goto(f"{beginner.begin().path}?section=SIC")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#answers")).to_be_hidden()
    expect(page.locator("h1")).to_be_hidden()


def test_a_section_is_filled_in_without_scripts(browse: Browse, beginner: Beginner) -> None:
    """One button saves and goes on."""
    page = browse(WORKER, java_script_enabled=False).page
    page.goto(f"{beginner.begin().path}?section=DOC")
    choose(page, "DOC3", "b")
    page.locator(".scheda-moves .btn-primary").click()
    page.locator('.step[value="go:DOC"]').click()
    expect(chosen(page, "DOC3", "b")).to_be_checked()


def test_a_result_is_read_completed_and_followed(
    browse: Browse, width: Width, language: str, beginner: Beginner
) -> None:
    """Two buttons from the last answer to every referral, which come without a reload."""
    draft = beginner.begin(answered=True)
    page = browse(WORKER, width=width, language=language).page
    page.goto(f"{draft.path}/completion")
    photograph(page, f"completion-{language}-{width.name.lower()}")
    assert axe(page) == []
    page.locator("button[name=fill][value=agreed]").click()
    page.locator(".send-all .btn-primary").click()
    page.wait_for_selector("#arrivals[data-settled=true]", timeout=60_000)
    expect(page.locator("#arrivals .loading")).to_have_count(0)
    photograph(page, f"result-{language}-{width.name.lower()}")
    assert axe(page) == []


def test_everybody_can_use_the_list_and_the_beginning(
    browse: Browse, width: Width, language: str, beginner: Beginner
) -> None:
    """Whoever has a draft is offered to take it up."""
    draft = beginner.begin()
    page = browse(WORKER, width=width, language=language).page
    page.goto("/screenings?status=draft")
    assert axe(page) == []
    page.goto(f"/people/{draft.person_id}/screenings/new")
    assert axe(page) == []
    page.locator(".resume .btn-primary").click()
    expect(page.locator("#answers")).to_be_visible()
