"""One process of the baseline: its settings come as a line on standard input.

It says in one line on which port it listens, and ends when standard input does, so that nothing
outlives the benchmark.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from typing import Any

from launcher.bench.bare.gateway import serve
from launcher.bench.bare.service import Service


def main() -> None:
    """Serve until standard input ends; any failure ends the process."""
    threading.excepthook = _fail
    settings = json.loads(sys.stdin.readline())
    port = 0
    if settings["role"] == "gateway":
        server = serve(settings)
        port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    else:
        Service(settings).start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


def _fail(failure: Any) -> None:
    traceback.print_exception(failure.exc_type, failure.exc_value, failure.exc_traceback)
    os._exit(1)


if __name__ == "__main__":
    main()
