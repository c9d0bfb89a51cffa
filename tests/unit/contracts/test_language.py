"""The language of messages: what is refused, what is ignored and what arrives unchanged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from contracts.language import (
    EVENTS,
    REQUESTS,
    Category,
    Code,
    Command,
    Event,
    Many,
    NotFound,
    Number,
    Query,
    Resource,
    Text,
)

ID = UUID("01920000-0000-7000-8000-000000000001")


class Part(Resource):
    """A part of a thing."""

    code: Code
    amount: Annotated[int, Number(minimum=0, maximum=10)] = 0


class Thing(Resource):
    """A thing with every kind of attribute."""

    thing_id: UUID
    title: Annotated[str, Text(maximum=5)] = "x"
    kind: Literal["a", "b"] = "a"
    category: Category = Category.CONFLICT
    parts: Annotated[tuple[Part, ...], Many(maximum=2)] = ()
    levels: dict[str, int] | None = None
    seen_at: datetime | None = None
    ready: bool = False


class MakeThing(Command[Thing], service="trial", method="make_thing", permission="thing:make"):
    """Make a thing."""

    thing: Thing


class GetThing(Query[Thing], service="trial", method="get_thing", permission="thing:read"):
    """Show a thing."""

    thing_id: UUID


class ThingMade(Event, type="thing.made.v1", source="trial", subject="thing_id"):
    """A thing was made."""

    thing_id: UUID
    safety: bool = False


# Entered by their birth; the published registers are for the real messages alone.
entered = (EVENTS.pop("thing.made.v1"), REQUESTS.pop("trial.make_thing"))
REQUESTS.pop("trial.get_thing")


def test_a_message_comes_back_as_it_went() -> None:
    """Dump and load are each other's inverse."""
    thing = Thing(
        thing_id=ID,
        parts=(Part(code="CAS.1", amount=3),),
        levels={"CAS": 2},
        seen_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        ready=True,
    )
    assert Thing.load(thing.dump()) == thing


def test_an_absent_attribute_is_left_out_of_the_wire() -> None:
    """Nothing is said with null."""
    assert "seen_at" not in Thing(thing_id=ID).dump()


def test_times_are_written_in_utc_with_z() -> None:
    """Any offset is read; one form is written."""
    thing = Thing.load({"thing_id": str(ID), "seen_at": "2026-07-01T10:00:00+02:00"})
    assert thing.dump()["seen_at"] == "2026-07-01T08:00:00Z"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"thing_id": "no"}, "thing_id"),
        ({"title": "too long"}, "title"),
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"kind": "c"}, "kind"),
        ({"category": "odd"}, "category"),
        ({"ready": "yes"}, "ready"),
        ({"seen_at": "2026-01-01T00:00:00"}, "seen_at"),
        ({"levels": {"CAS": "two"}}, "levels"),
        ({"parts": [{"code": "a b"}]}, "parts"),
        ({"parts": [{"code": "a\n"}]}, "parts"),
        ({"parts": [{"code": "a"}] * 3}, "parts"),
        ({"parts": [{"code": "a", "amount": 11}]}, "parts"),
        ({"parts": [{"code": "a", "amount": "1"}]}, "parts"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str) -> None:
    """A refusal says which field is wrong."""
    with pytest.raises(ValidationError) as refused:
        Thing.load({"thing_id": str(ID), **change})
    assert list(refused.value.messages_dict) == [field]


def test_a_tolerant_reader_ignores_what_it_does_not_know() -> None:
    """Consumers of events live with fields of a later version, also in parts."""
    data = {"thing_id": str(ID), "later": 1, "parts": [{"code": "a", "later": 2}]}
    assert Thing.load(data, tolerant=True) == Thing(thing_id=ID, parts=(Part(code="a"),))


@pytest.mark.parametrize("data", [None, 3, "x", ["x"]])
def test_something_else_than_an_object_is_refused(data: Any) -> None:
    """A message is an object."""
    with pytest.raises(ValidationError):
        Thing.load(data)


def test_a_message_cannot_be_changed() -> None:
    """Rules pass messages around as values."""
    with pytest.raises(AttributeError):
        Thing(thing_id=ID).title = "y"  # type: ignore[misc]  # the very thing that must fail


def test_a_request_knows_its_answer() -> None:
    """The answer's class is read from the type parameter."""
    assert (MakeThing.answer, GetThing.answer) == (Thing, Thing)


def test_a_command_changes_state_and_a_query_does_not() -> None:
    """The chassis remembers the keys of commands alone."""
    assert (MakeThing.changes_state, GetThing.changes_state) == (True, False)


def test_messages_are_entered_in_their_registers() -> None:
    """Documents and routes are generated from the registers."""
    assert entered == (ThingMade, MakeThing)


def test_a_name_on_the_wire_is_defined_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second definition fails at import, not in the field."""

    def define() -> None:
        class ThingMadeAgain(Event, type="thing.made.v1", source="trial", subject="thing_id"):
            """Takes a name that is taken."""

            thing_id: UUID

    monkeypatch.setitem(EVENTS, "thing.made.v1", ThingMade)
    with pytest.raises(TypeError, match=r"thing\.made\.v1 is defined twice"):
        define()


def test_an_event_names_its_aggregate() -> None:
    """Sequences are counted per aggregate."""
    assert ThingMade(thing_id=ID).aggregate_id == ID


def test_an_event_about_safety_is_restricted() -> None:
    """Such a fact takes another route than those that partners may read."""
    assert ThingMade(thing_id=ID, safety=True).restricted


def test_a_refusal_carries_its_fields() -> None:
    """The sentence and the fields travel to whoever asked."""
    refusal = NotFound("Nothing here.", fields={"parts": ["At most 3."]})
    assert (refusal.category, refusal.slug, refusal.fields) == (
        Category.NOT_FOUND,
        "not-found",
        {"parts": ["At most 3."]},
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=8,
    )
)
def test_whatever_arrives_is_read_or_refused(data: Any) -> None:
    """No input makes the reader fail in another way than by a refusal."""
    try:
        Thing.load({"thing_id": str(ID), "parts": data, "levels": data, "title": data})
    except ValidationError:
        return
