"""What every page shares, seen at the sign-in and at what follows it."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from contracts.access import Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph, sign_in

DESK: Final = Staff(REFERRER, Role.DESK_OPERATOR)
FIRST_KILOBYTES, LATER_KILOBYTES = 250, 15


def test_everybody_can_use_the_sign_in(browse: Browse, width: Width, language: str) -> None:
    """Whoever cannot come in can use nothing."""
    page = browse(width=width, language=language).page
    page.goto("/sign-in")
    photograph(page, f"sign-in-{language}-{width.name.lower()}")
    assert axe(page) == []


def test_everybody_can_use_the_first_page(browse: Browse, width: Width, language: str) -> None:
    """The day begins here."""
    page = browse(DESK, width=width, language=language).page
    page.goto("/")
    photograph(page, f"home-{language}-{width.name.lower()}")
    assert axe(page) == []


def test_a_member_of_staff_signs_in_and_is_at_work(browse: Browse, stack: Stack) -> None:
    """Two fields and a button."""
    accounts = demonstration.require_accounts(stack.home)
    account = demonstration.staff_of(accounts, DESK.agency, DESK.role)
    page = browse().page
    sign_in(page, account.email, account.password)
    expect(page).to_have_url(f"{stack.gateway_url}/")


def test_a_browser_is_shown_its_own_language(browse: Browse, language: str) -> None:
    """Until somebody chooses, the browser's own language is the best guess."""
    page = browse(language=language).page
    page.goto("/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_language_is_chosen_once(browse: Browse) -> None:
    """And the next page speaks it too."""
    page = browse(language="it").page
    page.goto("/sign-in")
    page.get_by_role("button", name="English").click()
    page.goto("/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_keyboard_passes_the_menu_by(browse: Browse) -> None:
    """The first stop of the keyboard leads to the content."""
    page = browse(DESK).page
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


@pytest.mark.parametrize(("staff", "path"), [(None, "/sign-in"), (DESK, "/")])
def test_no_page_is_wider_than_a_phone(browse: Browse, staff: Staff | None, path: str) -> None:
    """Nobody has to push a page sideways to read it."""
    page = browse(staff, width=Width.PHONE).page
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= Width.PHONE.value[0]


def test_first_page_and_later_ones_are_light(browse: Browse) -> None:
    """A desk on a slow line opens it, and goes on quickly."""
    watched = browse(DESK)
    first = _kilobytes(watched.page, "/")
    later = _kilobytes(watched.page, "/")
    assert (first <= FIRST_KILOBYTES, later <= LATER_KILOBYTES) == (True, True), (first, later)


def _kilobytes(page: Page, path: str) -> float:
    """Return what a page cost on the line, everything that it loads counted."""
    line = page.context.new_cdp_session(page)
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    line.detach()
    return sum(sizes) / 1000
