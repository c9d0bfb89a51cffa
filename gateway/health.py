"""Whether the gateway lives and can be used, on a port of its own that no visitor reaches."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final

from chassis import metrics

Check = Callable[[], bool]
Page = tuple[HTTPStatus, str, bytes]

_JSON: Final = "application/json"


class Health:
    """Answers ``/live``, ``/ready`` and ``/metrics``; ready means that every check holds."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Keep the checks by the name of what they reach."""
        self._checks = checks

    def failing(self) -> list[str]:
        """Return the names of what cannot be reached."""
        return [name for name, holds in self._checks.items() if not holds()]

    def page(self, path: str, accepted: str = "") -> Page:
        """Return status, media type and body of a page."""
        pages: Mapping[str, Callable[[], Page]] = {
            "/live": lambda: (HTTPStatus.OK, _JSON, b'{"status":"ok"}'),
            "/ready": self._ready,
            "/metrics": lambda: (HTTPStatus.OK, *metrics.page(accepted)),
        }
        nothing: Page = (HTTPStatus.NOT_FOUND, _JSON, b'{"status":"not found"}')
        return pages.get(path, lambda: nothing)()

    def _ready(self) -> Page:
        failing = self.failing()
        status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
        word = "unavailable" if failing else "ok"
        return status, _JSON, json.dumps({"status": word, "failing": failing}).encode()


class _Server(ThreadingHTTPServer):
    """Answers probes; a process that takes over may bind the port before this one has gone."""

    allow_reuse_port = True
    daemon_threads = True


def serve(health: Health, *, host: str, port: int) -> ThreadingHTTPServer:
    """Answer on the port from a thread of its own until the process ends."""
    server = _Server((host, port), _handler_of(health))
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _handler_of(health: Health) -> type[BaseHTTPRequestHandler]:
    """Return the class that http.server wants, tied to this health."""

    class Handler(BaseHTTPRequestHandler):
        """Answers one probe."""

        timeout: ClassVar[float] = 5.0

        def do_GET(self) -> None:
            """Answer a page."""
            status, media, body = health.page(self.path, self.headers.get("Accept", ""))
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Keep probes out of the log."""

    return Handler
