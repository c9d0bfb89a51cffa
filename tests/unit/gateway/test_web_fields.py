"""Everything that a person fills in has a label in both languages."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any, Final

import pytest

from contracts.language import Message
from contracts.screening import Choice, StartScreening
from gateway.api.operations import OPERATIONS
from gateway.composition import NewScreening
from gateway.web.words.fields import FIELDS, word_of_field

_OF_PROGRAMS: Final = {"oidc_authorization", "oidc_invitation", "oidc_callback"}
_BY_PAGES: Final = {
    "code_of_conduct",
    "form_in_force",
    "form",
    "referral_matches",
    "person_names",
    "dead_letters",
}
_KNOWN_BY_PAGES: Final = frozenset(
    {"answers", "client_id", "client_secret", "cursor", "grant_type", "limit", "merge"}
    | {"scope", "screening_id", "token", "version"}
)
_SHOWN_AS_SUGGESTION: Final = {(Choice, "kind"), (Choice, "code")}
_SAME: Final[dict[type[Message], type[Message]]] = {NewScreening: StartScreening}


def _asked() -> Iterator[tuple[type[Message], str]]:
    """Yield every attribute that an operation takes beside its path, down to nested messages."""
    for operation in OPERATIONS:
        if operation.name not in _OF_PROGRAMS | _BY_PAGES:
            yield from _inside(operation.asks, operation.other_names)


def _inside(kind: type[Message], names: tuple[str, ...]) -> Iterator[tuple[type[Message], str]]:
    hints = typing.get_type_hints(kind)
    for name in names:
        nested = [part for part in _parts(hints[name]) if issubclass(part, Message)]
        for part in nested:
            yield from _inside(part, _names(part))
        if not nested or name == "household":
            yield _SAME.get(kind, kind), name


def _names(kind: type[Message]) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(kind))  # type: ignore[arg-type]  # every Message is made a dataclass at birth


def _parts(hint: Any) -> Iterator[type]:
    """Yield the classes that a type hint speaks of."""
    if isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from _parts(part)


def _filled_in() -> set[tuple[type[Message], str]]:
    """Return what remains for a person to fill in: no ids of things, no places in lists."""
    return {
        (kind, name)
        for kind, name in _asked()
        if name not in _KNOWN_BY_PAGES
        and not (name == "person_id" and kind.__name__.startswith("List"))
        and not (name == "organization_id" and "organization_id" not in FIELDS.get(kind, {}))
    } - _SHOWN_AS_SUGGESTION


def test_what_a_person_fills_in_has_a_label() -> None:
    """A field that is added to a contract is noticed before a form shows its bare name."""
    nameless = sorted(
        f"{kind.__name__}.{name}" for kind, name in _filled_in() if name not in FIELDS.get(kind, {})
    )
    assert nameless == []


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_labels_are_for_attributes_that_exist(kind: type[Message]) -> None:
    """A renamed attribute takes its label along."""
    assert {*FIELDS[kind]} <= {*_names(kind)}


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_a_label_is_short_and_said_twice(kind: type[Message]) -> None:
    """Labels fit a phone, and both languages are there."""
    words = [word_of_field(kind, name) for name in FIELDS[kind]]
    assert all(word.it and word.en and len(word.it) <= 60 and len(word.en) <= 60 for word in words)


def test_fields_that_invite_too_much_say_what_not_to_write() -> None:
    """Free text and facts of a stay tell beside the field what does not belong there."""
    warned = {
        (kind.__name__, name): word.hint.it
        for kind, words in FIELDS.items()
        for name, word in words.items()
        if word.hint
    }
    assert "mai il nome di una persona" in warned["ScheduleGathering", "title"]
    assert "Mai codici STP o ENI" in warned["PersonDetails", "tax_code"]
    assert (
        "Del soggiorno non si registra altro"
        in warned["PersonDetails", "permit_allows_traineeship"]
    )
    assert "non scrivere quale e perché" in warned["PersonDetails", "in_charge_public_service"]
