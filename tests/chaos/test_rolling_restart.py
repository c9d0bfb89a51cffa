"""Every process of Plurali's own is renewed at noon, and nobody who works notices."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

import pytest

from contracts.access import Role
from launcher import demonstration, restart
from launcher.chaos.stream import Stream
from launcher.failures import ProcessFailure
from launcher.journey.client import Client, Problem, Unreachable
from launcher.journey.vignettes import vignettes
from launcher.settings import DATABASES
from launcher.stack import Stack

pytestmark = pytest.mark.timeout(600)

READERS, WRITERS = 2, 2
NO_PATIENCE = 0.0
PATHS = (
    "/me",
    "/services",
    "/screenings",
    "/referrals",
    "/enrolments",
    "/gatherings",
    "/indicators",
)


@dataclass
class Noon:
    """What was asked while everything was renewed, and what of it failed."""

    answered: int = 0
    completed: int = 0
    failed: list[str] = field(default_factory=list)
    renewed: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def noon(stack: Stack) -> Noon:
    """Renew every process while several clients ask and write without ever asking twice."""
    noon, before = Noon(), _pids(stack)
    accounts = demonstration.require_accounts(stack.home)
    worker = demonstration.staff_of(accounts, demonstration.REFERRER, Role.CASE_WORKER)
    people = list(vignettes())
    stream = Stream(stack.gateway_url, [worker] * WRITERS, people, patience=NO_PATIENCE)
    with _reading(stack, worker, noon):
        stream.begin()
        restart.restart(stack)
        stream.end()
    noon.completed = len(stream.ledger.completed)
    noon.failed += stream.ledger.refused
    after = _pids(stack)
    noon.renewed = {name for name in DATABASES if before[name].isdisjoint(after[name])}
    return noon


def test_no_request_fails_while_everything_is_renewed(noon: Noon) -> None:
    """Neither an error nor a connection that was cut: a client without retries sees nothing."""
    assert noon.failed == []


def test_the_work_went_on_meanwhile(noon: Noon) -> None:
    """The stream was no trickle."""
    assert noon.answered > 100
    assert noon.completed > WRITERS


def test_every_process_is_another_one_now(noon: Noon) -> None:
    """No old code goes on running."""
    assert noon.renewed == set(DATABASES)


@pytest.mark.parametrize("name", ["screening", "gateway"])
def test_a_process_that_cannot_start_ends_no_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What does not run here is noticed while the old process still serves."""
    before = _pids(stack)[name]
    monkeypatch.setattr(Stack, "environment", lambda _stack, _name: {"PYTHONHOME": "/nonexistent"})
    with pytest.raises(ProcessFailure, match="the old one goes on serving"):
        restart.restart(stack, [name])
    assert _pids(stack)[name] == before


@contextmanager
def _reading(stack: Stack, account: demonstration.Account, noon: Noon) -> Iterator[None]:
    stop = threading.Event()

    def read() -> None:
        with Client(stack.gateway_url, patience=NO_PATIENCE) as client:
            client.sign_in(account.email, account.password)
            for path in cycle(PATHS):
                if stop.wait(0.02):
                    return
                try:
                    client.get(path)
                except (Problem, Unreachable) as failure:
                    noon.failed.append(f"GET {path}: {failure}")
                else:
                    noon.answered += 1

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _pids(stack: Stack) -> dict[str, set[int]]:
    """Return the processes that serve, by name; the gateway's are the workers of its master."""
    pids = {each.name: {each.pid} for each in stack.supervisor.reports()}
    (master,) = pids["gateway"]
    return pids | {"gateway": {each.pid for each in restart.workers(master)}}
