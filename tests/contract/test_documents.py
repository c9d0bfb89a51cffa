"""The committed documents say what the code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chassis import topology
from contracts.language import EVENTS, Event
from launcher import documents


def test_no_committed_document_is_stale() -> None:
    """Whoever changes a message runs ``./plurali docs``."""
    assert documents.stale() == []


@pytest.mark.parametrize(
    "path", sorted((documents.ROOT / "schemas").glob("*.json")), ids=lambda path: path.stem
)
def test_an_event_schema_is_a_schema(path: Path) -> None:
    """An integrator's validator can load it."""
    Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_a_reader_of_events_must_allow_more() -> None:
    """Fields of a later version are no error, so no event schema forbids them."""
    closed = [
        path.name
        for path in (documents.ROOT / "schemas").glob("*.json")
        if '"additionalProperties": false' in path.read_text()
    ]
    assert closed == []


def _is_ours(event: type[Event]) -> bool:
    """Tell a published event from one that a test made up."""
    return event.__module__.startswith("contracts.")


def test_every_event_is_heard_by_a_queue() -> None:
    """The broker returns an event that no queue wants, and it would wait in its outbox for ever."""
    documents.documents()
    heard = {binding.routing_key for binding in topology.whole().bindings}
    published = {name for name, event in EVENTS.items() if _is_ours(event)}
    assert sorted(published - heard) == []
