"""Dead letters in the browser: a poisoned message is seen, tried again and thrown away."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, Page, expect

from chassis.clock import new_id
from chassis.testing import eventually
from contracts.access import Role
from launcher import demonstration
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, sign_in
from tests.support.running import publish

_QUEUE: Final = "referrals.on_screening_completed"
_LETTERS: Final = "/operations/letters?component=referrals"


def test_dead_letter_is_tried_again_and_thrown_away(browse: Browse, stack: Stack) -> None:
    """What no service can read comes back when it is tried again, and goes when it is dropped."""
    accounts = demonstration.require_accounts(stack.home)
    administrator = demonstration.staff_of(accounts, "CIDIS", Role.ADMINISTRATOR)
    page = browse(None).page
    # Throwing away wants a proof that is fresh, which that of an earlier test may not be.
    sign_in(page, administrator.email, administrator.password)
    message_id = str(new_id())
    publish(stack.amqp_uri, _QUEUE, b"\x80 this is not JSON", message_id=message_id, type="none")
    _await(page, message_id)
    assert axe(page) == []
    _press(page, "replay", message_id)
    _await(page, message_id)
    _press(page, "drop", message_id)
    _confirm(page)
    expect(page.locator(".notice-success")).to_be_visible()
    eventually(lambda: _is_absent(page, message_id))


def _letter(page: Page, message_id: str) -> Locator:
    return page.locator(f"input[name=message_id][value='{message_id}']")


def _await(page: Page, message_id: str) -> None:
    eventually(lambda: not _is_absent(page, message_id))


def _is_absent(page: Page, message_id: str) -> bool:
    page.goto(_LETTERS)
    return _letter(page, message_id).count() == 0


def _press(page: Page, what: str, message_id: str) -> None:
    form = page.locator(f"form[action='/operations/letters/{what}']")
    form.filter(has=_letter(page, message_id)).locator("button").click()


def _confirm(page: Page) -> None:
    page.locator("#confirm-dialog button[value=yes]").click()
