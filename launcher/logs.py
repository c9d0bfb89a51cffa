"""`./plurali logs`: the end of the logs, followed on request."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from launcher import compose
from launcher.failures import ExitCode, UsageFailure
from launcher.settings import DATABASES
from launcher.stack import Stack

_NAMES = (*DATABASES, "postgresql", "rabbitmq", "epmd", "supervisord")
_PAUSE = 0.3
_TAIL_BYTES_PER_LINE = 2000


def register(parser: ArgumentParser) -> None:
    """Add the options of `logs`."""
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"one of {', '.join(_NAMES)}")
    parser.add_argument("-f", "--follow", action="store_true", help="go on with what is written")
    parser.add_argument("-n", "--lines", type=int, default=20, help="lines of each log (20)")


def run(arguments: Namespace, stack: Stack) -> int:
    """Print the end of one log, or of each."""
    if arguments.name not in {None, *_NAMES}:
        raise UsageFailure(f"There is no log `{arguments.name}`: it is one of {', '.join(_NAMES)}.")
    if stack.settings.project:
        follow: bool = arguments.follow
        return compose.show_logs(stack, arguments.name, lines=arguments.lines, follow=follow)
    names = [arguments.name] if arguments.name else list(_NAMES)
    files = [stack.logs / f"{name}.log" for name in names]
    for file in files:
        _print(file, _last_lines(file, arguments.lines), alone=len(files) == 1)
    if arguments.follow:
        _follow(files)
    return ExitCode.FINE


def _last_lines(path: Path, count: int) -> list[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - max(count, 1) * _TAIL_BYTES_PER_LINE))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[-count:] if count > 0 else []


def _follow(paths: list[Path]) -> None:
    """Print what is appended, also to the file that takes the place of a full one."""
    followed = {path: _Followed(path) for path in paths}
    while True:
        for path, file in followed.items():
            _print(path, file.new_lines(), alone=len(paths) == 1)
        time.sleep(_PAUSE)


class _Followed:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._open()
        self._begun = b""
        if self._file:
            self._file.seek(0, 2)

    def new_lines(self) -> list[str]:
        text = self._begun + (self._file.read() if self._file else b"")
        if self._is_replaced():
            if self._file:
                self._file.close()
            self._file = self._open()
        *lines, self._begun = text.split(b"\n")
        return [line.decode(errors="replace") for line in lines]

    def _open(self) -> BinaryIO | None:
        try:
            return self._path.open("rb")
        except FileNotFoundError:
            return None

    def _is_replaced(self) -> bool:
        try:
            found = self._path.stat().st_ino
        except FileNotFoundError:
            return False
        return (
            self._file is None
            or Path(f"/proc/self/fd/{self._file.fileno()}").stat().st_ino != found
        )


def _print(path: Path, lines: Iterable[str], *, alone: bool) -> None:
    prefix = "" if alone else f"{path.stem:12} | "
    for line in lines:
        print(f"{prefix}{line}", flush=True)
