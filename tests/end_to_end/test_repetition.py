"""A request that is repeated with its key gives the same answer and has one effect."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.clock import new_id
from chassis.testing import eventually
from launcher.journey.client import Client, Problem
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.running import row_counts

(VIGNETTE,) = chosen("V2")
CONSENT = {"purpose": "referral", "categories": ["identity", "needs"], "expires_on": "2027-06-30"}
GATHERING = {
    "title": "Chiacchiere in biblioteca",
    "kind": "hub_event",
    "municipality": "001171",
    "starts_at": "2026-12-05T15:00:00Z",
}


def a_person(desk: Client) -> str:
    """Register a new person and return the path to them."""
    return f"/people/{desk.post('/people', invented(VIGNETTE.context).details)['person_id']}"


def an_answered_screening(worker: Client, person: str) -> tuple[str, dict[str, Any]]:
    """Return the path that completes a screening, and the body."""
    draft = worker.post(f"{person}/screenings", {"mode": "full"})
    path = f"/screenings/{draft['screening_id']}"
    answers = {"version": draft["version"], "answers": dict(VIGNETTE.answers)}
    saved = worker.patch(f"{path}/answers", answers)["screening"]
    choices = [
        {"kind": "area", "code": each.category, "decision": "agreed"}
        for each in VIGNETTE.expected.areas
    ]
    return f"{path}/completion", {"version": saved["version"], "choices": choices}


DEEDS: dict[str, Callable[[Client, Client], tuple[str, Any]]] = {
    "register": lambda _desk, _worker: ("/people", invented(VIGNETTE.context).details),
    "open-a-case": lambda desk, _worker: (f"{a_person(desk)}/cases", None),
    "record-a-consent": lambda desk, _worker: (f"{a_person(desk)}/consents", CONSENT),
    "start": lambda desk, _worker: (f"{a_person(desk)}/screenings", {"mode": "full"}),
    "complete": lambda desk, worker: an_answered_screening(worker, a_person(desk)),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_repetition_gives_the_same_answer_and_no_second_effect(
    stack: Stack, desk: Client, worker: Client, deed: str
) -> None:
    """The second answer equals the first, and no service has more rows after it."""
    path, body = DEEDS[deed](desk, worker)
    key = str(new_id())
    first = worker.post(path, body, key=key)
    before = _settled(stack)
    assert worker.post(path, body, key=key) == _as_kept(first)
    assert _settled(stack) == before


def test_one_key_for_two_contents_is_a_conflict(stack: Stack, desk: Client, worker: Client) -> None:
    """A key that was used for something else is refused, and nothing is stored."""
    path, key = f"{a_person(desk)}/consents", str(new_id())
    worker.post(path, CONSENT, key=key)
    before = _settled(stack)
    with pytest.raises(Problem) as refused:
        worker.post(path, {**CONSENT, "expires_on": "2027-07-31"}, key=key)
    assert (refused.value.status, refused.value.slug) == (409, "key-reused")
    assert _settled(stack) == before


def test_simultaneous_repetitions_have_one_effect(desk: Client, worker: Client) -> None:
    """Eight times the same completion at once is one completion."""
    path, body = an_answered_screening(worker, a_person(desk))
    key = str(new_id())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: worker.post(path, body, key=key), range(8)))
    assert all(answer == answers[0] for answer in answers)
    screening_id = answers[0]["screening_id"]
    needs = eventually(lambda: worker.every("/needs", screening_id=screening_id))
    assert sorted(each["category"] for each in needs) == sorted(
        each.category for each in VIGNETTE.expected.areas
    )


def test_a_second_completion_is_a_conflict(desk: Client, worker: Client) -> None:
    """Under another key, a completed screening stays as it is."""
    path, body = an_answered_screening(worker, a_person(desk))
    completed = worker.post(path, body)
    with pytest.raises(Problem) as refused:
        worker.post(path, {**body, "version": completed["version"]})
    assert refused.value.status == 409


def _settled(stack: Stack) -> dict[str, int]:
    """Count all rows once the events on their way have arrived."""

    def twice_the_same() -> dict[str, int]:
        counts = row_counts(stack)
        assert row_counts(stack) == counts
        return counts

    return eventually(twice_the_same)


def _as_kept(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as it is repeated: the tax code is never kept with it."""
    if "details" not in answer:
        return answer
    details = {name: value for name, value in answer["details"].items() if name != "tax_code"}
    return {**answer, "details": details}
