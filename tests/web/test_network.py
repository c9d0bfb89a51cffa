"""The network in the browser: pathways, services, gatherings, indicators and accesses."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from contracts.access import Role
from launcher.demonstration import REFERRER
from launcher.journey.course import Course
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph
from tests.support.running import signed_in

COORDINATOR: Final = Staff(REFERRER, Role.AGENCY_COORDINATOR)
NETWORK: Final = Staff("CIDIS", Role.NETWORK_COORDINATOR)
ORGANISER: Final = Staff(REFERRER, Role.EVENT_ORGANISER)
VIEWER: Final = Staff("CIDIS", Role.VIEWER)


@pytest.mark.parametrize(
    ("staff", "path"),
    [
        (NETWORK, "/pathways"),
        (NETWORK, "/network"),
        (COORDINATOR, "/services"),
        (COORDINATOR, "/services/new"),
        (COORDINATOR, "/accesses"),
        (ORGANISER, "/gatherings"),
        (ORGANISER, "/gatherings/new"),
        (VIEWER, "/indicators"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.role.value,
)
def test_everybody_can_use_the_pages_of_the_network(
    browse: Browse, staff: Staff, path: str, width: Width, language: str
) -> None:
    """Each as the one who works with it."""
    page = browse(staff, width=width, language=language).page
    page.goto(path)
    photograph(page, f"{path.strip('/').replace('/', '-')}-{language}-{width.name.lower()}")
    assert axe(page) == []


@pytest.mark.parametrize(
    ("staff", "path"),
    [(NETWORK, "/pathways"), (COORDINATOR, "/services"), (ORGANISER, "/gatherings")],
)
def test_everybody_can_use_what_a_list_leads_to(
    browse: Browse, staff: Staff, path: str, width: Width
) -> None:
    """The first one of each list."""
    page = browse(staff, width=width).page
    page.goto(path)
    rows = page.locator(f"main :is(h2, th) a[href^='{path}/']")
    page.goto(str(rows.first.get_attribute("href")))
    photograph(page, f"one-of-{path.strip('/')}-{width.name.lower()}")
    assert axe(page) == []


def test_a_gathering_is_announced_and_its_door_counted(browse: Browse) -> None:
    """On a phone at the door: one tap for each group that comes in."""
    page = browse(ORGANISER, width=Width.PHONE).page
    page.goto("/gatherings/new")
    page.locator("[name=title]").fill("Merenda di quartiere")
    page.locator("[name=kind]").first.check()
    page.locator("[name=municipality]").select_option("001171")
    page.locator("[name=starts_at]").fill("2026-01-10T16:00")
    page.locator("main form button.btn-primary[type=submit]").last.tap()
    page.get_by_role("button", name="Conta 5").tap()
    expect(page.locator(".count-number").first).to_have_text("5")
    assert axe(page) == []


def test_a_service_is_published_and_found(browse: Browse, language: str) -> None:
    """Its agency keeps it true; everybody finds it at once."""
    watched = browse(COORDINATOR, language=language)
    page = watched.page
    page.goto("/services/new")
    name = f"Sportello di prova {language}"
    page.locator("[name=name]").fill(name)
    page.locator("[name=access_mode]").select_option(index=1)
    page.locator("main details summary").first.click()
    page.locator("main details [name=categories]").first.check()
    page.locator("[name=municipalities][value='001171']").check()
    page.locator("[name=review_due_on]").fill("2027-05-01")
    page.locator("main form button.btn-primary[type=submit]").last.click()
    expect(page.locator("main h1")).to_have_text(name)
    page.goto(f"/services?text={name}")
    expect(page.locator("main h2").first).to_have_text(name)


def test_a_search_that_finds_nothing_says_how_to_go_on(browse: Browse, width: Width) -> None:
    """An empty page helps nobody."""
    page = browse(COORDINATOR, width=width).page
    page.goto("/services?text=zzzzzz")
    expect(page.locator(".empty-state a")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("path", ["/services.csv", "/indicators.csv"])
def test_a_table_to_keep_opens_in_columns(browse: Browse, path: str) -> None:
    """A spreadsheet set to Italian takes it as it comes."""
    answer = browse(VIEWER).page.request.get(path)
    head = answer.body().decode("utf-8").splitlines()[0]
    assert (head[0], ";" in head) == ("\ufeff", True)


def test_a_coordinator_reads_who_saw_a_person(
    browse: Browse, stack: Stack, course: Course, width: Width
) -> None:
    """In words, the newest first."""
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        client.get(f"/people/{course.person_id}")
    page = browse(COORDINATOR, width=width).page
    page.goto(f"/people/{course.person_id}/accesses")
    expect(page.locator("main tbody")).to_contain_text("ha letto i dati della persona")
    assert axe(page) == []


def test_whoever_may_not_see_persons_is_told_so(browse: Browse, language: str) -> None:
    """Plainly, and with a way on."""
    watched = browse(VIEWER, language=language)
    watched.allow(403)
    watched.page.goto("/people")
    expect(watched.page.locator("main h1")).to_be_visible()
    assert axe(watched.page) == []
