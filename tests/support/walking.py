"""The whole journey as people go it in the browser, with every touch counted.

What the person's own facts and answers need to be entered is counted apart from everything else, so
that a journey tells how many touches it costs beside the necessary answers.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from launcher.journey.people import invented
from launcher.journey.vignettes import Vignette

_MINUTE: Final = 60_000
_ID: Final = re.compile(r"/([0-9a-f-]{36})")


@dataclass
class Hand:
    """One person's hand on mouse and keyboard."""

    page: Page
    answers: int = 0
    touches: int = 0
    waited: float = 0.0

    def answer(self, act: Any) -> None:
        """Enter something that only the person can know."""
        self.answers += 1
        act()

    def touch(self, target: Locator) -> None:
        """Press something, and wait for the page that it brings."""
        self.touches += 1
        begun = time.perf_counter()
        with self.page.expect_navigation():
            target.click()
        self.waited += time.perf_counter() - begun

    def fill(self, name: str, value: str) -> None:
        """Type one of the person's facts."""
        self.answer(lambda: self.page.locator(f"main [name='{name}']").fill(value))

    def choose(self, selector: str, value: str) -> None:
        """Choose one of the person's facts."""
        self.answer(lambda: self.page.locator(f"main {selector}").select_option(value))


@dataclass
class Walk:
    """A journey under way, and where it has come to."""

    vignette: Vignette
    hands: list[Hand] = field(default_factory=list)
    person_id: str = ""
    screening_id: str = ""
    family_name: str = ""

    @property
    def touches(self) -> int:
        """All touches beside the necessary answers."""
        return sum(hand.touches for hand in self.hands)

    @property
    def answers(self) -> int:
        """All necessary answers."""
        return sum(hand.answers for hand in self.hands)

    @property
    def waited(self) -> float:
        """Seconds that people waited for a page after a touch."""
        return sum(hand.waited for hand in self.hands)

    def hand(self, page: Page) -> Hand:
        """Take up the mouse at a page."""
        taken = Hand(page)
        self.hands.append(taken)
        return taken


def sign_in(hand: Hand, email: str, password: str) -> None:
    """Come in."""
    hand.page.goto("/sign-in")
    hand.fill("email", email)
    hand.fill("password", password)
    hand.touch(hand.page.locator("main button[type=submit]").first)


def register(walk: Walk, hand: Hand) -> None:
    """Register the person of the vignette."""
    person = invented(walk.vignette.context).details
    walk.family_name = person["family_name"]
    hand.touch(hand.page.locator("a[href='/people/new']").first)
    for name in ("given_name", "family_name", "birth_date", "tax_code", "phone", "email"):
        hand.fill(name, person[name])
    hand.choose("[name=gender]", person["gender"])
    for name in ("language", "mother_tongue", "municipality", "birth_country"):
        hand.choose(f"[name={name}]", person[name])
    for place, country in enumerate(person["citizenships"]):
        hand.choose(f"#f-citizenships-{place}", country)
    for name in ("resident", "studied_abroad", "permit_allows_traineeship"):
        box = hand.page.locator(f"main input[type=checkbox][name={name}]")
        if box.is_checked() != person[name]:
            hand.answer(box.click)
    for place, member in enumerate(person["household"]):
        hand.fill(f"household.{place}.birth_date", member["birth_date"])
    hand.touch(hand.page.locator("main form button.btn-primary[type=submit]").last)
    hand.page.wait_for_url(re.compile(r"/people/[0-9a-f-]{36}$"))
    walk.person_id = _id_of(hand.page)


def consent(walk: Walk, hand: Hand) -> None:
    """Record that the person agrees to share with the agencies of the pact."""
    hand.touch(hand.page.locator(f"a[href='/people/{walk.person_id}/consents/new']").first)
    hand.touch(hand.page.locator("main form button.btn-primary[type=submit]").first)
    hand.page.wait_for_url(re.compile(rf"/people/{walk.person_id}$"))


