"""Ordinary work while something is done to the running stack: clients that never ask twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

from contracts.access import Role
from launcher import demonstration, restart
from launcher.chaos.stream import Stream
from launcher.journey.client import Client, Problem, Unreachable
from launcher.journey.vignettes import vignettes
from launcher.settings import DATABASES
from launcher.stack import Stack

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
    """What was asked meanwhile, what of it failed, and which processes are others now."""

    answered: int = 0
    completed: int = 0
    failed: list[str] = field(default_factory=list)
    renewed: set[str] = field(default_factory=set)


@contextmanager
def at_work(stack: Stack) -> Iterator[Noon]:
    """Let several clients ask and write; the figures are there when the block has ended."""
    noon, before = Noon(), pids(stack)
    accounts = demonstration.require_accounts(stack.home)
    worker = demonstration.staff_of(accounts, demonstration.REFERRER, Role.CASE_WORKER)
    people = list(vignettes())
    stream = Stream(stack.gateway_url, [worker] * WRITERS, people, patience=NO_PATIENCE)
    with _reading(stack, worker, noon):
        stream.begin()
        try:
            yield noon
        finally:
            stream.end()
    noon.completed = len(stream.ledger.completed)
    noon.failed += stream.ledger.refused
    after = pids(stack)
    noon.renewed = {name for name in DATABASES if before[name].isdisjoint(after[name])}


def pids(stack: Stack) -> dict[str, set[int]]:
    """Return the processes that serve, by name; the gateway's are the workers of its master."""
    found = {each.name: {each.pid} for each in stack.supervisor.reports()}
    (master,) = found["gateway"]
    return found | {"gateway": {each.pid for each in restart.workers(master)}}


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
