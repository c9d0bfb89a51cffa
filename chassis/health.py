"""The three pages of a process: alive, ready, measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chassis import metrics

Check = Callable[[], bool]
Page = tuple[str, str, bytes]

_PLAIN = "text/plain; charset=utf-8"


def pages(checks: Mapping[str, Check]) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the application; ``/ready`` names every check that fails or cannot be made.

    ``/live`` asks nothing: that it is answered at all proves that nothing blocks the process.
    """

    def ready(_accepted: str) -> Page:
        failing = [name for name, check in checks.items() if not _holds(check)]
        if failing:
            return "503 Service Unavailable", _PLAIN, ", ".join(failing).encode()
        return "200 OK", _PLAIN, b"ready"

    routes: dict[str, Callable[[str], Page]] = {
        "/live": lambda _accepted: ("200 OK", _PLAIN, b"alive"),
        "/ready": ready,
        "/metrics": lambda accepted: ("200 OK", *metrics.page(accepted)),
    }

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        page = routes.get(environ["PATH_INFO"])
        accepted = environ.get("HTTP_ACCEPT", "")
        status, kind, body = page(accepted) if page else ("404 Not Found", _PLAIN, b"not here")
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return application


def _holds(check: Check) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - a check that cannot be made does not hold
        return False