def begin(walk: Walk, hand: Hand, language: str = "it") -> None:
    """Begin the talk in a language."""
    hand.page.goto(f"/people/{walk.person_id}")
    hand.touch(hand.page.locator(f"a[href='/people/{walk.person_id}/screenings/new']").first)
    hand.page.locator(f"input[name=language][value={language}]").check()
    hand.touch(hand.page.locator("main form button.btn-primary[type=submit]").last)
    hand.page.wait_for_url(re.compile(r"/screenings/[0-9a-f-]{36}"))
    walk.screening_id = _id_of(hand.page)


def interview(walk: Walk, hand: Hand) -> None:
    """Go through the form with the person, section by section."""
    begin(walk, hand)
    left = dict(walk.vignette.answers)
    while left:
        _answer_section(hand, left)
        hand.touch(_onward(hand.page))
    if not hand.page.url.endswith("/completion"):
        hand.page.goto(f"/screenings/{walk.screening_id}/completion")


def _answer_section(hand: Hand, left: dict[str, Any]) -> None:
    """Answer what stands on the page; an answer may bring or take questions."""
    while True:
        shown = [
            code for code in left if hand.page.locator(f"input[name='answers.{code}']").count() > 0
        ]
        if not shown:
            return
        code = shown[0]
        given = left.pop(code)
        for option in given if isinstance(given, list) else [given]:
            box = hand.page.locator(f"input[name='answers.{code}'][value='{option}']")
            with hand.page.expect_response(lambda answer: answer.url.endswith("/answers")):
                hand.answer(lambda box=box: box.check(force=True))
        expect(hand.page.locator("[data-save-state]").first).to_have_attribute(
            "data-save-state", "saved", timeout=_MINUTE
        )


def _onward(page: Page) -> Locator:
    """Return the button that saves the section and goes on."""
    return page.locator("button[type=submit].btn-primary:visible").last


def complete(hand: Hand) -> None:
    """Take the person's yes to every suggestion, and send what was agreed."""
    hand.touch(hand.page.locator("button[name=fill][value=agreed]"))
    hand.touch(hand.page.locator(".send-all button.btn-primary"))
    hand.page.wait_for_url(re.compile(r"/screenings/[0-9a-f-]{36}$"))


def await_arrivals(hand: Hand) -> None:
    """Wait, without touching anything, until a referral stands on the page."""
    expect(hand.page.locator("main a[href^='/referrals/']").first).to_be_visible(timeout=_MINUTE)


def accept(hand: Hand, referral_id: str) -> None:
    """Find the referral among what waits for an answer, and accept it."""
    hand.touch(hand.page.locator("a[href='/referrals?queue=to-answer']").first)
    hand.touch(hand.page.locator(f"a[href='/referrals/{referral_id}']").first)
    hand.touch(hand.page.locator("form[action$='/acceptance'] button[type=submit]"))


def serve(hand: Hand) -> None:
    """Meet the person and say what she received."""
    hand.touch(hand.page.locator("form[action$='/start'] button[type=submit]"))
    hand.answer(
        lambda: hand.page.locator("form[action$='/completion'] select").select_option(
            "service-received"
        )
    )
    hand.touch(hand.page.locator("form[action$='/completion'] button[type=submit]"))


def close(walk: Walk, hand: Hand, need_id: str) -> None:
    """Read the outcome with the person and close the loop."""
    hand.page.goto("/")
    hand.touch(hand.page.locator("a[href='/needs?queue=to-close']").first)
    hand.touch(hand.page.locator(f"a[href='/people/{walk.person_id}/needs/{need_id}']").first)
    hand.answer(lambda: hand.page.locator("input[name=outcome][value=met]").check(force=True))
    hand.touch(hand.page.locator("form[action$='/closure'] button[type=submit]"))


def _id_of(page: Page) -> str:
    found = _ID.search(page.url)
    return found[1] if found else ""
