"""Calls, envelopes, requests and errors on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis import clock, wire
from chassis.call import Call
from chassis.envelope import MAXIMUM_BYTES, Envelope, Unreadable, head_of, routing_key_of
from chassis.errors import (
    ServiceError,
    ServiceTimeout,
    ServiceUnavailable,
    as_service_error,
    field_errors,
)
from chassis.framework import nameko_form
from contracts.language import Forbidden, NotFound
from tests.support.greetings.language import Greet, Greeted
from tests.support.stage import a_principal, an_event


def test_call_survives_its_header() -> None:
    """Who calls and why arrives as it was sent."""
    call = Call(principal=a_principal(), key="k-1", causation_id="c", traceparent="00-a-b-01")
    assert Call.from_header(call.to_header()) == call


def test_absent_header_is_a_call_without_caller() -> None:
    """Nobody calls; that is refused only where a caller is needed."""
    with pytest.raises(Forbidden):
        Call.from_header(None).caller()


@pytest.mark.parametrize("header", [5, "", "{", "[]", '{"key": 5}', '{"correlation_id": "a b"}'])
def test_odd_call_header_is_a_value_error(header: object) -> None:
    """Whatever stands in the header, one kind of error comes of it."""
    with pytest.raises(ValueError, match=r".*"):
        Call.from_header(header)


def test_envelope_survives_the_wire() -> None:
    """What the outbox writes is what the consumer reads."""
    event = Greeted(greeting_id=clock.new_id(), mood="good")
    id_, now = clock.new_id(), clock.now()
    call = Call(causation_id="cause", traceparent="00-a-b-01")
    envelope = Envelope.parse((head_of(event, id=id_, time=now, call=call) + "7}").encode())
    assert envelope == Envelope(
        id=id_,
        source="greetings",
        type="greeting.kept.v1",
        subject=str(event.greeting_id),
        time=now,
        sequence=7,
        correlation_id=call.correlation_id,
        causation_id="cause",
        traceparent="00-a-b-01",
        data=event.dump(),
    )


def test_event_is_the_cause_of_what_it_leads_to() -> None:
    """The correlation goes on, the cause is the event itself."""
    envelope = Envelope.parse(json.dumps(an_event()[1]).encode())
    call = envelope.call()
    assert (call.correlation_id, call.causation_id) == ("a-test", str(envelope.id))


@pytest.mark.parametrize("restricted", [True, False])
def test_restricted_event_has_its_own_route(restricted: bool) -> None:  # noqa: FBT001 - a parameter
    """A partner's binding never matches it."""
    event = Greeted(greeting_id=clock.new_id(), mood="x", safety=restricted)
    assert routing_key_of(event).startswith("restricted.") is restricted


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"},
        {"specversion": "2.0"},
        {"time": "yesterday"},
        {"time": 5},
        {"sequence": "many"},
        {"data": []},
        {"source": ""},
        {"correlationid": {"a": 1}},
        {"causationid": 5},
        {"traceparent": "x" * 300},
    ],
)
def test_odd_attribute_makes_an_envelope_unreadable(change: dict[str, Any]) -> None:
    """Every attribute is checked before anybody relies on it."""
    with pytest.raises(Unreadable, match="not-an-event"):
        Envelope.parse(json.dumps(an_event(**change)[1]).encode())


def test_large_body_is_refused_before_it_is_decoded() -> None:
    """The bound is on bytes."""
    with pytest.raises(Unreadable, match="too-large"):
        Envelope.parse(b" " * (MAXIMUM_BYTES + 1))


@given(st.binary(max_size=200))
def test_no_body_does_worse_than_unreadable(body: bytes) -> None:
    """Any bytes at all lead to one kind of error."""
    with pytest.raises(Unreadable):
        Envelope.parse(body)


def test_error_has_the_form_of_nameko() -> None:
    """Nameko's own serialisation of our error is the text we send."""
    error = ServiceError("conflict", "grumpy", "Not today.", {"word": ["too loud"]})
    ours = json.loads(wire.error_text(error))["error"]
    theirs = nameko_form(error)
    assert {**theirs, "value": ours["value"]} == ours


def test_error_survives_the_wire() -> None:
    """Category, slug, sentence and fields arrive."""
    error = ServiceError("conflict", "grumpy", "Not today.", {"word": ["too loud"]})
    with pytest.raises(ServiceError) as caught:
        wire.result_of(wire.error_text(error).encode())
    assert caught.value.args == error.args


def test_foreign_error_becomes_internal() -> None:
    """What another class says is kept from the caller."""
    reply = {"result": None, "error": {"exc_path": "builtins.ValueError", "value": "secret"}}
    with pytest.raises(ServiceError, match="internal") as caught:
        wire.result_of(json.dumps(reply).encode())
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"args": [1], "kwargs": {}}', b"{", b"\xff"])
def test_odd_request_is_a_value_error(body: bytes) -> None:
    """A request has keyword arguments and nothing else."""
    with pytest.raises(ValueError, match=r".*"):
        wire.request_fields(body)


@pytest.mark.parametrize(
    ("error", "category", "slug"),
    [
        (NotFound("Nothing."), "not-found", "not-found"),
        (ServiceTimeout(), "unavailable", "service-timeout"),
        (ServiceUnavailable(), "unavailable", "service-unavailable"),
        (RuntimeError("secret"), "internal", "internal"),
        (ValidationError("bad"), "internal", "internal"),
    ],
)
def test_error_is_mapped_to_its_category(error: Exception, category: str, slug: str) -> None:
    """Every class of errors has its place."""
    mapped = as_service_error(error)
    assert (mapped.category, mapped.slug) == (category, slug)


def test_field_errors_have_flat_paths() -> None:
    """Nested messages become paths; a mapping's inner levels do not show."""
    with pytest.raises(ValidationError) as caught:
        Greet.load({"greeting_id": "x", "extras": {"LIN1": 5, "LIN2": "x" * 300}, "colour": "red"})
    paths = field_errors(caught.value, Greet)
    assert sorted(paths) == ["colour", "extras.LIN1", "extras.LIN2", "greeting_id", "word"]
