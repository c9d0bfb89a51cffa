"""The three pages of a process: alive, ready, measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], bool]
Page = tuple[str, str, bytes]

_PLAIN = "text/plain; charset=utf-8"


def pages(checks: Mapping[str, Check]) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the application; ``/ready`` names every check that fails or cannot be made.

    ``/live`` asks nothing: that it is answered at all proves that nothing blocks the process.
    """

    def ready() -> Page:
        failing = [name for name, check in checks.items() if not _holds(check)]
        if failing:
            return "503 Service Unavailable", _PLAIN, ", ".join(failing).encode()
        return "200 OK", _PLAIN, b"ready"

    routes: dict[str, Callable[[], Page]] = {
        "/live": lambda: ("200 OK", _PLAIN, b"alive"),
        "/ready": ready,
        "/metrics": lambda: ("200 OK", CONTENT_TYPE_LATEST, generate_latest()),
    }

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        page = routes.get(environ["PATH_INFO"])
        status, kind, body = page() if page else ("404 Not Found", _PLAIN, b"not here")
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return application


def _holds(check: Check) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - a check that cannot be made does not hold
        return False
