"""The drill: a backup taken while people work brings everything back after all data are lost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from contracts.access import Role
from launcher import backup, demonstration, republish, restore, scratch, startup
from launcher.chaos.audit import Books, Verdict, examine
from launcher.chaos.command import settle
from launcher.chaos.listener import Listener
from launcher.chaos.stream import Ledger, Stream
from launcher.journey.vignettes import vignettes
from launcher.stack import Stack

pytestmark = pytest.mark.timeout(600)

WORKERS, PATIENCE = 3, 60.0
BEFORE, AFTERWARDS = 6, 3
SLEEPERS = ("pathways", "reporting")
"""Stopped before the backup: what they have not handled is in the broker's queues alone."""


@dataclass(frozen=True, kw_only=True)
class Drill:
    """What was told and what waited before the backup began, and what stood there in the end."""

    told_before: int
    told_afterwards: int
    refused: tuple[str, ...]
    waiting: int
    verdict: Verdict


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """Back up in the middle of the work, destroy everything, restore, wait, count."""
    with scratch.scratch_stack() as stack:
        startup.start(stack)
        startup.seed_once(stack)
        stream = _stream(stack)
        with Listener(stack):
            stream.begin()
            stack.supervisor.halt(SLEEPERS)
            _await_completions(stream.ledger, BEFORE)
            waiting = sum(Books(stack).waiting().values())
            before = list(stream.ledger.completed)
            kept = backup.make(stack, tmp_path_factory.mktemp("backups") / "drill")
            _await_completions(stream.ledger, len(stream.ledger.completed) + AFTERWARDS)
            stream.end()
        _destroy(stack)
        restore.check(stack, kept)
        restore.put_back(stack, kept, hours=republish.HOURS)
        # The secrets went with the data: what this process remembers of them proves nothing.
        restored = Stack(stack.settings)
        with Listener(restored, resumes=True) as listener:
            settle(Books(restored), listener)
            yield Drill(
                told_before=len(before),
                told_afterwards=len(stream.ledger.completed) - len(before),
                refused=tuple(stream.ledger.refused),
                waiting=waiting,
                verdict=examine(
                    Books(restored),
                    replace(stream.ledger, completed=before, refused=[]),
                    listener.events.values(),
                    listener.waiting(),
                ),
            )


def test_the_drill_lost_something_that_only_the_backup_had(drill: Drill) -> None:
    """Work was acknowledged on both sides of the backup, and messages lay in queues meanwhile."""
    assert drill.told_before >= BEFORE
    assert drill.told_afterwards >= AFTERWARDS
    assert drill.waiting > 0


def test_a_backup_turns_nobody_away(drill: Drill) -> None:
    """The workers notice nothing of it."""
    assert drill.refused == ()


def test_nothing_that_was_told_before_the_backup_is_lost(drill: Drill) -> None:
    """Every screening is there, with needs, referrals, enrolments, timeline and messages."""
    assert drill.verdict.lost == []


def test_nothing_happens_twice_after_a_restore(drill: Drill) -> None:
    """What was handled before the backup has no second effect when it is published again."""
    assert drill.verdict.twice == []


def test_nothing_is_stuck_after_a_restore(drill: Drill) -> None:
    """Outboxes and queues are empty, and every consumer has handled what it listens to."""
    assert drill.verdict.stuck == []


def _stream(stack: Stack) -> Stream:
    accounts = demonstration.require_accounts(stack.home)
    worker = demonstration.staff_of(accounts, demonstration.REFERRER, Role.CASE_WORKER)
    people = list(vignettes())
    return Stream(stack.gateway_url, [worker] * WORKERS, people, patience=PATIENCE)


def _await_completions(ledger: Ledger, count: int) -> None:
    deadline = time.monotonic() + 4 * PATIENCE
    while len(ledger.completed) < count:
        assert time.monotonic() < deadline, f"only {len(ledger.completed)} screenings of {count}"
        time.sleep(0.1)


def _destroy(stack: Stack) -> None:
    """Kill every process and delete everything that the stack ever wrote."""
    stack.supervisor.abandon()
    for place in stack.home.iterdir():
        shutil.rmtree(place) if place.is_dir() else place.unlink()
