"""The own account in the browser: who I am, the second step, the rules, what suits me."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from contracts.access import Role
from launcher.demonstration import REFERRER
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph

DESK: Final = Staff(REFERRER, Role.DESK_OPERATOR)


@pytest.mark.parametrize(
    "path",
    ["/account", "/account/password", "/account/second-step", "/account/conduct", "/account/proof"],
)
def test_everybody_can_use_the_own_account(
    browse: Browse, width: Width, language: str, path: str
) -> None:
    """Each of its pages, on both widths and in both languages."""
    page = browse(DESK, width=width, language=language).page
    page.goto(path)
    photograph(page, f"{path.strip('/').replace('/', '-')}-{language}-{width.name.lower()}")
    assert axe(page) == []


def test_an_authenticator_is_shown_as_drawing_and_as_text(browse: Browse, width: Width) -> None:
    """Whoever cannot scan types it."""
    page = browse(DESK, width=width).page
    page.goto("/account/second-step")
    page.locator("form[action$='/authenticator'] [type=submit]").click()
    expect(page.locator("img.qr")).to_be_visible()
    expect(page.locator(".secret")).to_be_visible()
    assert axe(page) == []


def test_a_wrong_first_code_keeps_the_same_secret(browse: Browse) -> None:
    """The phone has it already."""
    watched = browse(DESK)
    page = watched.page
    page.goto("/account/second-step")
    page.locator("form[action$='/authenticator'] [type=submit]").click()
    secret = page.locator(".secret").inner_text()
    watched.allow(401)
    page.locator("[name=code]").fill("000000")
    page.locator("form[action$='/confirmation'] [type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.locator(".secret").inner_text() == secret


def test_shortcuts_can_be_switched_off(browse: Browse) -> None:
    """Single keys disturb whoever speaks to the computer."""
    page = browse(DESK).page
    page.goto("/account")
    page.locator("form[action='/account/shortcuts'] [type=submit]").click()
    expect(page.locator("body")).to_have_attribute("data-shortcuts", "off")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-help")).to_be_hidden()


def test_a_new_password_is_counted_and_can_be_looked_at(browse: Browse) -> None:
    """Only its length is judged."""
    page = browse(DESK).page
    page.goto("/account/password")
    page.locator("[name=password]").fill("quattro parole")
    expect(page.locator("[data-length-count]")).to_have_text("14")
    page.locator("[data-reveal]").click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
