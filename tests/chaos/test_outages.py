"""Whatever is away, callers are told so clearly; when it is back, they are served again.

A gateway of its own, with a short deadline, is asked for everything that each part answers while
the part is frozen, stopped or killed. Nothing but supervision brings anything back, and the gateway
is the same process from the first test to the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pytest

from chassis.clock import new_id
from chassis.testing import eventually
from gateway.circuits import FAILURES
from launcher.stack import Stack
from tests.support.outages import frozen, killed, stopped
from tests.support.second_doors import doors
from tests.support.watched_desk import (
    MISSING,
    PATIENCE,
    READS,
    Answers,
    Desk,
    prepare,
)

pytestmark = pytest.mark.timeout(600)

Fault = Callable[[Stack, str], AbstractContextManager[None]]

REGISTER: Final = "the register and what others publish"
INTERVIEW: Final = "the interview and what follows"
ROUNDS: Final[Mapping[str, Mapping[str, Fault]]] = MappingProxyType(
    {
        REGISTER: {
            "intake": frozen,
            "catalogue": stopped,
            "pathways": frozen,
            "reporting": frozen,
        },
        INTERVIEW: {"screening": frozen, "referrals": stopped, "events": frozen},
    }
)
"""Each service once; those of a round are away at the same time."""

PARTIAL: Final = MappingProxyType(
    {
        REGISTER: ("/referrals", "/screenings"),
        INTERVIEW: ("/", "/people/{person_id}"),
    }
)
"""Pages that can do without the services of a round, and say what is missing."""

ENGINES: Final = MappingProxyType({"rabbitmq": ("broker", 200), "postgresql": ("database", 503)})
"""What the status calls an engine, and what is said to a question about the caller alone."""


@pytest.fixture(scope="module")
def watched(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Start a gateway with a short deadline, which must not have to be started again."""
    logs = tmp_path_factory.mktemp("outages")
    with doors(stack, logs, 1, {"REQUEST_SECONDS": "2"}) as (door,):
        desk = prepare(stack, door)
        before = desk.born
        yield desk
        assert desk.born == before


@pytest.fixture
def desk(watched: Desk) -> Iterator[Desk]:
    """Give the desk, and leave it with everything back."""
    yield watched
    watched.await_health()


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What was told while the services of a round were away, and what became of the changes."""

    away: frozenset[str]
    told: Answers
    at_once: Mapping[str, str]
    opened: frozenset[str]
    partial: Answers
    left_open: frozenset[str]
    added: Mapping[str, int]
    wanted: Mapping[str, int]


@pytest.fixture(scope="module", params=[*ROUNDS])
def outage(stack: Stack, watched: Desk, request: pytest.FixtureRequest) -> Outage:
    """Take the services of a round away, ask everything, and let them come back."""
    away = ROUNDS[request.param]
    watched.await_health()
    keys = {name: str(new_id()) for name in watched.commands if name in away}
    before = _effects(watched, keys)
    with ExitStack() as outage:
        for service, fault in away.items():
            outage.enter_context(fault(stack, service))
        told = watched.everything(away, keys)
        at_once = {service: _last_refusal(watched, service) for service in away}
        opened = watched.circuits_open
        partial = {path: watched.look(path) for path in PARTIAL[request.param]}
    watched.await_health(away)
    _repeat(watched, keys)
    after = _effects(watched, keys)
    return Outage(
        away=frozenset(away),
        told=told,
        at_once=at_once,
        opened=frozenset(opened),
        partial=partial,
        left_open=frozenset(watched.circuits_open),
        added={name: after[name] - before[name] for name in keys},
        wanted={name: watched.commands[name].adds for name in keys},
    )


def test_every_question_to_a_service_that_is_away_is_answered_clearly(outage: Outage) -> None:
    """Frozen or stopped: a 503 that says when to come back, or a page that names what it lacks."""
    assert _unclear(outage.told) == set()


def test_a_service_that_keeps_failing_is_refused_at_once(outage: Outage) -> None:
    """Its circuit is open: what does not answer cannot have sent this refusal."""
    assert set(outage.at_once.values()) == {"urn:plurali:problem:unavailable"}
    assert outage.opened >= outage.away


def test_a_page_that_can_do_without_a_service_names_it(outage: Outage) -> None:
    """The rest of the page is whole."""
    broken = {
        path for path, page in outage.partial.items() if not page.ok or MISSING not in page.text
    }
    assert broken == set()


def test_a_service_that_is_back_is_asked_again(outage: Outage) -> None:
    """One question tried it and closed its circuit, without anything being started anew."""
    assert outage.left_open == set()


def test_a_change_that_nobody_answered_is_repeated_with_its_key(outage: Outage) -> None:
    """Whether or not it had happened, it has happened once."""
    assert outage.added == outage.wanted


def test_a_form_that_cannot_be_done_is_kept_and_counts_once(stack: Stack, desk: Desk) -> None:
    """The page holds what was typed; sent again with the same key, it has one effect."""
    command, path = desk.commands["events"], "/gatherings/{gathering_id}/headcount"
    typed = {"headcount": "3", "key": str(new_id())}
    before = desk.count(command)
    with frozen(stack, "events"):
        refused = desk.send(path, typed)
    desk.await_health(["events"])
    done = [desk.send(path, typed).status_code for _ in range(2)]
    assert (refused.status_code, typed["key"] in refused.text, done) == (503, True, [303, 303])
    assert desk.count(command) == before + command.adds


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_that_is_away_costs_a_clear_answer_and_no_work(
    stack: Stack, desk: Desk, engine: str
) -> None:
    """Killed: whatever needs it is a clear 503; supervision brings it back, and that is enough."""
    name, of_its_own = ENGINES[engine]
    keys = {"intake": str(new_id())}
    before = _effects(desk, keys)
    with killed(stack, engine):
        told = desk.everything(READS, keys)
        status, own = desk.ask("GET", "/status"), desk.ask("GET", "/me")
    assert _unclear(told) == set()
    assert (status.status_code, name in status.json()["detail"]) == (503, True)
    assert own.status_code == of_its_own
    desk.await_health()
    _repeat(desk, keys)
    assert _effects(desk, keys) == {"intake": before["intake"] + 1}


def _effects(desk: Desk, names: Iterable[str]) -> dict[str, int]:
    return {name: desk.count(desk.commands[name]) for name in names}


def _unclear(told: Answers) -> set[str]:
    """Name the questions that were neither refused clearly nor answered by a page with a gap."""
    return {
        name
        for name, answer in told.items()
        if answer.status_code != 503 and not (name.startswith("page ") and MISSING in answer.text)
    }


def _last_refusal(desk: Desk, service: str) -> str:
    """Ask as often as it takes to open a circuit, and return the last problem's type."""
    path = READS[service][0]
    *_, last = (desk.ask("GET", path) for _ in range(FAILURES + 1))
    return str(last.json()["type"])


def _repeat(desk: Desk, keys: Mapping[str, str]) -> None:
    """Repeat changes with their keys until they are done."""
    for name, key in keys.items():
        command = desk.commands[name]
        eventually(lambda c=command, k=key: desk.do(c, k).ok, seconds=PATIENCE)  # type: ignore[misc]
