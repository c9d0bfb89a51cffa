"""Referrals in the browser: what waits, an answer in three taps, and the loop closed."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from contracts.access import Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.journey.course import Course
from launcher.stack import Stack
from tests.support.axe import axe
from tests.support.browsing import Browse, Staff, Width, photograph
from tests.support.running import signed_in

WORKER: Final = Staff(REFERRER, Role.CASE_WORKER)
MOST_TAPS: Final = 3


def _mine(stack: Stack, course: Course, state: str) -> dict[str, Any]:
    """Return a referral of the course's person to another agency that stands like this now."""
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        found = client.every(f"/people/{course.person_id}/referrals")
    ours = demonstration.agency_id(REFERRER)
    return next(
        each
        for each in reversed(found)
        if each["state"] == state and (state == "draft" or each["to_agency_id"] != ours)
    )


def _recipient(referral: dict[str, Any]) -> Staff:
    name = demonstration.agency_names()[referral["to_agency_id"]]
    return Staff(name, Role.CASE_WORKER)


@pytest.mark.parametrize(
    "path",
    ["/", "/referrals", "/referrals?queue=to-decide", "/needs", "/needs?queue=without-service"],
)
def test_everybody_can_use_the_lists(
    browse: Browse, course: Course, path: str, width: Width, language: str
) -> None:
    """What waits, what was sent, and what the persons need."""
    page = browse(WORKER, width=width, language=language).page
    page.goto(path)
    photograph(page, f"list-{path.strip('/').replace('?', '-')}-{language}-{width.name.lower()}")
    expect(page.locator("main")).not_to_contain_text(course.person_id)
    assert axe(page) == []


@pytest.mark.parametrize("state", ["draft", "requested", "completed"])
def test_everybody_can_use_a_referral_and_its_need(
    browse: Browse, stack: Stack, course: Course, state: str, width: Width
) -> None:
    """Whatever state it is in."""
    referral = _mine(stack, course, state)
    page = browse(WORKER, width=width).page
    faults = []
    for path in (
        f"/referrals/{referral['referral_id']}",
        f"/people/{course.person_id}/needs/{referral['need_id']}",
    ):
        page.goto(path)
        faults += axe(page)
    photograph(page, f"need-{state}-{width.name.lower()}")
    assert faults == []


def test_the_recipient_accepts_in_three_taps_on_a_phone(
    browse: Browse, stack: Stack, course: Course
) -> None:
    """From the first page: what waits, this one, yes."""
    referral = _mine(stack, course, "requested")
    page = browse(_recipient(referral), width=Width.PHONE).page
    page.goto("/")
    taps = (
        page.locator("a[href='/referrals?queue=to-answer']").first,
        page.locator(f"main a[href='/referrals/{referral['referral_id']}']").first,
        page.locator("form[action$='/acceptance'] button[type=submit]"),
    )
    for target in taps:
        target.tap()
        page.wait_for_load_state()
    expect(page.locator(".notice-success")).to_be_visible()
    expect(page.locator(".way-here")).to_have_text("Accettato")
    assert len(taps) <= MOST_TAPS


def test_a_refusal_carries_a_reason_that_the_sender_reads(
    browse: Browse, stack: Stack, course: Course
) -> None:
    """No agency just says no."""
    referral = _mine(stack, course, "requested")
    page = browse(_recipient(referral)).page
    page.goto(f"/referrals/{referral['referral_id']}")
    form = page.locator("form[action$='/rejection']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("select").select_option("no-capacity")
    form.locator("button[type=submit]").click()
    expect(page.locator(".notice-success")).to_be_visible()
    sender = browse(WORKER).page
    sender.goto("/needs?queue=to-close")
    way = f"main a[href$='/needs/{referral['need_id']}']"
    expect(sender.locator(way)).to_be_visible()


def test_what_the_person_agreed_to_is_sent_with_one_press(
    browse: Browse, stack: Stack, course: Course
) -> None:
    """The page then says that it has gone."""
    referral = _mine(stack, course, "draft")
    page = browse(WORKER).page
    page.goto(f"/referrals/{referral['referral_id']}")
    page.locator("form[action$='/request'] button").click()
    expect(page.locator(".notice-success")).to_be_visible()
    expect(page.locator("form[action$='/request']")).to_have_count(0)


def test_the_letter_of_a_referral_is_a_pdf(browse: Browse, stack: Stack, course: Course) -> None:
    """For the person to take along."""
    referral = _mine(stack, course, "completed")
    page = browse(WORKER).page
    answer = page.request.get(f"/referrals/{referral['referral_id']}/letter")
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")


def test_a_list_is_narrowed_without_scripts(browse: Browse, course: Course) -> None:
    """By a button, and what was chosen stays chosen."""
    page = browse(WORKER, java_script_enabled=False).page
    page.goto("/referrals?direction=sent")
    page.locator("#state").select_option("completed")
    page.locator("form.filters button").click()
    expect(page.locator("#state")).to_have_value("completed")
    expect(page.locator("main tbody tr").first).to_be_visible()
    assert course.person_id not in page.url
