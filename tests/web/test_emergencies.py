"""An emergency in the browser: opened where a search found nobody, read, and judged by others."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from contracts.access import Role
from launcher.demonstration import REFERRER
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph
from tests.support.running import signed_in

STRANGER: Final = Staff("Comune di Rivalta di Torino", Role.AGENCY_COORDINATOR)
COORDINATOR: Final = Staff(REFERRER, Role.AGENCY_COORDINATOR)
OFFICER: Final = Staff("CIDIS", Role.PRIVACY_OFFICER)


@pytest.fixture
def stranger_knows(stack: Stack) -> dict[str, Any]:
    """Give the details of a person whom another agency registered a moment ago."""
    with signed_in(stack, REFERRER, Role.DESK_OPERATOR) as client:
        person = client.post("/people", invented(chosen("V1")[0].context).details)
    details: dict[str, Any] = person["details"]
    return details


def test_an_emergency_is_opened_read_and_judged(
    browse: Browse, stranger_knows: dict[str, Any]
) -> None:
    """From a search in vain to the person's page, which goes as soon as it was not justified."""
    watched = browse(STRANGER)
    page = watched.page
    page.goto("/people")
    page.locator("[name=name]").press_sequentially(stranger_knows["family_name"])
    page.locator("#found a[href='/emergencies']").click()
    page.get_by_label("Un minore a rischio").check()
    for name in ("given_name", "family_name", "birth_date"):
        page.locator(f"main [name={name}]").fill(stranger_knows[name])
    page.get_by_role("button", name="Apri in emergenza").click()
    expect(page.locator("main h1")).to_contain_text(stranger_knows["family_name"])
    expect(page.locator(".notice-danger").first).to_contain_text("sola lettura")
    expect(page.locator("main form")).to_have_count(0)
    assert axe(page) == []

    reviewer = browse(COORDINATOR, width=Width.PHONE).page
    reviewer.goto("/emergencies/reviews")
    waiting = reviewer.locator("article", has_text=stranger_knows["family_name"])
    waiting.get_by_role("button", name="Non era giustificato").click()
    expect(reviewer.locator(".notice-success")).to_be_visible()
    expect(waiting).to_have_count(0)

    watched.allow(404)
    page.reload()
    expect(page.locator("main")).not_to_contain_text(stranger_knows["family_name"])


@pytest.mark.parametrize(
    ("staff", "path"),
    [(STRANGER, "/emergencies"), (OFFICER, "/emergencies/reviews?queue=reviewed")],
)
def test_everybody_can_use_the_pages_of_emergencies(
    browse: Browse, staff: Staff, path: str, width: Width, language: str
) -> None:
    """At the desk and on a phone, in both languages."""
    page = browse(staff, width=width, language=language).page
    page.goto(path)
    name = path.partition("?")[0].strip("/").replace("/", "-")
    photograph(page, f"{name}-{language}-{width.name.lower()}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width.value[0]
