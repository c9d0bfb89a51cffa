"""Facts about running processes, read from /proc: who they are, what they hold, what they weigh."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LISTENING = "0A"
_LOCAL_COLUMN, _STATE_COLUMN, _INODE_COLUMN = 1, 3, 9
_PARENT_FIELD, _START_FIELD = 1, 19


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken for a later one with the same number."""

    pid: int
    parent: int
    born: int
    name: str

    def alive(self) -> bool:
        """Tell whether this very process still exists and is more than a zombie."""
        return look_up(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless the process is gone already."""
        if self.alive():
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return


def look_up(pid: int) -> Process | None:
    """Return the process with this number, or nothing when there is none but a zombie."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    if fields[0] in {"Z", "X"}:
        return None
    return Process(pid, int(fields[_PARENT_FIELD]), int(fields[_START_FIELD]), name)


def everyone() -> tuple[Process, ...]:
    """Return every process of the machine that can be seen."""
    pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return tuple(process for pid in pids if (process := look_up(pid)) is not None)


def family(pid: int, among: Iterable[Process] | None = None) -> tuple[Process, ...]:
    """Return the process with this number and all its descendants."""
    processes = tuple(everyone() if among is None else among)
    known = {pid}
    grown = True
    while grown:
        children = {each.pid for each in processes if each.parent in known} - known
        known |= children
        grown = bool(children)
    return tuple(each for each in processes if each.pid in known)


def carrying(mark: str) -> tuple[Process, ...]:
    """Return the processes whose environment, at their start, held `NAME=value`."""
    wanted = mark.encode()
    return tuple(each for each in everyone() if wanted in _bytes(each.pid, "environ").split(b"\0"))


def working_in(directory: Path) -> tuple[Process, ...]:
    """Return the processes whose working directory is this one, as PostgreSQL's all are."""
    wanted = identity(directory)
    if wanted is None:
        return ()
    return tuple(each for each in everyone() if identity(_PROC / str(each.pid) / "cwd") == wanted)


def identity(path: Path) -> str | None:
    """Return what tells a directory from every other one, even of the same name in a container."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return f"{facts.st_dev}:{facts.st_ino}"


def memory_of(processes: Iterable[Process]) -> int:
    """Sum the bytes of memory: proportional shares, or resident pages where those are hidden."""
    return sum(_memory(each.pid) for each in processes)


def end(processes: Iterable[Process], *, gently: signal.Signals, patience: float) -> None:
    """Ask processes to end, and kill those that have not done so in time."""
    waiting = list(processes)
    for number, seconds in ((gently, patience), (signal.SIGKILL, patience)):
        for process in waiting:
            process.send(number)
        deadline = time.monotonic() + seconds
        while waiting and time.monotonic() < deadline:
            time.sleep(0.05)
            waiting = [each for each in waiting if each.alive()]


def listener_on(port: int) -> Process | None:
    """Return who listens on a TCP port, as far as this user may see it."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return None
    return next((each for each in everyone() if sockets & _open_files(each.pid)), None)


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = (_PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, lines):
            held = int(columns[_LOCAL_COLUMN].rpartition(":")[2], 16)
            if held == port and columns[_STATE_COLUMN] == _LISTENING:
                inodes.add(columns[_INODE_COLUMN])
    return inodes


def _open_files(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):
        for entry in (_PROC / str(pid) / "fd").iterdir():
            # One that was closed meanwhile, such as this very listing's, hides none of the others.
            with suppress(OSError):
                found.add(str(entry.readlink()))
    return found


def _memory(pid: int) -> int:
    for source, field in (("smaps_rollup", b"Pss:"), ("status", b"VmRSS:")):
        for line in _bytes(pid, source).splitlines():
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0


def _bytes(pid: int, entry: str) -> bytes:
    try:
        return (_PROC / str(pid) / entry).read_bytes()
    except OSError:
        return b""
