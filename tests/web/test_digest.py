"""The choice of a digest in the browser, at a gateway over fakes that has a way out for mails."""

from __future__ import annotations

from playwright.sync_api import expect

from gateway.identity.digest_language import DigestFrequency
from gateway.identity.notifier import Mail
from tests.support.axe import axe
from tests.support.browsing import Browse, Width, photograph
from tests.support.served import Served, let_in


def test_somebody_chooses_a_digest(over_fakes: Served, browse: Browse, width: Width) -> None:
    """It is off until then, and said to be chosen afterwards."""
    gateway, site = over_fakes
    gateway.identity.notifier = Mail.at("smtp://127.0.0.1", sender="plurali@example.org")
    page = let_in(browse(site=site, width=width).page, site)
    page.goto("/account")
    digest = page.locator("#digest")
    expect(digest.locator("[value=never]")).to_be_checked()
    digest.locator("label", has=page.locator("[value=weekly]")).click()
    digest.locator("[type=submit]").click()
    expect(page.locator(".notice-success")).to_be_visible()
    expect(digest.locator("[value=weekly]")).to_be_checked()
    photograph(page, f"account-digest-{width.name.lower()}")
    assert gateway.identity.chosen.frequency is DigestFrequency.WEEKLY
    assert axe(page) == []
