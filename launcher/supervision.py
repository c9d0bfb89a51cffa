"""Keeps programs alive with supervisor: its configuration, control socket, beginning and end."""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import tempfile
import time
import xmlrpc.client
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from launcher import processes, storage
from launcher.failures import ProcessFailure, StorageFailure
from launcher.processes import Process
from launcher.program import Program, Stage
from launcher.settings import ROOT

# Whatever supervision starts inherits this variable with the identity of the stack's home; a
# process that carries it without a living supervisor above is a left-over.
MARK = "PLURALI_SUPERVISED"
_LONGEST_SOCKET_PATH = 90
_NEVER_GIVE_UP = 1_000_000_000
_PATIENCE = 20.0
_WITHOUT_WAITING = False

_HEAD = """\
[supervisord]
logfile = {logs}/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 2
loglevel = info
pidfile = {run}/supervisord.pid
childlogdir = {logs}
directory = {home}
{user}
[unix_http_server]
file = {socket}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
_PROGRAM = """
[program:{name}]
command = {command}
directory = {directory}
environment = {environment}
priority = {priority}
autostart = false
autorestart = true
startsecs = 1
startretries = {retries}
stopsignal = {signal}
stopwaitsecs = {stop_seconds}
killasgroup = true
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
{user}"""
_GROUP = """
[group:services]
programs = {names}
priority = {priority}
"""


class State(StrEnum):
    """What supervision says of a program."""

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    BACKOFF = "BACKOFF"
    STOPPING = "STOPPING"
    EXITED = "EXITED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Report:
    """One program as supervision sees it."""

    name: str
    state: State
    pid: int
    since: int

    @property
    def up(self) -> bool:
        """Tell whether the program runs, be it for a moment only."""
        return self.state in {State.STARTING, State.RUNNING}


class Supervisor:
    """The supervisor of one stack."""

    def __init__(self, home: Path) -> None:
        """Find its files under the stack's home."""
        self._home = home
        self._run = home / "run"
        self._logs = home / "logs"
        self._socket = _socket_path(self._run)

    def process(self) -> Process | None:
        """Return the supervisor's process when it lives."""
        try:
            pid = int((self._run / "supervisord.pid").read_text())
        except (OSError, ValueError):
            return None
        found = processes.look_up(pid)
        return found if found in processes.carrying(self._mark) else None

    @property
    def mark(self) -> dict[str, str]:
        """Return the variable by which this home's processes are found, whoever started them."""
        return {MARK: self._identity}

    @property
    def _mark(self) -> str:
        return f"{MARK}={self._identity}"

    @property
    def _identity(self) -> str:
        return str(processes.identity(self._home))

    def start(self, programs: Iterable[Program], python: Path) -> None:
        """Start the supervisor itself, with every program still at rest."""
        storage.make_directory(self._socket.parent, storage.PRIVATE_DIRECTORY)
        if self._socket.parent.stat().st_uid != os.geteuid():
            raise StorageFailure(f"{self._socket.parent} belongs to another user.")
        configuration = self._run / "supervisord.conf"
        storage.write(configuration, self.configuration(tuple(programs)))
        attempt = subprocess.run(
            [str(python), "-m", "supervisor.supervisord", "-c", str(configuration)],
            cwd=ROOT,
            env={
                "PATH": os.defpath,
                "LANG": "C.UTF-8",
                "TZ": "UTC",
                MARK: str(processes.identity(self._home)),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if attempt.returncode or not self._comes_to_answer():
            raise ProcessFailure(f"The supervisor did not start:\n{attempt.stderr[-1000:]}")

    def reports(self) -> tuple[Report, ...]:
        """Return every program that is under supervision; none when the supervisor is not there."""
        try:
            rows = self._call("getAllProcessInfo")
        except OSError:
            return ()
        return tuple(
            Report(row["name"], State(row["statename"]), row["pid"], row["start"]) for row in rows
        )

    def launch(self, names: Iterable[str]) -> None:
        """Let programs run; one that runs already is left alone."""
        self._each(names, "startProcess", fault_that_is_fine="ALREADY_STARTED")

    def halt(self, names: Iterable[str]) -> None:
        """Stop programs and keep them stopped."""
        self._each(names, "stopProcess", fault_that_is_fine="NOT_RUNNING")

    def shut_down(self, patience: float) -> None:
        """Stop every program in the opposite order of their start, then the supervisor."""
        process = self.process()
        if process is None:
            return
        process.send(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while process.alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.sweep()

    def sweep(self) -> int:
        """End every process that a supervisor of this home left behind, and count them."""
        left = processes.carrying(self._mark)
        processes.end(left, gently=signal.SIGTERM, patience=_PATIENCE)
        # A server that is killed leaves children whose environment is no longer readable.
        backends = processes.working_in(self._home / "postgresql")
        processes.end(backends, gently=signal.SIGQUIT, patience=_PATIENCE)
        return len(left) + len(backends)

    def abandon(self) -> None:
        """Kill everything at once, where the data are thrown away next."""
        supervisor = self.process()
        if supervisor is not None:
            processes.end([supervisor], gently=signal.SIGKILL, patience=_PATIENCE)
        for left in (
            processes.carrying(self._mark),
            processes.working_in(self._home / "postgresql"),
        ):
            processes.end(left, gently=signal.SIGKILL, patience=_PATIENCE)

    def _each(self, names: Iterable[str], method: str, *, fault_that_is_fine: str) -> None:
        groups = {row["name"]: row["group"] for row in self._call("getAllProcessInfo")}
        for name in names:
            try:
                self._call(method, f"{groups[name]}:{name}", _WITHOUT_WAITING)
            except xmlrpc.client.Fault as fault:
                if not fault.faultString.startswith(fault_that_is_fine):
                    raise ProcessFailure(f"{name}: {fault.faultString}.") from fault

    def _comes_to_answer(self) -> bool:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                self._call("getState")
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _call(self, method: str, *arguments: object) -> Any:
        transport = _SocketTransport(self._socket)
        with xmlrpc.client.ServerProxy("http://supervisor", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def configuration(self, programs: tuple[Program, ...]) -> str:
        """Return what the supervisor reads at its start."""
        # Supervisor warns for ever when root did not say that it means to be root.
        head = _HEAD.format(
            logs=_plain(self._logs),
            run=_plain(self._run),
            home=_plain(self._home),
            socket=_plain(self._socket),
            user="user = root\n" if os.geteuid() == 0 else "",
        )
        names = [program.name for program in programs if program.stage is Stage.SERVICES]
        group = _GROUP.format(names=",".join(names), priority=int(Stage.SERVICES)) if names else ""
        return head + "".join(self._section(program) for program in programs) + group

    def _section(self, program: Program) -> str:
        return _PROGRAM.format(
            name=program.name,
            command=_plain(shlex.join(program.command)),
            directory=_plain(program.directory),
            environment=_environment(program.environment),
            priority=int(program.stage),
            retries=_NEVER_GIVE_UP,
            signal=program.stop_signal.name.removeprefix("SIG"),
            stop_seconds=program.stop_seconds,
            logs=_plain(self._logs),
            user=f"user = {program.user}\n" if program.user else "",
        )


def _plain(value: object) -> str:
    """Keep supervisor from reading a per cent sign as one of its own expressions."""
    return str(value).replace("%", "%%")


def _environment(variables: Mapping[str, str]) -> str:
    return ",".join(f"{name}={_quoted(value)}" for name, value in sorted(variables.items()))


def _quoted(value: str) -> str:
    """Quote a value for supervisor, whose reader knows quotes but no escapes."""
    mark = "'" if '"' in value else '"'
    return f"{mark}{_plain(value)}{mark}"


def _socket_path(run: Path) -> Path:
    """Return the control socket's path, moved where it is short: the kernel allows 107 bytes."""
    beside = run / "supervisor.sock"
    if len(bytes(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    tag = f"plurali-{os.geteuid()}-{zlib.crc32(bytes(run)):08x}"
    return Path(tempfile.gettempdir()) / tag / "supervisor.sock"


class _SocketTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = _SocketConnection(self._path)
        # The transport closes what it finds here, also after a failure.
        self._connection = (host, connection)
        return connection


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("supervisor", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
