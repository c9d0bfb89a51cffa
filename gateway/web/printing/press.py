"""One sheet is set at a time, a few wait, and the others are told to come back."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from gateway.problems import RETRY_SECONDS, RefusedError
from gateway.web.printing.typesetting import PACKAGES, Verdict

WAITING: Final = 4
"""How many of the gateway's threads printing may hold, the one at work included."""

_PROGRAM: Final = (sys.executable, "-m", "gateway.web.printing.typesetting")
_SECONDS: Final = 45.0


class Press:
    """The press of a process: the program, and who may use it when."""

    def __init__(self, program: Sequence[str] = _PROGRAM, seconds: float = _SECONDS) -> None:
        """Stand ready; ``seconds`` is how long one sheet, and the wait for it, may take."""
        self._program = program
        self._seconds = seconds
        self._inside = 0
        self._counting = threading.Lock()
        self._turn = threading.Lock()

    def free(self) -> int:
        """Return how many more may come."""
        return WAITING - self._inside

    def print(self, page: str) -> bytes:
        """Return a page as PDF/UA.

        Raises:
            RefusedError: the libraries are missing, too many wait, or the page cannot be printed.

        """
        with self._place():
            if not self._turn.acquire(timeout=self._seconds):
                raise _busy()
            try:
                return self._run(page)
            finally:
                self._turn.release()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Take one of the places, where there is one."""
        with self._counting:
            if not self.free():
                raise _busy()
            self._inside += 1
        try:
            yield
        finally:
            with self._counting:
                self._inside -= 1

    def _run(self, page: str) -> bytes:
        """Run the program once."""
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, the page goes in by its input
                self._program,
                input=page.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed() from None
        if ended.returncode == Verdict.NO_LIBRARIES:
            raise _without_libraries()
        if ended.returncode != Verdict.PRINTED:
            raise _failed()
        return ended.stdout


_PRESS: Final = Press()


def render_pdf(page: str) -> bytes:
    """Return a page as PDF/UA, made by the press of this process.

    Raises:
        RefusedError: the libraries are missing, too many wait, or the page cannot be printed.

    """
    return _PRESS.print(page)


def _busy() -> RefusedError:
    return RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "printing-busy",
        "Many sheets are being printed; ask again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def _without_libraries() -> RefusedError:
    return RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "printing-unavailable",
        "This machine lacks the libraries that printing needs. Whoever runs it can install "
        f"{', '.join(PACKAGES)}, or start it with ./plurali up, which brings them; nothing else "
        "is affected.",
    )


def _failed() -> RefusedError:
    return RefusedError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "printing-failed",
        "The sheet could not be printed; what it shows is kept and stands on the page. Quote the "
        "correlation id when asking for support.",
    )
