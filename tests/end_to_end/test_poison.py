"""Poison ends among the dead letters with its reason, and healthy traffic goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from chassis import dead_letters
from chassis.clock import new_id, now
from chassis.testing import eventually
from launcher.journey.chain import Journey, Network
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.running import publish

QUEUE = "referrals.on_screening_completed"
TYPE = "screening.completed.v1"


def _envelope(id_: str, **changed: Any) -> bytes:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": id_,
            "source": "screening",
            "type": TYPE,
            "subject": str(new_id()),
            "time": now().isoformat(),
            "correlationid": str(new_id()),
            "sequence": 1,
            "data": {},
            **changed,
        }
    ).encode()


POISONS: dict[str, Callable[[str], bytes]] = {
    "not-json": lambda _id: b"\x80 this is not JSON",
    "not-an-event": lambda _id: b'{"hello": "world"}',
    "invalid-event": lambda id_: _envelope(id_, data={"screening_id": "of no screening"}),
    "unknown-type": lambda id_: _envelope(id_, type="screening.completed.v9"),
    "too-large": lambda _id: b"x" * 10_000_000,
}
"""By the reason that is to be given: the last but one is another version of a known event."""


@pytest.fixture
def poisoned(stack: Stack) -> Iterator[dict[str, str]]:
    """Put every kind of poison into a work queue; afterwards throw it away."""
    ids = {kind: str(new_id()) for kind in POISONS}
    for kind, make in POISONS.items():
        publish(stack.amqp_uri, QUEUE, make(ids[kind]), message_id=ids[kind], type=TYPE)
    yield ids
    for id_ in ids.values():
        # The letters that one look passed over lie in the queue again a moment after it.
        drop = partial(dead_letters.drop, stack.amqp_uri, QUEUE, message_id=id_)
        assert eventually(drop) == 1


def test_poison_is_laid_aside_with_its_reason(
    stack: Stack, poisoned: dict[str, str], network: Network
) -> None:
    """Each kind is a dead letter that says why, and a journey behind them arrives."""
    assert Journey(network, chosen("V2")[0]).run().missing == []

    def letters() -> dict[str | None, dead_letters.DeadLetter]:
        found = {each.message_id: each for each in dead_letters.show(stack.amqp_uri, QUEUE, 100)}
        assert found.keys() >= set(poisoned.values())
        return found

    found = eventually(letters)
    reasons = {kind: found[id_].reason for kind, id_ in poisoned.items()}
    assert reasons == {kind: kind for kind in POISONS}
