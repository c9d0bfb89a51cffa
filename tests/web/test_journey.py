"""The main job in the browser: from the sign-in to the closed loop, and on a bad line."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from contracts.access import Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.journey import comparison
from launcher.journey.client import Client
from launcher.journey.course import wait_for
from launcher.journey.vignettes import Vignette, chosen
from launcher.stack import Stack
from tests.support import walking
from tests.support.browsing import Browse, Staff, Width
from tests.support.running import signed_in
from tests.support.walking import Hand, Walk

SENDER: Final = Staff(REFERRER, Role.CASE_WORKER)
RECIPIENT: Final = "Cooperativa Orso"
_MOST_TOUCHES_TO_ACCEPT: Final = 3
_MINUTE: Final = 60_000
# 400 kbit a second, 400 ms late.
_SLOW: Final = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}


@pytest.fixture
def vignette() -> Vignette:
    """Give the mother of two who wants a traineeship."""
    return chosen("V1")[0]


def test_loop_is_closed_in_the_browser_from_the_sign_in_on(
    browse: Browse, stack: Stack, vignette: Vignette
) -> None:
    """A person is registered, screened, referred, accepted, served, and her need is closed."""
    walk = Walk(vignette)
    sender = walk.hand(browse(None).page)
    _come_in(sender, stack, REFERRER, Role.CASE_WORKER)
    sender.touch(sender.page.locator("a[href='/people']").first)
    walking.register(walk, sender)
    walking.consent(walk, sender)
    walking.interview(walk, sender)
    walking.complete(sender)
    walking.await_arrivals(sender)
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        assert _differences(client, walk) == []
        referral = _sent_to(client, walk, RECIPIENT)
    recipient = walk.hand(browse(None, width=Width.PHONE).page)
    _come_in(recipient, stack, RECIPIENT, Role.CASE_WORKER)
    taps = recipient.touches
    walking.accept(recipient, referral["referral_id"])
    assert recipient.touches - taps <= _MOST_TOUCHES_TO_ACCEPT
    expect(recipient.page.locator("main")).to_contain_text(walk.family_name)
    walking.serve(recipient)
    walking.close(walk, sender, referral["need_id"])
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        assert _need(client, walk, referral["need_id"])["outcome"] == "met"
    _note(walk)


def test_nothing_typed_is_lost_on_a_slow_line_that_breaks(
    browse: Browse, stack: Stack, vignette: Vignette
) -> None:
    """An answer given while the line was cut is saved when it is back."""
    watched = browse(SENDER)
    watched.allow_lost_line()
    walk = Walk(vignette)
    hand = walk.hand(watched.page)
    watched.page.goto("/people")
    walking.register(walk, hand)
    walking.begin(walk, hand)
    line = watched.page.context.new_cdp_session(watched.page)
    line.send("Network.emulateNetworkConditions", _SLOW)
    watched.page.reload()
    line.send("Network.emulateNetworkConditions", _SLOW | {"offline": True})
    _check(watched.page, "CAS1", "a")
    _expect_state(watched.page, "unsent")
    expect(watched.page.locator("[data-line=lost]")).to_be_visible()
    line.send("Network.emulateNetworkConditions", _SLOW)
    _expect_state(watched.page, "saved")
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        kept = client.get(f"/screenings/{walk.screening_id}")
    assert kept["answers"] == {"CAS1": "a"}


def _come_in(hand: Hand, stack: Stack, agency: str, role: Role) -> None:
    accounts = demonstration.require_accounts(stack.home)
    account = demonstration.staff_of(accounts, agency, role)
    walking.sign_in(hand, account.email, account.password)


def _differences(client: Client, walk: Walk) -> list[str]:
    screening = client.get(f"/screenings/{walk.screening_id}")
    return comparison.of_result(walk.vignette, screening["result"])


def _sent_to(client: Client, walk: Walk, agency: str) -> Any:
    """Return a referral of the person that waits for the answer of an agency."""
    found: list[Any] = []

    def look() -> list[str]:
        found[:] = [
            each
            for each in client.every("/referrals", person_id=walk.person_id)
            if each["to_agency_id"] == demonstration.agency_id(agency)
            and each["state"] == "requested"
        ]
        return [] if found else ["nothing was sent yet"]

    assert wait_for("the referral", look, patience=60.0, say=lambda _: None) == []
    return found[0]


def _need(client: Client, walk: Walk, need_id: str) -> Any:
    needs = client.every("/needs", person_id=walk.person_id)
    return next(each for each in needs if each["need_id"] == need_id)


def _check(page: Page, question: str, option: str) -> None:
    page.locator(f"input[name='answers.{question}'][value='{option}']").check(force=True)


def _expect_state(page: Page, state: str) -> None:
    shown = page.locator("[data-save-state]").first
    expect(shown).to_have_attribute("data-save-state", re.compile(state), timeout=_MINUTE)


def _note(walk: Walk) -> None:
    """Keep what the journey cost, where a file for it is named."""
    place = os.environ.get("TEST_MEASURES")
    if place:
        cost = {
            "necessary answers": walk.answers,
            "touches beside them": walk.touches,
            "seconds waited for pages": round(walk.waited, 1),
        }
        Path(place).write_text(json.dumps(cost, indent=2) + "\n", encoding="utf-8")
