"""The team of a case in the browser: the lead takes a colleague in."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from contracts.access import Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff
from tests.support.running import signed_in

WORKER: Final = Staff(REFERRER, Role.CASE_WORKER)


@pytest.fixture
def led(stack: Stack) -> dict[str, Any]:
    """Give a case that the worker opened a moment ago."""
    with signed_in(stack, REFERRER, Role.DESK_OPERATOR) as client:
        person = client.post("/people", invented(chosen("V1")[0].context).details)
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        return client.post(f"/people/{person['person_id']}/cases")


def test_the_lead_takes_a_colleague_in(browse: Browse, stack: Stack, led: dict[str, Any]) -> None:
    """From the person's page and back to it, where the colleague is named."""
    accounts = demonstration.require_accounts(stack.home)
    colleague = demonstration.staff_of(accounts, REFERRER, Role.AGENCY_COORDINATOR).name
    page = browse(WORKER).page
    page.goto(f"/people/{led['person_id']}")
    page.get_by_role("link", name="Cambia l'équipe").click()
    assert axe(page) == []
    page.get_by_role("group").get_by_text(colleague).click()
    page.get_by_role("button", name="Salva l'équipe").click()
    panel = page.get_by_role("region", name="Presa in carico")
    expect(panel).to_contain_text(colleague)
