"""Bad input is answered with a problem that names the field, and nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from launcher.journey.client import Client, Problem
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.running import row_counts

(VIGNETTE,) = chosen("V3")
OTHER_ID = "019aa7f0-6c1e-7d3a-9c55-2f0b8d6e4a11"


@dataclass(frozen=True)
class Drafts:
    """Two screenings of one person: one without answers, one with all of them."""

    person_id: str
    details: Mapping[str, Any]
    empty: Mapping[str, Any]
    full: Mapping[str, Any]

    def path(self, template: str) -> str:
        """Fill the ids into a path."""
        return template.format(
            person=self.person_id,
            empty=self.empty["screening_id"],
            full=self.full["screening_id"],
            other=OTHER_ID,
        )

    def body(self, body: Any) -> Any:
        """Fill versions and details into a body."""
        if not isinstance(body, Mapping):
            return body
        known = {"@empty": self.empty["version"], "@full": self.full["version"]}
        filled = {
            name: known.get(value, value) if isinstance(value, str) else value
            for name, value in body.items()
            if name != "@person"
        }
        return {**self.details, **filled} if "@person" in body else filled


@pytest.fixture(scope="module")
def drafts(desk: Client, worker: Client) -> Drafts:
    """Register a person and start two screenings."""
    person = invented(VIGNETTE.context)
    path = f"/people/{desk.post('/people', person.details)['person_id']}"
    empty, full = (worker.post(f"{path}/screenings", {"mode": "full"}) for _ in range(2))
    answers = {"version": full["version"], "answers": dict(VIGNETTE.answers)}
    full = worker.patch(f"/screenings/{full['screening_id']}/answers", answers)["screening"]
    return Drafts(empty["person_id"], invented(VIGNETTE.context).details, empty, full)


def area(code: str, decision: str = "agreed", **more: str) -> dict[str, str]:
    """Return what a person says to a suggested service area."""
    return {"kind": "area", "code": code, "decision": decision, **more}


PEOPLE, START = ("POST", "/people"), ("POST", "/people/{person}/screenings")
CONSENTS = ("POST", "/people/{person}/consents")
ANSWERS, COMPLETE = (
    ("PATCH", "/screenings/{empty}/answers"),
    ("POST", "/screenings/{full}/completion"),
)
CONSENT = {"purpose": "referral", "categories": ["identity", "needs"], "expires_on": "2027-06-30"}

CASES: dict[str, tuple[tuple[str, str], Any, int, str]] = {
    "unknown-field": (PEOPLE, {"@person": 1, "nickname": "x"}, 422, "nickname"),
    "wrong-type": (PEOPLE, {"@person": 1, "resident": "yes"}, 422, "resident"),
    "null": (PEOPLE, {"@person": 1, "gender": None}, 422, "gender"),
    "not-in-the-list": (PEOPLE, {"@person": 1, "gender": "f"}, 422, "gender"),
    "wrong-deep-inside": (
        PEOPLE,
        {"@person": 1, "household": [{"birth_date": "31/12/2020"}]},
        422,
        "household.0.birth_date",
    ),
    "impossible-tax-code": (PEOPLE, {"@person": 1, "tax_code": "A" * 16}, 422, "tax_code"),
    "born-tomorrow": (PEOPLE, {"@person": 1, "birth_date": "2099-01-01"}, 422, "birth_date"),
    "nothing-at-all": (PEOPLE, {}, 422, "given_name"),
    "unknown-mode": (START, {"mode": "quick"}, 422, "mode"),
    "case-of-nobody": (START, {"mode": "full", "case_id": OTHER_ID}, 422, "case_id"),
    "consent-in-the-past": (CONSENTS, {**CONSENT, "expires_on": "2020-01-01"}, 422, "expires_on"),
    "consent-to-nothing": (CONSENTS, {**CONSENT, "categories": []}, 422, "categories"),
    "hidden-question": (
        ANSWERS,
        {"version": "@empty", "answers": {"DOC1": "a"}},
        422,
        "answers.DOC1",
    ),
    "unknown-option": (
        ANSWERS,
        {"version": "@empty", "answers": {"CAS1": "z"}},
        422,
        "answers.CAS1",
    ),
    "unknown-question": (
        ANSWERS,
        {"version": "@empty", "answers": {"CAS9": "a"}},
        422,
        "answers.CAS9",
    ),
    "several-answers-to-one": (
        ANSWERS,
        {"version": "@empty", "answers": {"CAS1": ["a", "b"]}},
        422,
        "answers.CAS1",
    ),
    "one-wrong-of-two": (
        ANSWERS,
        {"version": "@empty", "answers": {"CAS1": "a", "CAS2": "z"}},
        422,
        "answers.CAS2",
    ),
    "answers-of-another-version": (
        ANSWERS,
        {"version": 99, "answers": {"CAS1": "a"}},
        409,
        "version",
    ),
    "completion-without-answers": (
        ("POST", "/screenings/{empty}/completion"),
        {"version": "@empty", "choices": []},
        422,
        "answers.CAS1",
    ),
    "choice-not-suggested": (
        COMPLETE,
        {"version": "@full", "choices": [area("DIG.1")]},
        422,
        "choices.0.code",
    ),
    "refusal-without-reason": (
        COMPLETE,
        {"version": "@full", "choices": [area("CUR.3", "refused")]},
        422,
        "choices.0.reason",
    ),
    "choice-made-twice": (
        COMPLETE,
        {"version": "@full", "choices": [area("CUR.3"), area("CUR.3")]},
        422,
        "choices.1.code",
    ),
    "completion-of-another-version": (COMPLETE, {"version": 99, "choices": []}, 409, "version"),
    "unknown-query": (("GET", "/referrals?colour=red"), None, 422, "colour"),
    "not-an-id": (("GET", "/people/first"), None, 422, "person_id"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_field_is_named_and_nothing_is_stored(
    stack: Stack, worker: Client, drafts: Drafts, case: str
) -> None:
    """The problem has the right status and names the field; no table has one row more or less."""
    (method, path), body, status, field = CASES[case]
    before = row_counts(stack)
    with pytest.raises(Problem) as refused:
        worker.ask(method, drafts.path(path), drafts.body(body))
    assert (refused.value.status, refused.value.media_type) == (status, "application/problem+json")
    assert field in refused.value.fields
    assert row_counts(stack) == before


STRANGERS: dict[str, tuple[tuple[str, str], Any]] = {
    "read": (("GET", "/people/{person}"), None),
    "open-a-case": (("POST", "/people/{person}/cases"), None),
    "record-a-consent": (CONSENTS, CONSENT),
    "start": (START, {"mode": "full"}),
    "answer": (ANSWERS, {"version": "@empty", "answers": {"CAS1": "a"}}),
    "complete": (COMPLETE, {"version": "@full", "choices": []}),
}


@pytest.mark.parametrize("deed", STRANGERS)
def test_somebody_elses_person_does_not_exist(
    stack: Stack, stranger: Client, drafts: Drafts, deed: str
) -> None:
    """Another agency's staff is answered 404, with the id's field, and nothing is stored."""
    (method, path), body = STRANGERS[deed]
    before = row_counts(stack)
    with pytest.raises(Problem) as refused:
        stranger.ask(method, drafts.path(path), drafts.body(body))
    assert (refused.value.status, refused.value.slug) == (404, "not-found")
    assert set(refused.value.fields) & {"person_id", "screening_id"}
    assert row_counts(stack) == before


def test_a_draft_is_as_it_was(worker: Client, drafts: Drafts) -> None:
    """After all that was refused, the drafts still take the version they had."""
    shown = worker.get(f"/screenings/{drafts.empty['screening_id']}")
    assert (shown["version"], shown["answers"]) == (drafts.empty["version"], {})


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"mode": "full", "mode": "brief"}', 400), (b"\xff", 400)],
)
def test_what_is_not_an_object_is_refused(
    worker: Client, drafts: Drafts, content: bytes, status: int
) -> None:
    """A body that cannot be read is a problem too."""
    with pytest.raises(Problem) as refused:
        worker.ask("POST", drafts.path("/people/{person}/screenings"), content)
    assert (refused.value.status, refused.value.media_type) == (status, "application/problem+json")


def test_without_a_token_there_is_only_a_problem(stack: Stack) -> None:
    """An anonymous caller learns that it must sign in."""
    with Client(stack.gateway_url) as anybody, pytest.raises(Problem) as refused:
        anybody.get("/people/first")
    assert refused.value.status == 401
