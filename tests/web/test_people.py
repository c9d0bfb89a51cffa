"""Persons in the browser: found, registered once, put right, and asked for their consent."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from contracts.access import Role
from launcher.demonstration import REFERRER
from launcher.journey.course import Course
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph
from tests.support.running import signed_in

DESK: Final = Staff(REFERRER, Role.DESK_OPERATOR)
WORKER: Final = Staff(REFERRER, Role.CASE_WORKER)
COORDINATOR: Final = Staff(REFERRER, Role.AGENCY_COORDINATOR)
PAGES: Final = {
    "person": "",
    "edit": "/edit",
    "story": "/story",
    "pathways": "/pathways",
    "consents": "/consents",
    "consent": "/consents/new",
    "accesses": "/accesses",
}


@pytest.fixture
def registered(stack: Stack) -> dict[str, Any]:
    """Give a person whom the agency registered a moment ago."""
    with signed_in(stack, REFERRER, Role.DESK_OPERATOR) as client:
        return client.post("/people", invented(chosen("V1")[0].context).details)


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_pages_of_a_person(
    browse: Browse, course: Course, name: str, width: Width, language: str
) -> None:
    """At the desk and on a phone, in both languages."""
    page = browse(COORDINATOR, width=width, language=language).page
    page.goto(f"/people/{course.person_id}{PAGES[name]}")
    photograph(page, f"{name}-{language}-{width.name.lower()}")
    assert axe(page) == []
    assert _sideways(page) == 0


@pytest.mark.parametrize("path", ["/people", "/people/new"])
def test_everybody_can_find_and_register(
    browse: Browse, path: str, width: Width, language: str
) -> None:
    """The two pages with which every talk begins."""
    page = browse(DESK, width=width, language=language).page
    page.goto(path)
    photograph(page, f"{path.strip('/').replace('/', '-')}-{language}-{width.name.lower()}")
    assert axe(page) == []
    assert _sideways(page) == 0


def _sideways(page: Page) -> int:
    """Return by how much a page is wider than the screen."""
    over: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return over


def test_a_person_is_found_while_the_name_is_typed(
    browse: Browse, registered: dict[str, Any]
) -> None:
    """Without a button, and without the name in an address."""
    page = browse(DESK).page
    page.goto("/people")
    page.locator("[name=name]").press_sequentially(registered["details"]["family_name"])
    expect(page.locator(f"#found a[href='/people/{registered['person_id']}']")).to_be_visible()
    assert page.url.endswith("/people")


def test_a_person_is_found_without_scripts(browse: Browse, registered: dict[str, Any]) -> None:
    """An old machine, or a script that did not come."""
    page = browse(DESK, java_script_enabled=False).page
    page.goto("/people")
    page.locator("[name=name]").fill(registered["details"]["family_name"])
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(f"#found a[href='/people/{registered['person_id']}']")).to_be_visible()


def test_whoever_is_registered_already_is_shown_while_typing(
    browse: Browse, registered: dict[str, Any], width: Width
) -> None:
    """Before the form is sent, so that nobody is entered twice."""
    page = browse(DESK, width=width).page
    page.goto("/people/new")
    for name in ("given_name", "family_name", "birth_date"):
        page.locator(f"[name={name}]").fill(registered["details"][name])
    expect(page.locator(f"#duplicates a[href='/people/{registered['person_id']}']")).to_be_visible()
    assert axe(page, within="#duplicates") == []


def test_a_refused_form_keeps_everything_and_says_why(browse: Browse, language: str) -> None:
    """The reader is at the summary, the fields hold what was typed."""
    watched = browse(DESK, language=language, java_script_enabled=True)
    watched.allow(422)
    page = watched.page
    page.goto("/people/new")
    _fill_in(page, invented(chosen("V1")[0].context).details)
    page.locator("[name=tax_code]").fill("not-a-code")
    page.locator("#f-citizenships-0").select_option("MA")
    page.locator("#f-citizenships-1").select_option("IT")
    page.locator("main form").evaluate("(form) => { form.noValidate = true; }")
    page.locator("main form button.btn-primary[type=submit]").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("[name=tax_code]")).to_have_value("not-a-code")
    expect(page.locator("#f-citizenships-1")).to_have_value("IT")
    assert axe(page) == []


def _fill_in(page: Page, person: dict[str, Any]) -> None:
    for name in ("given_name", "family_name", "birth_date"):
        page.locator(f"main [name={name}]").fill(person[name])
    for name in ("gender", "language", "mother_tongue", "municipality", "birth_country"):
        page.locator(f"main [name={name}]").select_option(person[name])


def test_two_who_correct_at_once_see_where_they_differ(
    browse: Browse, registered: dict[str, Any], width: Width
) -> None:
    """The second one reads both versions in words, and nothing typed is lost."""
    path = f"/people/{registered['person_id']}/edit"
    first, second = browse(DESK), browse(WORKER, width=width)
    second.allow(409)
    for watched in (first, second):
        watched.page.goto(path)
    first.page.locator("[name=municipality]").select_option("001171")
    second.page.locator("[name=municipality]").select_option("001194")
    first.page.locator("[name=phone]").fill("+39 011 000001")
    second.page.locator("[name=phone]").fill("+39 011 000002")
    for watched in (first, second):
        watched.page.locator("main form button.btn-primary[type=submit]").last.click()
        watched.page.wait_for_load_state()
    table = second.page.locator("main table")
    expect(table).to_contain_text("+39 011 000001")
    expect(table).to_contain_text("+39 011 000002")
    assert axe(second.page) == []


def test_a_consent_is_recorded_and_taken_back(browse: Browse, registered: dict[str, Any]) -> None:
    """Taking back asks first, since the other agency sees nothing from then on."""
    page = browse(WORKER).page
    page.goto(f"/people/{registered['person_id']}/consents/new")
    page.locator("main form button.btn-primary[type=submit]").first.click()
    page.goto(f"/people/{registered['person_id']}/consents")
    page.locator("form[action$='/withdrawal'] button").click()
    page.locator("#confirm-dialog button[value=yes]").click()
    expect(page.locator(".notice-success")).to_be_visible()
    expect(page.locator("form[action$='/withdrawal']")).to_have_count(0)


def test_the_sheet_of_a_consent_is_a_pdf(browse: Browse, course: Course) -> None:
    """To be signed by hand."""
    page = browse(WORKER).page
    page.goto(f"/people/{course.person_id}/consents")
    to = page.locator("a[href$='/sheet']").first.get_attribute("href")
    answer = page.request.get(str(to))
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")


def test_a_person_of_another_agency_has_no_page(browse: Browse, course: Course) -> None:
    """And the page that says so can be used by everybody, too."""
    watched = browse(Staff("Comune di Piossasco", Role.CASE_WORKER))
    watched.allow(404)
    watched.page.goto(f"/people/{course.person_id}")
    expect(watched.page.locator("main h1")).to_be_visible()
    assert axe(watched.page) == []
