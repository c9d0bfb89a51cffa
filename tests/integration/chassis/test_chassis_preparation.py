"""What a process waits for before it starts."""

from __future__ import annotations

import pytest

from chassis import layout
from chassis.layout import Binding, Exchange, Queue, Topology
from chassis.migrate import migrate
from chassis.prepared import is_declared, is_migrated
from tests.support.stage import PACKAGE

NOWHERE = "127.0.0.1:9"
WANTED = Topology(
    frozenset([Exchange("harbour.events", "topic")]),
    frozenset([Queue("harbour.on_ship_arrived")]),
    frozenset([Binding("harbour.events", "harbour.on_ship_arrived", "ship.arrived.v1")]),
)


def test_an_empty_database_is_not_migrated(database_url: str) -> None:
    """The process waits for its migration."""
    assert not is_migrated(PACKAGE, database_url)


def test_a_database_of_this_code_is_migrated(database_url: str) -> None:
    """The newest revision is there."""
    migrate(PACKAGE, database_url)
    assert is_migrated(PACKAGE, database_url)


def test_a_database_of_later_code_is_migrated(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code of the former release comes back to a database that has gone ahead."""
    migrate(PACKAGE, database_url)
    monkeypatch.setattr("chassis.prepared.newest_of", lambda _name: "0000")
    assert is_migrated(PACKAGE, database_url)


def test_an_absent_database_is_not_migrated() -> None:
    """It may be about to come up."""
    assert not is_migrated(PACKAGE, f"postgresql://nobody@{NOWHERE}/nothing")


def test_a_topology_half_declared_is_not_declared(amqp_uri: str) -> None:
    """Everything but the mark says nothing: a binding may be missing still."""
    harbour = WANTED | Topology(queues=frozenset([Queue("harbour.on_ship_left")]))
    layout.apply(amqp_uri, harbour)
    assert not is_declared(amqp_uri, harbour)


def test_a_topology_with_its_mark_is_declared(amqp_uri: str) -> None:
    """The mark comes last."""
    layout.apply(amqp_uri, WANTED)
    layout.apply(amqp_uri, Topology(frozenset([layout.mark_of(WANTED)])))
    assert is_declared(amqp_uri, WANTED)


def test_another_release_has_another_mark(amqp_uri: str) -> None:
    """A binding more, and the declarations of the release before do not suffice."""
    more = WANTED | Topology(
        bindings=frozenset([Binding("harbour.events", "harbour.on_ship_arrived", "ship.left.v1")])
    )
    layout.apply(amqp_uri, Topology(frozenset([layout.mark_of(WANTED)])))
    assert not is_declared(amqp_uri, more)


def test_an_absent_broker_has_no_topology() -> None:
    """It may be about to come up."""
    assert not is_declared(f"amqp://{NOWHERE}/", WANTED)
