"""What is killed, how and when; everything comes back by supervision alone."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import psycopg2

from launcher import processes
from launcher.settings import SERVICES
from launcher.stack import Stack

_BROKER, _DATABASE, _GATEWAY = "rabbitmq", "postgresql", "gateway"
_RELAY: Final = "relay of screening"
TARGETS: Final = (*SERVICES, _GATEWAY, _RELAY, _BROKER, _DATABASE)

_WAITING: Final = "select exists (select from outbox where published_at is null)"
_GLIMPSES: Final = 400


@dataclass(frozen=True)
class Fault:
    """One kill: what, when and with which process number."""

    target: str
    at: float
    pid: int


class Faults:
    """Kills one target after the other, each of them at least once if there is time."""

    def __init__(self, stack: Stack, *, seed: int, pause: float) -> None:
        """Prepare the order of a seed; ``pause`` is the mean of seconds between two kills."""
        self._stack = stack
        self._random = random.Random(seed)  # noqa: S311 - the same seed must give the same order
        self._pause = pause
        self.done: list[Fault] = []

    def run(self, seconds: float, say: Callable[[str], None]) -> None:
        """Kill until the time is over."""
        began = time.monotonic()
        for target in self._order():
            time.sleep(self._pause * (0.5 + self._random.random()))
            if time.monotonic() - began > seconds:
                return
            pid = self._kill(target)
            if pid:
                fault = Fault(target, round(time.monotonic() - began, 1), pid)
                self.done.append(fault)
                say(f"{fault.at:6.1f} s  SIGKILL {target} (process {pid})")

    def _order(self) -> Iterator[str]:
        while True:
            targets: Sequence[str] = self._random.sample(TARGETS, len(TARGETS))
            yield from targets

    def _kill(self, target: str) -> int:
        if target == _RELAY:
            self._catch_the_relay_at_work()
        name = "screening" if target == _RELAY else target
        pid = next((each.pid for each in self._stack.supervisor.reports() if each.name == name), 0)
        kill(name, pid)
        return pid

    def _catch_the_relay_at_work(self) -> None:
        """Wait for a moment in which an event is committed and not yet known to be published."""
        try:
            with (
                closing(psycopg2.connect(self._stack.database_url("screening"))) as connection,
                connection.cursor() as cursor,
            ):
                connection.autocommit = True
                for _ in range(_GLIMPSES):
                    cursor.execute(_WAITING)
                    row = cursor.fetchone()
                    if row and row[0]:
                        return
                    time.sleep(0.005)
        except psycopg2.Error:
            return


def kill(name: str, pid: int) -> None:
    """Kill a program of the stack with everything that it started; none has the number zero."""
    family = processes.family(pid) if pid else ()
    if name == _DATABASE:
        # The children of a killed server end by themselves; killing them is another fault.
        family = tuple(each for each in family if each.pid == pid)
    for each in family:
        if each.alive():
            os.kill(each.pid, signal.SIGKILL)
