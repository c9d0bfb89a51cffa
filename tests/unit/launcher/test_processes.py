"""Facts about processes, against real ones."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import processes

_SLEEPER = "import signal, time; print('ready', flush=True); time.sleep(600)"
_DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + _SLEEPER


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Give a directory for processes to work in."""
    return tmp_path


def _started(code: str, directory: Path, **variables: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", code],
        cwd=directory,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    child.stdout.readline()
    return child


@pytest.fixture
def sleeper(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a process that waits, marked by a variable."""
    with _started(_SLEEPER, directory, A_MARK="of-this-test") as child:
        yield child
        child.kill()


def test_marked_process_is_found_by_its_environment(sleeper: subprocess.Popen[str]) -> None:
    """Left-overs of a killed supervisor are known by what they inherited."""
    assert [each.pid for each in processes.carrying("A_MARK=of-this-test")] == [sleeper.pid]


def test_process_is_found_by_its_working_directory(
    sleeper: subprocess.Popen[str], directory: Path
) -> None:
    """Children of a killed PostgreSQL are known by where they work."""
    assert [each.pid for each in processes.working_in(directory)] == [sleeper.pid]


def test_family_holds_parent_and_child(sleeper: subprocess.Popen[str]) -> None:
    """The memory of a program is that of all its processes."""
    pids = {each.pid for each in processes.family(os.getpid())}
    assert {os.getpid(), sleeper.pid} <= pids


def test_living_process_weighs_something(sleeper: subprocess.Popen[str]) -> None:
    """Memory is measured, not guessed."""
    assert processes.memory_of(processes.family(sleeper.pid)) > 0


def test_ended_process_is_no_longer_alive(sleeper: subprocess.Popen[str]) -> None:
    """A process that ended is not mistaken for a living one, not even as a zombie."""
    known = processes.look_up(sleeper.pid)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert known is not None
    assert not known.alive()


def test_process_that_ignores_the_gentle_signal_is_killed(directory: Path) -> None:
    """Ending left-overs always ends."""
    with _started(_DEAF, directory) as child:
        known = processes.look_up(child.pid)
        assert known is not None
        processes.end([known], gently=signal.SIGTERM, patience=0.3)
        assert child.wait() == -signal.SIGKILL


def test_listener_is_known_by_its_port() -> None:
    """Whoever holds a port that is needed can be named."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        holder = processes.listener_on(server.getsockname()[1])
    assert holder == processes.look_up(os.getpid())
