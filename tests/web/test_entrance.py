"""Coming in, in the browser: what is said when it fails, and that nothing typed is lost."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from contracts.access import Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph, sign_in

DESK: Final = Staff(REFERRER, Role.DESK_OPERATOR)


@pytest.mark.parametrize("path", ["/forgotten-password", "/link", "/feedback", "/style"])
def test_everybody_can_use_the_ways_in(
    browse: Browse, width: Width, language: str, path: str
) -> None:
    """Whoever has no password yet is a member of staff, too."""
    page = browse(width=width, language=language).page
    page.goto(path)
    photograph(page, f"{path.strip('/')}-{language}-{width.name.lower()}")
    assert axe(page) == []


def test_a_wrong_password_is_told_without_telling_who_exists(browse: Browse, width: Width) -> None:
    """One sentence for whatever is wrong."""
    watched = browse(width=width)
    watched.allow(401)
    page = watched.page
    page.goto("/sign-in")
    page.locator("[name=email]").fill("nobody-at-all@example.org")
    page.locator("[name=password]").fill("quite some words")
    page.locator("form:has([name=password]) [type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("[name=email]")).to_have_value("nobody-at-all@example.org")
    assert axe(page) == []


def test_the_secret_of_a_link_leaves_the_address(browse: Browse) -> None:
    """Nobody reads it there, and no bookmark keeps it."""
    page = browse().page
    page.goto("/link#pluralilink_of-a-test")
    expect(page.locator("[name=token]")).to_have_value("pluralilink_of-a-test")
    expect(page.locator("[name=token]")).to_be_hidden()
    assert page.url.endswith("/link")


def test_a_used_link_is_explained(browse: Browse) -> None:
    """With what to do next."""
    watched = browse()
    watched.allow(409)
    page = watched.page
    page.goto("/link#pluralilink_of-a-test")
    page.locator("[name=password]").fill("quattro parole senza legame")
    page.locator("form:has([name=password]) [type=submit]").first.click()
    expect(page.locator(".error-summary")).to_be_visible()


def test_what_was_typed_outlives_the_session(browse: Browse, stack: Stack) -> None:
    """It waits at the sign-in, and is sent on after it."""
    watched = browse()
    page = watched.page
    account = demonstration.staff_of(
        demonstration.require_accounts(stack.home), DESK.agency, DESK.role
    )
    sign_in(page, account.email, account.password)
    page.goto("/account")
    kept = [each for each in page.context.cookies() if each["name"] != "plurali"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)  # type: ignore[arg-type]  # cookies come back as they went
    watched.allow(401)
    page.locator("form[action='/account/shortcuts'] [type=submit]").click()
    page.locator("[name=email]").fill(account.email)
    page.locator("[name=password]").fill(account.password)
    page.locator("form:has([name=password]) [type=submit]").click()
    page.locator("main form [type=submit]").click()
    expect(page.locator("body")).to_have_attribute("data-shortcuts", "off")


def test_a_problem_is_reported_without_signing_in(browse: Browse, width: Width) -> None:
    """Whoever cannot come in can say so."""
    page = browse(width=width).page
    page.goto("/feedback?page=/sign-in")
    page.locator("[name=text]").fill("Una prova della segnalazione.")
    page.locator("form[action='/feedback'] [type=submit]").click()
    expect(page.locator("main h1")).to_contain_text("Grazie")
    assert axe(page) == []
