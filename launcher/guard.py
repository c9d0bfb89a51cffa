"""Goes before an engine's process: clears what a killed predecessor left, then becomes the engine.

The supervisor runs it as `python -m launcher.guard [options] -- COMMAND ...`. Started by root, it
takes on the unprivileged user itself, since it may stand where that user cannot read.
"""

import argparse
import os
import pwd
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from launcher import ports, processes

_PATIENCE = 5.0
_WAIT_FOR_PORT = 60.0


def main(arguments: Sequence[str]) -> NoReturn:
    """Clear the ground, drop root's rights and become the engine."""
    options = _parser().parse_args(arguments)
    if options.open_files:
        _limit_open_files(options.open_files)
    if options.data:
        clear_stale_lock(options.data)
    if options.await_port:
        _await_port(options.await_port)
    if options.user and os.geteuid() == 0:
        # Last, since the user may be unable to read the modules that the steps before import.
        _become(options.user)
    os.execv(options.command[0], options.command)  # noqa: S606 - no shell is wanted


def clear_stale_lock(data: Path) -> None:
    """Wait until the processes of a dead PostgreSQL are gone, then remove its lock file.

    A killed server leaves backends behind that hold the shared memory, and its number in the
    lock file may be somebody else's by now: PostgreSQL would refuse to start for either.
    """
    processes.end(processes.working_in(data), gently=signal.SIGQUIT, patience=_PATIENCE)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m launcher.guard")
    parser.add_argument("--user", help="become this user first, when started by root")
    parser.add_argument("--data", type=Path, help="PostgreSQL's data directory to clear of locks")
    parser.add_argument("--await-port", type=int, help="wait until somebody answers on this port")
    parser.add_argument("--open-files", type=int, help="how many files may be open at once")
    parser.add_argument("command", nargs="+", help="the engine and its arguments")
    return parser


def _become(name: str) -> None:
    entry = pwd.getpwnam(name)
    os.initgroups(name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _limit_open_files(wanted: int) -> None:
    # Erlang sizes its tables by this limit: the millions that containers allow cost gigabytes.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _WAIT_FOR_PORT
    while not ports.answers(port) and time.monotonic() < deadline:
        time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
