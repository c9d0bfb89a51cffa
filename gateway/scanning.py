"""Looking for what is dangerous in files before anybody keeps them, as clamd does it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, Self
from urllib.parse import urlsplit

import structlog

from chassis import metrics
from chassis.settings import SettingMissing
from contracts.language import Category, DomainError

VARIABLE: Final = "SCANNER"
SECONDS: Final = 20.0
"""How long the scanner may take for one file."""

_COMMAND: Final = b"zINSTREAM\0"
_PIECE: Final = 65_536
_LONGEST_REPLY: Final = 4_096
_CLEAN: Final = "OK"
_FOUND: Final = "FOUND"
_OUTCOMES: Final = ("clean", "found", "unavailable")
_log: Final = structlog.get_logger("gateway.scanning")


class FileRefusedByScanner(DomainError, category=Category.INVALID, slug="file-refused-by-scanner"):
    """The scanner takes the file for malicious."""

    def __init__(self) -> None:
        """Say so at the field."""
        sentence = "The scanner takes this file for dangerous; it was not kept."
        super().__init__(sentence, fields={"content": [sentence]})


class ScannerUnavailable(DomainError, category=Category.UNAVAILABLE, slug="scanner-unavailable"):
    """The scanner that has to see every file cannot be asked."""

    def __init__(self) -> None:
        """Say what happened and when to come back."""
        super().__init__("Files cannot be examined just now and are not taken; repeat later.")


class Scanner(Protocol):
    """Whatever looks into files."""

    def examine(self, content: bytes) -> None:
        """Let a file pass, or refuse it."""
        ...


class NoScanner:
    """An installation without a scanner: every file passes."""

    def examine(self, content: bytes) -> None:
        """Let the file pass."""


@dataclass(frozen=True, kw_only=True)
class Clamd:
    """A scanner that speaks clamd's protocol, over TCP or at a socket of this machine."""

    host: str = ""
    port: int = 0
    path: str = ""
    seconds: float = SECONDS

    @classmethod
    def at(cls, url: str) -> Self:
        """Read an address: ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``.

        Raises:
            SettingMissing: it is none.

        """
        parts = urlsplit(url)
        try:
            if parts.scheme == "tcp" and parts.hostname and parts.port:
                return cls(host=parts.hostname, port=parts.port)
        except ValueError:
            pass
        if parts.scheme == "unix" and parts.path and not parts.netloc:
            return cls(path=parts.path)
        raise SettingMissing(
            f"set {VARIABLE} such as tcp://host:3310 or unix:///run/clamav/clamd.ctl"
        )

    def examine(self, content: bytes) -> None:
        """Let a file pass that is clean.

        Raises:
            FileRefusedByScanner: it is not.
            ScannerUnavailable: nobody could tell.

        """
        try:
            verdict = self._verdict(content)
        except OSError as failure:
            raise self._unavailable(type(failure).__name__) from failure
        # What was found has a name, which tells nothing about the file's person.
        name, _, word = verdict.removeprefix("stream:").strip().rpartition(" ")
        if word == _FOUND:
            metrics.FILES_EXAMINED.labels("found").inc()
            _log.warning("file_refused", found=name)
            raise FileRefusedByScanner
        if word != _CLEAN or name:
            raise self._unavailable("unknown reply")
        metrics.FILES_EXAMINED.labels("clean").inc()

    def _verdict(self, content: bytes) -> str:
        """Send the file and return the reply."""
        with self._connected() as line:
            line.sendall(_COMMAND)
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
            return _reply(line, time.monotonic() + self.seconds)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self.path:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self.seconds)
            with line:
                line.connect(self.path)
                yield line
        else:
            with socket.create_connection((self.host, self.port), self.seconds) as line:
                yield line

    @staticmethod
    def _unavailable(reason: str) -> ScannerUnavailable:
        metrics.FILES_EXAMINED.labels("unavailable").inc()
        _log.error("scanner_unavailable", reason=reason)
        return ScannerUnavailable()


def _reply(line: socket.socket, deadline: float) -> str:
    """Return what is said until the zero that ends a reply.

    Raises:
        OSError: it does not come in time.

    """
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_REPLY:
        line.settimeout(max(0.001, deadline - time.monotonic()))
        piece = line.recv(_LONGEST_REPLY)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode(errors="replace")


def at_address(url: str) -> Scanner:
    """Return the scanner at an address, or none where there is no address."""
    # Also where there is none: an alert on a series that is not there would be silent for ever.
    for outcome in _OUTCOMES:
        metrics.FILES_EXAMINED.labels(outcome)
    return Clamd.at(url) if url else NoScanner()
