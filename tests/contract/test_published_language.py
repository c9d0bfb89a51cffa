"""The published language keeps its own rules: names, verbs, and no place for personal data."""

from __future__ import annotations

import dataclasses
import importlib
import re
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import pytest

from contracts.access import PERMISSIONS
from contracts.language import CODE, EVENTS, REQUESTS, Event, Message, Request, Text

SERVICES: Final = (
    "intake",
    "screening",
    "catalogue",
    "referrals",
    "pathways",
    "events",
    "reporting",
    "operations",
)
for service in SERVICES:
    importlib.import_module(f"contracts.{service}")
PUBLISHED_EVENTS: Final = {
    name: event for name, event in EVENTS.items() if event.__module__.startswith("contracts.")
}
PUBLISHED_REQUESTS: Final = {
    name: asked for name, asked in REQUESTS.items() if asked.__module__.startswith("contracts.")
}

IRREGULAR: Final = {"withdrawn"}
VERBS: Final = {
    *(
        "accept",
        "cancel",
        "close",
        "complete",
        "correct",
        "enrol",
        "fail",
        "open",
        "publish",
        "record",
    ),
    *("refuse", "register", "reject", "reroute", "save", "schedule", "send", "set", "start"),
    *("withdraw", "get", "list", "find", "preview", "explain", "decide"),
    *("replay", "drop", "review"),
}


def parts_of(message: type[Message]) -> list[tuple[str, Any]]:
    """Return every attribute of a message and of the messages inside it, with its hint."""
    found: list[tuple[str, Any]] = []
    hints = get_type_hints(message, include_extras=True)
    for field in dataclasses.fields(message):  # type: ignore[arg-type]  # every Message is one
        found.extend(_inside(f"{message.__name__}.{field.name}", hints[field.name]))
    return found


def _inside(path: str, hint: Any) -> list[tuple[str, Any]]:
    """Unfold lists, mappings, options and nested messages."""
    if get_origin(hint) is Annotated and get_args(hint)[0] is str:
        return [(path, hint)]
    arguments = [argument for argument in get_args(hint) if argument not in (type(None), ...)]
    if arguments and get_origin(hint) is Annotated:
        return _inside(path, arguments[0])
    if arguments and not isinstance(arguments[0], str):
        return [part for argument in arguments for part in _inside(path, argument)]
    if isinstance(hint, type) and issubclass(hint, Message):
        return parts_of(hint)
    return [(path, hint)]


@pytest.mark.parametrize("name", sorted(PUBLISHED_EVENTS))
def test_an_event_is_named_by_a_noun_a_past_participle_and_a_version(name: str) -> None:
    """The type is the routing key and stays for ever: it must be right from its first day."""
    noun, fact, version = name.split(".")
    assert re.fullmatch(r"[a-z_]+", noun)
    assert fact.endswith("ed") or fact in IRREGULAR
    assert re.fullmatch(r"v[1-9]\d*", version)


@pytest.mark.parametrize("event", PUBLISHED_EVENTS.values(), ids=list(PUBLISHED_EVENTS))
def test_an_event_has_no_place_for_free_text(event: type[Event]) -> None:
    """A text in an event is a code with a pattern; a name or a note would not fit into it."""
    loose = [
        path
        for path, hint in parts_of(event)
        if hint is str or hint is Any or (get_origin(hint) is Annotated and not _is_coded(hint))
    ]
    assert loose == []


def _is_coded(hint: Any) -> bool:
    """Tell whether a text is bound to a pattern that admits no spaces."""
    constraint = get_args(hint)[1]
    return isinstance(constraint, Text) and bool(
        constraint.pattern
        and (constraint.pattern == CODE or not re.search(r"\\s|\.\*|\s", constraint.pattern))
    )


@pytest.mark.parametrize("event", PUBLISHED_EVENTS.values(), ids=list(PUBLISHED_EVENTS))
def test_an_event_belongs_to_the_service_whose_module_defines_it(event: type[Event]) -> None:
    """One owner tells a fact."""
    assert event.__module__ == f"contracts.{event.source}"


@pytest.mark.parametrize("event", PUBLISHED_EVENTS.values(), ids=list(PUBLISHED_EVENTS))
def test_the_subject_of_an_event_is_one_of_its_ids(event: type[Event]) -> None:
    """The sequence is counted over an attribute that is there."""
    assert event.subject in get_type_hints(event)


@pytest.mark.parametrize("name", sorted(PUBLISHED_REQUESTS))
def test_a_request_is_an_imperative(name: str) -> None:
    """A request says what is to be done."""
    assert name.split(".")[1].split("_", maxsplit=1)[0] in VERBS


@pytest.mark.parametrize("request_", PUBLISHED_REQUESTS.values(), ids=list(PUBLISHED_REQUESTS))
def test_a_request_needs_a_permission_that_some_role_holds(request_: type[Request[Any]]) -> None:
    """No request is open to everybody, and none is closed to all."""
    assert any(request_.permission in granted for granted in PERMISSIONS.values())
