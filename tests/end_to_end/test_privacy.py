"""Personal data stay in intake: after a journey they are found nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from contracts.access import Role
from launcher.demonstration import REFERRER
from launcher.journey.chain import Journey, Network
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from launcher.subscriber import Subscribers
from tests.support.running import (
    every_event,
    files_holding,
    messages_waiting,
    signed_in,
    tables_holding,
)

TRACES = ("given_name", "family_name", "tax_code", "phone", "email")
ENGINES = ("postgresql", "rabbitmq")


@dataclass(frozen=True)
class Walked:
    """A journey that was walked, and what was told meanwhile."""

    details: dict[str, Any]
    events: list[dict[str, Any]]
    waiting: dict[str, list[bytes]]

    def spellings(self, trace: str) -> tuple[str, ...]:
        """Return a trace as it was told, and a telephone number also without its blanks."""
        told: str = self.details[trace]
        return tuple(dict.fromkeys((told, told.replace(" ", ""), told.removeprefix("+39 "))))


@pytest.fixture(scope="module")
def walked(stack: Stack, network: Network) -> Iterator[Walked]:
    """Walk a journey, search for the person as a desk does, and keep a partner's queue unread."""
    subscribers = Subscribers(stack)
    unread = subscribers.add("unread", ["#"])
    try:
        with every_event(stack) as events:
            (vignette,) = chosen("V1")
            journey = Journey(network, vignette)
            assert journey.run().ok
            details = journey.person.details
            with signed_in(stack, REFERRER, Role.DESK_OPERATOR) as desk:
                for search in ("tax_code", "birth_date"):
                    desk.post("/people/searches", {search: details[search]})
                desk.post("/people/searches", {"name": details["family_name"]})
        yield Walked(details, events, messages_waiting(stack))
    finally:
        subscribers.remove(unread.name)


@pytest.mark.parametrize("trace", TRACES)
def test_no_database_but_intakes_holds_it(stack: Stack, walked: Walked, trace: str) -> None:
    """No row of the other seven databases holds a name, a contact or the tax code."""
    held = {table for each in walked.spellings(trace) for table in tables_holding(stack, each)}
    assert {table for table in held if not table.startswith("intake.")} == set()


@pytest.mark.parametrize("trace", ["given_name", "family_name", "phone", "email"])
def test_intake_does_hold_it(stack: Stack, walked: Walked, trace: str) -> None:
    """The search is able to find: intake's database holds what was registered."""
    held = {table for each in walked.spellings(trace) for table in tables_holding(stack, each)}
    assert any(table.startswith("intake.") for table in held)


def test_the_tax_code_lies_encrypted(stack: Stack, walked: Walked) -> None:
    """Not even intake's database shows a tax code to who reads its rows."""
    assert tables_holding(stack, walked.details["tax_code"]) == set()


@pytest.mark.parametrize("trace", TRACES)
def test_no_event_tells_it(walked: Walked, trace: str) -> None:
    """No event that any service published meanwhile, restricted ones included, holds it."""
    told = [json.dumps(event, ensure_ascii=False).lower() for event in walked.events]
    assert len(told) > 40
    assert not [each for each in told for word in walked.spellings(trace) if word.lower() in each]


@pytest.mark.parametrize("trace", TRACES)
def test_no_queue_holds_it(walked: Walked, trace: str) -> None:
    """No message that waits in any queue, partners' and dead letters' included, holds it."""
    waiting = [message.lower() for messages in walked.waiting.values() for message in messages]
    assert len(walked.waiting["partners unread"]) > 10
    words = [word.lower().encode() for word in walked.spellings(trace)]
    assert not [each for each in waiting for word in words if word in each]


@pytest.mark.parametrize("trace", TRACES)
def test_no_log_and_no_other_file_holds_it(stack: Stack, walked: Walked, trace: str) -> None:
    """No log, and nothing else that the stack wrote beside the database's files, holds it."""
    found = {path for each in walked.spellings(trace) for path in files_holding(stack.home, each)}
    assert {path for path in found if not path.startswith(ENGINES[0])} == set()


def test_the_search_of_files_does_find(stack: Stack, walked: Walked) -> None:
    """The search is able to find: what the journey's requests are traced by stands in logs."""
    assert files_holding(stack.logs, walked.events[0]["correlationid"])
