"""Parts of the running stack that are away for a while: frozen, stopped or killed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from chassis.testing import eventually
from launcher import processes
from launcher.chaos.faults import kill
from launcher.stack import Stack

_PATIENCE: Final = 60.0


@contextmanager
def frozen(stack: Stack, name: str) -> Iterator[None]:
    """Keep a program from doing anything; it holds its connections, and nobody is told."""
    family = processes.family(_pids(stack)[name])
    for each in family:
        each.send(signal.SIGSTOP)
    try:
        yield
    finally:
        for each in family:
            each.send(signal.SIGCONT)


@contextmanager
def stopped(stack: Stack, name: str) -> Iterator[None]:
    """Let supervision stop a program, and start it again."""
    stack.supervisor.halt([name])
    eventually(lambda: not _pids(stack)[name], seconds=_PATIENCE)
    try:
        yield
    finally:
        stack.supervisor.launch([name])


@contextmanager
def killed(stack: Stack, *names: str) -> Iterator[None]:
    """Kill programs; supervision, which would bring them back at once, is held meanwhile."""
    pids = _pids(stack)
    supervisor = stack.supervisor.process()
    assert supervisor is not None, "only a stack under supervision comes back"
    supervisor.send(signal.SIGSTOP)
    try:
        for name in names:
            kill(name, pids[name])
        yield
    finally:
        supervisor.send(signal.SIGCONT)


def _pids(stack: Stack) -> dict[str, int]:
    return {each.name: each.pid for each in stack.supervisor.reports()}
