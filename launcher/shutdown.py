"""Stops a stack, and keeps two commands from changing the same one at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from launcher import storage
from launcher.failures import BusyFailure
from launcher.stack import Stack

_PATIENCE = 150.0


def stop(stack: Stack) -> None:
    """Stop everything of a stack, whoever started it."""
    with changing(stack):
        end(stack)


def end(stack: Stack) -> None:
    """Stop everything for a command that has the stack to itself already."""
    stack.supervisor.shut_down(_PATIENCE)
    stack.supervisor.sweep()


@contextmanager
def changing(stack: Stack) -> Iterator[None]:
    """Let one command at a time start or stop a stack."""
    run = storage.make_directory(stack.home / "run", storage.PRIVATE_DIRECTORY)
    with (run / "lock").open("w") as token:
        try:
            fcntl.flock(token, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyFailure(
                f"Another command is starting or stopping the stack of {stack.home}: wait for it."
            ) from None
        yield
