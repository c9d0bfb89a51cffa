"""Administration and operations in the browser."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from chassis import clock
from contracts.access import Role
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph

_A_WHILE: Final = 40_000
"""Milliseconds within which a part that renews itself every ten seconds has done so."""

ADMINISTRATOR: Final = Staff("CIDIS", Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    "path",
    [
        "/administration",
        "/administration/users/new",
        "/administration/programs",
        "/administration/programs/new",
        "/administration/log",
        "/administration/log/verdict",
        "/administration/reports",
        "/operations",
        "/operations/letters",
    ],
)
def test_everybody_can_use_the_administration(
    browse: Browse, width: Width, language: str, path: str
) -> None:
    """Each of its pages, on both widths and in both languages."""
    page = browse(ADMINISTRATOR, width=width, language=language).page
    page.goto(path)
    photograph(page, f"{path.strip('/').replace('/', '-')}-{language}-{width.name.lower()}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width.value[0]


def _invite(page: Page) -> None:
    page.goto("/administration/users/new")
    page.locator("[name=name]").fill("Prova Inventata")
    page.locator("[name=email]").fill(f"{clock.new_id()}@example.org")
    page.locator("[name=agency_id]").select_option(index=1)
    page.locator("[name=roles][value=viewer]").check()
    page.locator("form[action='/administration/users/new'] [type=submit]").click()


def test_an_invited_person_chooses_a_password_and_begins(browse: Browse, width: Width) -> None:
    """The link is shown once, and by it the person comes in."""
    page = browse(ADMINISTRATOR, width=width).page
    _invite(page)
    link = page.locator("#one-time-link").inner_text()
    assert axe(page) == []
    invited = browse(width=width).page
    invited.goto("/link" + link[link.index("#") :])
    invited.locator("[name=password]").fill("quattro parole senza legame")
    invited.locator("#link-form [type=submit]").first.click()
    invited.wait_for_url("**/sign-in")


def test_an_account_is_shut_after_a_question(browse: Browse) -> None:
    """And its page says so."""
    page = browse(ADMINISTRATOR).page
    _invite(page)
    page.locator("main a.btn-primary").click()
    page.locator("form[action$='/disablement'] [type=submit]").click()
    page.locator("#confirm-dialog [value=yes]").click()
    expect(page.locator("form[action$='/enablement']")).to_be_visible()
    assert axe(page) == []


def test_the_state_of_the_system_renews_itself(browse: Browse) -> None:
    """Whoever looks needs no reload."""
    page = browse(ADMINISTRATOR).page
    page.goto("/operations")
    expect(page.locator("table tbody tr")).to_have_count(7)
    with page.expect_response(lambda answer: answer.url.endswith("/operations"), timeout=_A_WHILE):
        pass
