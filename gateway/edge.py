"""What surrounds every request: its correlation, headers, metrics and line in the log."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from http import HTTPMethod, HTTPStatus
from typing import Final

import structlog
from flask import Flask, Response, g, request

from chassis import clock, log, metrics
from chassis.tracing import TRACING, Kind, Span
from gateway.desk import Arrival

CORRELATION_HEADER: Final = "X-Correlation-Id"
_CORRELATION: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_METHODS: Final = frozenset(HTTPMethod)
_SECURE: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}

_log: Final = structlog.get_logger("gateway.http")

ShowFailure = Callable[[Exception], Response]
"""Turns whatever went wrong into what the caller is shown."""


def surround(app: Flask, show_failure: ShowFailure) -> None:
    """Let every request begin and end in the same way."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_unbind)
    app.register_error_handler(Exception, show_failure)


def prepare_metrics(app: Flask) -> None:
    """Create the series of every route at zero."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            metrics.prepare_route(method, str(rule))


def arrival() -> Arrival:
    """Return the request under way as it came in."""
    return Arrival(
        correlation_id=g.correlation_id,
        traceparent=g.traceparent,
        address=g.address,
        cookies=request.cookies,
    )


def _begin() -> None:
    """Give the request its correlation, and put that on every line it will log."""
    given = request.headers.get(CORRELATION_HEADER, "")
    g.started = time.perf_counter()
    g.correlation_id = given if _CORRELATION.fullmatch(given) else str(clock.new_id())
    g.address = request.remote_addr or "unknown"
    g.answer_headers = {}
    g.bindings = ExitStack()
    g.span = g.bindings.enter_context(_span(request.headers.get("traceparent", "")))
    g.traceparent = g.span.traceparent
    g.bindings.enter_context(log.bound(correlation_id=g.correlation_id, traceparent=g.traceparent))
    metrics.HTTP_ACTIVE.inc()


def _span(given: str) -> AbstractContextManager[Span]:
    """Return the span of the request, whether or not anybody collects it."""
    return TRACING.span(
        f"{_method()} {_route()}",
        Kind.SERVER,
        given if TRACING.is_on else _next_traceparent(given),
        plurali__correlation_id=g.correlation_id,
    )


def _method() -> str:
    """Return the method; a caller may send any word, and each would be a series of its own."""
    return request.method if request.method in _METHODS else "other"


def _route() -> str:
    return str(request.url_rule) if request.url_rule else "unknown"


def _next_traceparent(given: str) -> str:
    """Continue the caller's trace, or begin one; the span is this request's own."""
    known = _TRACEPARENT.fullmatch(given)
    trace, flags = known.groups() if known else (secrets.token_hex(16), "01")
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"


def _finish(response: Response) -> Response:
    """Add the headers of every answer, count it and write its line."""
    seconds = time.perf_counter() - g.started
    method, route = _method(), _route()
    session = g.get("session")
    for name, value in (_HEADERS | (_SECURE if request.is_secure else {})).items():
        response.headers.setdefault(name, value)
    response.headers[CORRELATION_HEADER] = g.correlation_id
    response.headers.update(g.answer_headers)
    g.span.tell("http.response.status_code", response.status_code)
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.span.fail()
    metrics.HTTP_REQUESTS.labels(method, route, response.status_code).inc()
    metrics.HTTP_DURATION.labels(method, route).observe(seconds, metrics.exemplar_of(g.traceparent))
    _log.info(
        "http_request",
        method=method,
        route=route,
        status=response.status_code,
        slug=g.get("slug"),
        duration_ms=round(seconds * 1000, 1),
        user_id=str(session.principal.user_id) if session else None,
        agency_id=str(session.principal.agency_id) if session else None,
    )
    return response


def _unbind(_failure: BaseException | None) -> None:
    """Leave the thread to the next request without a trace of this one."""
    metrics.HTTP_ACTIVE.dec()
    g.bindings.close()


def note_failure(failure: Exception, slug: str, *, unforeseen: bool) -> None:
    """Put a failure's name on the request's line; what nobody foresaw is an error of its own."""
    g.slug = slug
    if unforeseen:
        _log.error("request_failed", exc_info=failure)
