"""Some fields of an answer, and what hangs on it beside it: bounded, checked, written down."""

from __future__ import annotations

import pytest

from chassis.errors import ServiceError, ServiceTimeout, ServiceUnavailable
from contracts.catalogue import GetService
from contracts.intake import CasePage, ConsentPage, GetPerson, ListCases, ListConsents
from contracts.language import Category, Request, schema_of
from contracts.referrals import GetReferral, ListReferrals
from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS
from gateway.api.selection import parameters, shown_schema
from tests.support.gateway import Gateway
from tests.support.service_answers import OTHER_PERSON, PERSON, a_page, a_person, a_referral

_PERSON = f"/people/{PERSON}"
_REFERRAL = f"/referrals/{a_referral().referral_id}"
_CHOOSING = [each for each in OPERATIONS if parameters(each)]


@pytest.fixture
def known(gateway: Gateway) -> Gateway:
    """Return a gateway whose services know a person, on whom nothing hangs, and a referral."""
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListCases, CasePage(items=()))
    gateway.port.teach(ListConsents, ConsentPage(items=()))
    gateway.port.teach(GetReferral, a_referral())
    gateway.port.teach(ListReferrals, a_page(a_referral(), next_cursor="next"))
    return gateway


def test_only_the_fields_that_were_wanted_are_shown(known: Gateway) -> None:
    """Of a part, too."""
    shown = known.request("GET", f"{_PERSON}?fields=version,details.language").get_json()
    assert shown == {"version": 1, "details": {"language": "it"}}


def test_part_wanted_whole_is_whole(known: Gateway) -> None:
    """However often one of its fields is named beside it."""
    for names in ("details,details.language", "details.language,details"):
        shown = known.request("GET", f"{_PERSON}?fields={names}").get_json()
        assert shown == {"details": a_person().dump()["details"]}


def test_fields_of_a_page_are_those_of_its_items(known: Gateway) -> None:
    """The way to the next page stays, and goes on with the same choice."""
    response = known.request("GET", "/referrals?fields=state")
    assert response.get_json() == {"items": [{"state": "requested"}], "next_cursor": "next"}
    assert "fields=state" in response.headers["Link"]


def test_field_without_value_stays_absent(known: Gateway) -> None:
    """To want it does not make it null."""
    assert known.request("GET", f"{_REFERRAL}?fields=outcome").get_json() == {}


def test_access_is_written_down_whatever_is_shown(known: Gateway) -> None:
    """Nobody looks unseen by leaving the id out."""
    known.request("GET", f"{_REFERRAL}?fields=state")
    known.request("GET", "/referrals?fields=state")
    assert [row.person_id for row in known.access_log.rows] == [PERSON, PERSON]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("fields=colour", "fields"),
        ("fields=", "fields"),
        ("fields=details.colour", "fields"),
        ("fields=version.major", "fields"),
        ("fields=version&fields=details", "fields"),
        ("embed=household", "embed"),
        ("embed=", "embed"),
    ],
)
def test_choice_that_is_not_there_is_refused_with_what_is(
    known: Gateway, query: str, field: str
) -> None:
    """Before anybody is asked."""
    problem = known.request("GET", f"{_PERSON}?{query}").get_json()
    assert (problem["status"], problem["errors"][0]["field"], known.port.asked) == (422, field, [])


def test_operation_without_choices_takes_none(known: Gateway) -> None:
    """Unknown parameters are refused as ever."""
    assert known.request("GET", f"{_PERSON}/cases?fields=state").status_code == 422


def test_what_hangs_on_it_comes_along(known: Gateway) -> None:
    """Each part is whole, as its own address would show it."""
    shown = known.request("GET", f"{_PERSON}?embed=cases,consents&fields=version").get_json()
    assert shown == {
        "version": 1,
        "embedded": {"cases": {"items": []}, "consents": {"items": []}},
    }


def test_nothing_is_asked_that_was_not_wanted(known: Gateway) -> None:
    """A plain look costs one question."""
    known.request("GET", _PERSON)
    assert known.port.asked == [GetPerson(person_id=PERSON)]


@pytest.mark.parametrize(
    ("failure", "slug"),
    [
        (ServiceTimeout(), "deadline-passed"),
        (ServiceUnavailable(), "unavailable"),
        (
            ServiceError(Category.FORBIDDEN, "permission-missing", "Not yours."),
            "permission-missing",
        ),
        (ServiceError(Category.NOT_FOUND, "not-found", "There is none."), "not-found"),
    ],
    ids=["late", "gone", "forbidden", "hidden"],
)
def test_part_that_cannot_be_had_is_absent_and_named(
    known: Gateway, failure: Exception, slug: str
) -> None:
    """The rest of the answer is whole, and a success."""
    known.port.teach(GetService, failure)
    response = known.request("GET", f"{_REFERRAL}?embed=service&fields=state")
    shown = response.get_json()
    assert (response.status_code, shown["state"], shown["embedded"]) == (200, "requested", {})
    assert [(each["name"], each["type"]) for each in shown["absent"]] == [
        ("service", f"urn:plurali:problem:{slug}")
    ]


def test_who_may_not_see_the_thing_learns_nothing_of_what_hangs_on_it(known: Gateway) -> None:
    """The parts are not even asked for."""
    known.port.teach(GetPerson, ServiceError(Category.NOT_FOUND, "not-found", "There is none."))
    response = known.request("GET", f"/people/{OTHER_PERSON}?embed=cases,consents")
    assert (response.status_code, len(known.port.asked)) == (404, 1)


def test_same_version_shown_in_part_has_another_tag(known: Gateway) -> None:
    """A tag stands for what was shown."""
    tags = {
        known.request("GET", f"{_PERSON}{query}").headers["ETag"]
        for query in ("", "?fields=version", "?embed=cases")
    }
    assert (len(tags), {tag.partition("-")[0] for tag in tags}) == (3, {'"1'})


@pytest.mark.parametrize("operation", _CHOOSING, ids=lambda each: each.name)
def test_embeds_are_few_and_asked_by_what_is_shown(operation: Operation) -> None:
    """One answer costs at most four questions more, and each finds its id in the answer."""
    assert len(operation.embeds) <= 4
    for each in operation.embeds.values():
        assert issubclass(each.asks, Request)
        assert not each.asks.changes_state
        assert each.by in shown_schema(operation).fields
        assert each.by in schema_of(each.asks).fields
