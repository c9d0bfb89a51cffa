"""`./plurali restart`: every process of Plurali's own anew, one by one, while people go on working.

A stand-in takes over the queues of a service before the old process ends, so no request waits for a
start. A stand-in that does not come up, as of code that does not run here, stops the command while
the old process still serves.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from launcher import assets, bootstrap, broker_users, health, ports, processes, shutdown, startup
from launcher.failures import EnvironmentFailure, ExitCode, ProcessFailure, UsageFailure
from launcher.processes import Process
from launcher.progress import say, step
from launcher.settings import DATABASES, ROOT
from launcher.stack import Stack
from launcher.supervision import Report, State

_PATIENCE: Final = 120.0
_PAUSE: Final = 0.1
_GATEWAY: Final = "gateway"


def register(parser: ArgumentParser) -> None:
    """Add which processes."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(DATABASES)}; all of them without any"
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Restart what is named, in the order of the names."""
    unknown = sorted(set(arguments.names) - set(DATABASES))
    if unknown:
        raise UsageFailure(f"No process {', '.join(unknown)}; there are {', '.join(DATABASES)}.")
    restart(stack, arguments.names or DATABASES)
    say("Everything named runs anew")
    return ExitCode.FINE


def restart(stack: Stack, names: tuple[str, ...] | list[str] = DATABASES) -> None:
    """Restart processes one after the other; each is ready before the next one ends."""
    if stack.settings.project:
        raise UsageFailure("In containers: `docker compose up --detach --force-recreate NAME`.")
    if not startup.runs_whole(stack):
        raise EnvironmentFailure("Not everything is ready, see `./plurali status`: `up` starts it.")
    with shutdown.changing(stack):
        if stack.settings.amqp_uri is None and stack.rabbit_api is not None:
            # A broker that an earlier version started knows no users of today's processes.
            broker_users.provide(stack.rabbit_api, stack.credentials.broker_users)
        if _GATEWAY in names:
            assets.prepare()
        renew(stack, names)


def renew(stack: Stack, names: Sequence[str]) -> None:
    """Renew processes for a command that has the stack to itself already."""
    stack.hand_out(startup.worker(), names)
    for name in names:
        with step(f"Restarting {name}"):
            (_renew_gateway if name == _GATEWAY else _renew_service)(stack, name)


def workers(master: int) -> list[Process]:
    """Return the processes that a master has started."""
    return [each for each in processes.everyone() if each.parent == master]


def _renew_service(stack: Stack, name: str) -> None:
    with _stand_in(stack, name):
        stack.supervisor.halt([name])
        _until(stack, name, lambda: _report(stack, name).state in {State.STOPPED, State.EXITED})
        stack.supervisor.launch([name])
        _until(stack, name, lambda: health.is_ready(stack.health_url(name)))


@contextmanager
def _stand_in(stack: Stack, name: str) -> Iterator[None]:
    """Let another process of a service work meanwhile; it leaves as politely as any other."""
    port = _free_port()
    with (stack.logs / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [str(bootstrap.PYTHON), "-m", "chassis.runtime", name],
            cwd=ROOT,
            # With the mark of the stack, `down` ends it even where this command was killed.
            env=stack.environment(name) | stack.supervisor.mark | {"HEALTH_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **startup.worker().as_subprocess(),
        )
    try:
        url = f"http://{ports.LOOPBACK}:{port}/ready"
        _until(stack, name, lambda: process.poll() is not None or health.is_ready(url))
        if process.poll() is not None:
            raise ProcessFailure(_unfit(stack, name))
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        process.kill()
        process.wait()


def _renew_gateway(stack: Stack, name: str) -> None:
    """Let gunicorn's master start a second worker, which retires the first when it is ready."""
    # A worker that cannot start takes the master with it: the import is tried elsewhere first.
    trial = subprocess.run(
        [str(bootstrap.PYTHON), "-c", "import gateway.app"],
        cwd=ROOT,
        env=stack.environment(name),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **startup.worker().as_subprocess(),
    )
    if trial.returncode:
        raise ProcessFailure(f"{_unfit(stack, name)}\n{trial.stderr[-1000:]}")
    master = processes.look_up(_report(stack, name).pid)
    if master is None:
        raise ProcessFailure("The gateway has just ended; see `./plurali status`.")
    old = set(workers(master.pid))
    master.send(signal.SIGTTIN)
    _until(stack, name, lambda: _is_replaced(master, old))
    _until(stack, name, lambda: health.is_ready(stack.health_url(name)))


def _is_replaced(master: Process, old: set[Process]) -> bool:
    now = set(workers(master.pid))
    return bool(now - old) and not now & old


def _report(stack: Stack, name: str) -> Report:
    return next(each for each in stack.supervisor.reports() if each.name == name)


def _until(stack: Stack, name: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise ProcessFailure(
                f"{name} did not get there in {_PATIENCE:.0f} s. The end of its log:\n"
                f"{stack.last_lines(name)}"
            )
        time.sleep(_PAUSE)


def _unfit(stack: Stack, name: str) -> str:
    return (
        f"A new {name} does not start; the old one goes on serving. The end of its log:\n"
        f"{stack.last_lines(name)}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ports.LOOPBACK, 0))
        return int(probe.getsockname()[1])
