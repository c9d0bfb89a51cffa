"""Bad input is refused with a problem that names the field, before or by the service."""

from __future__ import annotations

from io import BytesIO
from typing import NoReturn

import pytest

from contracts.intake import GetPerson, GetScreeningContext, OpenCase
from contracts.language import Category
from contracts.screening import CompleteScreening, SaveAnswers
from tests.support.bad_input import BAD_INPUT, BadInput
from tests.support.gateway import TOKEN, Gateway, refusal
from tests.support.service_answers import OTHER_PERSON, PERSON, SCREENING

_HERE = {
    "person_id": PERSON,
    "strange_person_id": OTHER_PERSON,
    "screening_id": SCREENING,
}


@pytest.fixture
def taught(gateway: Gateway) -> Gateway:
    """Return a gateway whose services refuse as the real ones do."""
    for request in (GetPerson, GetScreeningContext, OpenCase):
        gateway.port.teach(request, refusal(Category.NOT_FOUND, "not-found"))
    for command in (SaveAnswers, CompleteScreening):
        gateway.port.teach(command, _refuse)
    return gateway


def _refuse(asked: SaveAnswers | CompleteScreening) -> NoReturn:
    if isinstance(asked, CompleteScreening):
        raise refusal(
            Category.INVALID, "screening-incomplete", **{"answers.CAS1": ["Answer this question."]}
        )
    raise refusal(
        Category.INVALID,
        "answers-invalid",
        **{f"answers.{code}": ["Does not fit."] for code in asked.answers},
    )


@pytest.mark.parametrize("bad", BAD_INPUT, ids=str)
def test_bad_input_is_a_problem_that_names_the_field(taught: Gateway, bad: BadInput) -> None:
    """Status, slug and field are those of the table."""
    response = taught.request(bad.method, bad.path.format(**_HERE), bad.body)
    problem = response.get_json()
    assert (response.status_code, response.mimetype, problem["type"], bad.field) == (
        bad.status,
        "application/problem+json",
        f"urn:plurali:problem:{bad.slug}",
        next((each["field"] for each in problem["errors"] if each["field"] == bad.field), None),
    )


@pytest.mark.parametrize("bad", [bad for bad in BAD_INPUT if not bad.decided_by], ids=str)
def test_bad_form_reaches_no_service(taught: Gateway, bad: BadInput) -> None:
    """What the gateway can judge is not asked of anybody."""
    taught.request(bad.method, bad.path.format(**_HERE), bad.body)
    assert taught.port.asked == []


@pytest.mark.parametrize("bad", BAD_INPUT, ids=str)
def test_every_wrong_field_comes_with_a_way_out(taught: Gateway, bad: BadInput) -> None:
    """No message is empty."""
    problem = taught.request(bad.method, bad.path.format(**_HERE), bad.body).get_json()
    assert all(each["message"] for each in problem["errors"])


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "The body is not JSON in UTF-8."),
        (b'{"mode": "full", "mode": "brief"}', "The body names a field twice."),
        (b'{"limit": NaN}', "The body holds a number that is none."),
        (b'{"limit": 9007199254740993}', "The body holds a whole number beyond 9007199254740991."),
        (
            b'{"limit": 1' + b"0" * 5000 + b"}",
            "The body holds a whole number beyond 9007199254740991.",
        ),
        (b"\xff{}", "The body is not JSON in UTF-8."),
        (b"[" * 100_000, "The body is not JSON in UTF-8."),
        (b"[]", "The body must be a JSON object."),
        (b'"full"', "The body must be a JSON object."),
    ],
    ids=["cut", "twice", "nan", "large", "huge", "latin", "deep", "list", "text"],
)
def test_unreadable_body_is_a_400(gateway: Gateway, body: bytes, detail: str) -> None:
    """Whatever is not one plain JSON object is refused with the reason."""
    response = gateway.client.post(
        "/api/v1/people/searches",
        data=body,
        headers={"Authorization": f"Bearer {TOKEN}"},
        content_type="application/json",
    )
    assert (response.status_code, response.get_json()["detail"]) == (400, detail)


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_media_types_are_a_415(gateway: Gateway, media: str) -> None:
    """Only JSON is taken."""
    response = gateway.client.post(
        "/api/v1/people/searches",
        data=b"name=x",
        headers={"Authorization": f"Bearer {TOKEN}"},
        content_type=media,
    )
    assert response.status_code == 415


def test_compressed_body_is_a_415(gateway: Gateway) -> None:
    """A small body that unpacks to a large one gets nowhere."""
    response = gateway.client.post(
        "/api/v1/people/searches",
        data=b"{}",
        headers={
            "Authorization": f"Bearer {TOKEN}",
            "Content-Encoding": "gzip",
        },
        content_type="application/json",
    )
    assert response.status_code == 415


def test_body_beyond_one_megabyte_is_a_413(gateway: Gateway) -> None:
    """A large body is refused unread."""
    response = gateway.request("POST", "/people", {"given_name": "a" * 1_000_001})
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


def test_endless_body_is_a_413(gateway: Gateway) -> None:
    """A body that does not tell its length is refused like one that does."""
    response = gateway.client.post(
        "/api/v1/people",
        input_stream=BytesIO(b" " * 1_000_001),
        headers={"Authorization": f"Bearer {TOKEN}", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
        content_type="application/json",
    )
    assert response.status_code == 413


def test_unknown_field_tells_the_known_ones(gateway: Gateway) -> None:
    """The way out of an unknown field is the list of those that are known there."""
    problem = gateway.request("POST", "/people/searches", {"surname": "x"}).get_json()
    assert problem["errors"] == [
        {
            "field": "surname",
            "message": "Unknown field; known here: birth_date, cursor, limit, name, tax_code.",
        }
    ]
