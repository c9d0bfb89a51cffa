"""What a journey expects, and what it makes of what it meets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.intake import PersonDetails
from launcher.journey import comparison
from launcher.journey.course import Course, wait_for
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen, domain_of, vignettes
from launcher.settings import ROOT

(SAFETY,) = chosen("V3")


def a_referral(category: str, *, safety: bool) -> dict[str, Any]:
    """Return a referral as the network shows it."""
    return {
        "referral_id": f"referral-{category}",
        "category": category,
        "safety": safety,
        "state": "requested",
        "sent_at": "2026-11-22T09:00:00Z",
    }


def an_event(referral: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Return the event that tells a partner of a referral."""
    return {
        "type": "referral.requested.v1",
        "subject": referral["referral_id"],
        "data": {"screening_id": "s", "safety": False, **data},
    }


def a_course(*referrals: dict[str, Any], events: list[dict[str, Any]]) -> Course:
    """Return a course with one need per referral."""
    return Course(
        vignette=SAFETY,
        screening={"screening_id": "s"},
        needs=[{"referrals": [each]} for each in referrals],
        events=events,
    )


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda each: each.code)
def test_an_invented_person_keeps_to_the_contract(vignette: Any) -> None:
    """The details are what intake takes when a person is registered."""
    assert PersonDetails.load(invented(vignette.context).details)


def test_two_invented_persons_have_nothing_in_common() -> None:
    """Names, contacts and tax code are new each time, so that they can be searched for."""
    first, second = (set(invented(SAFETY.context).traces) for _ in range(2))
    assert not first & second


def test_the_triggered_areas_follow_from_the_levels() -> None:
    """An area is expected once, with the strongest mode of the domains that trigger it."""
    (vignette,) = chosen("V4")
    areas = {each.category: each for each in vignette.expected.areas}
    assert areas["ACC.2"].domains == ("CAS", "RET")
    assert (areas["ACC.2"].mode, areas["ACC.1"].mode) == ("priority", "warm")


def test_only_the_safety_domain_makes_an_area_one_of_safety() -> None:
    """The areas of the person who does not feel safe are told apart from the others."""
    guarded = {each.category for each in SAFETY.expected.areas if each.safety}
    assert guarded == {"SIC.1", "SIC.2", "ACC.5"}


def test_every_answered_item_belongs_to_a_domain() -> None:
    """The interview goes domain by domain."""
    form = json.loads((ROOT / "services/screening/data/scheda-0.1.json").read_text())
    domains = {each["code"] for each in form["sections"]}
    assert {domain_of(item) for each in vignettes() for item in each.answers} <= domains


def test_an_event_about_safety_is_a_leak() -> None:
    """A partner that learns of a guarded referral is told of, whatever the event says itself."""
    guarded = a_referral("SIC.1", safety=True)
    course = a_course(guarded, events=[an_event(guarded)])
    assert comparison.of_safety(course) == ["the subscriber got referral.requested.v1 about safety"]


def test_an_event_that_calls_itself_one_of_safety_is_a_leak() -> None:
    """A restricted event is a leak even if it is of another person."""
    other = a_referral("LIN.2", safety=False)
    assert comparison.of_safety(a_course(events=[an_event(other, safety=True)]))


def test_a_lost_event_is_missed() -> None:
    """Every referral that was sent is expected at the subscriber."""
    course = a_course(a_referral("LIN.2", safety=False), events=[])
    assert comparison.of_events(course) == [
        "event referral.requested.v1 of referral referral-LIN.2 is missing"
    ]


def test_a_repeated_event_is_no_fault() -> None:
    """At least once means that a subscriber may get the same event again."""
    referral = a_referral("LIN.2", safety=False)
    course = a_course(referral, events=[an_event(referral), an_event(referral)])
    assert comparison.of_events(course) == []


def test_waiting_ends_with_what_still_lacks() -> None:
    """At the deadline the last look is returned, and what was waited for was said once."""
    said: list[str] = []
    left = wait_for("rain", lambda: ["a cloud", "a drop"], patience=0.3, say=said.append)
    assert left == ["a cloud", "a drop"]
    assert said == ["waiting for rain: a cloud (and 1 more)"]


def test_an_unknown_choice_of_vignette_names_the_known_ones() -> None:
    """Small letters will do, and all means every one."""
    assert [each.code for each in chosen("v2")] == ["V2"]
    assert chosen("ALL") == vignettes()
