"""A scanner that speaks clamd's protocol as far as we do, to be run as a process.

It takes for dangerous whatever holds ``SIGNATURE``. It writes its address when it listens: a port
of this machine, or the socket that its only argument names.
"""

from __future__ import annotations

import socketserver
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SIGNATURE: Final = b"what the scanner of the tests takes for dangerous"
_COMMAND: Final = b"zINSTREAM\0"
_ROOT: Final = Path(__file__).parents[2]


class _Session(socketserver.StreamRequestHandler):
    """One file that is looked into."""

    def handle(self) -> None:
        """Read the file piece by piece and say what it is."""
        if self.rfile.read(len(_COMMAND)) != _COMMAND:
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        found = b"Plurali.Test FOUND" if SIGNATURE in content else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


@contextmanager
def scanning(socket: Path | None = None) -> Iterator[str]:
    """Run a scanner while the context lasts, and give its address."""
    arguments = [] if socket is None else [str(socket)]
    command = [sys.executable, "-m", "tests.support.clamd", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:  # noqa: S603 - this very module
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> None:
    """Listen until somebody ends the process."""
    server: socketserver.BaseServer
    if len(sys.argv) > 1:
        server = socketserver.UnixStreamServer(sys.argv[1], _Session)
        address = f"unix://{sys.argv[1]}"
    else:
        server = socketserver.TCPServer(("127.0.0.1", 0), _Session)
        address = f"tcp://127.0.0.1:{server.server_address[1]}"
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
