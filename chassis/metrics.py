"""Every metric of the system, named once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder

# The moment of birth of each series doubles their number and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]

OUTCOMES: Final = {
    "request": ("ok", "refused", "error"),
    "event": ("ok", "duplicate", "retry", "dead"),
    "tick": ("ok", "elsewhere", "error"),
    "question": ("ok", "refused", "unavailable", "error"),
}
"""By kind of work, how a piece of it can end; a question is a request as its caller sees it."""

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_DOOR: Final = ("service", "entrypoint", "kind")

ENTRYPOINT_HANDLED: Final = Counter(
    "plurali_entrypoint_handled_total",
    "Requests, events and ticks handled.",
    (*_DOOR, "outcome"),
)
ENTRYPOINT_DURATION: Final = Histogram(
    "plurali_entrypoint_duration_seconds", "Time from start to commit.", _DOOR, buckets=_SECONDS
)
ENTRYPOINT_ACTIVE: Final = Gauge(
    "plurali_entrypoint_active", "Being handled at this moment.", _DOOR
)
RPC_CLIENT_REQUESTS: Final = Counter(
    "plurali_rpc_client_requests_total",
    "Requests put to services, at the caller.",
    ("target", "method", "outcome"),
)
RPC_CLIENT_DURATION: Final = Histogram(
    "plurali_rpc_client_duration_seconds",
    "Time from request to answer, at the caller.",
    ("target", "method"),
    buckets=_SECONDS,
)
RPC_CIRCUIT_OPEN: Final = Gauge(
    "plurali_rpc_circuit_open",
    "1 while a service that failed repeatedly is left alone, at the caller.",
    ("target",),
)
RPC_CIRCUIT_REFUSALS: Final = Counter(
    "plurali_rpc_circuit_refusals_total",
    "Requests that were not put to a service because it is left alone.",
    ("target",),
)
HTTP_REQUESTS: Final = Counter(
    "plurali_http_requests_total", "Requests answered.", ("method", "route", "status")
)
HTTP_DURATION: Final = Histogram(
    "plurali_http_request_duration_seconds",
    "Time from request to answer.",
    ("method", "route"),
    buckets=_SECONDS,
)
HTTP_ACTIVE: Final = Gauge("plurali_http_requests_active", "Being answered at this moment.")
RATE_LIMIT_REFUSALS: Final = Counter(
    "plurali_rate_limit_refusals_total", "Requests of callers who had used up theirs.", ("kind",)
)
RATE_LIMIT_UNCOUNTED: Final = Counter(
    "plurali_rate_limit_uncounted_total", "Requests that passed because nobody could count them."
)
ACCESS_LOG_ROWS: Final = Counter(
    "plurali_access_log_rows_total", "Accesses to persons' data, written down.", ("operation",)
)
DIGESTS: Final = Counter(
    "plurali_digests_total",
    "Digests that were due, by what became of them.",
    ("outcome",),
)
FILES_EXAMINED: Final = Counter(
    "plurali_files_examined_total", "Files that the scanner was asked about.", ("outcome",)
)
OUTBOX_PENDING: Final = Gauge("plurali_outbox_pending", "Events not yet published.", ("service",))
OUTBOX_OLDEST_AGE: Final = Gauge(
    "plurali_outbox_oldest_age_seconds", "Age of the oldest event not yet published.", ("service",)
)
OUTBOX_PUBLISHED: Final = Counter(
    "plurali_outbox_published_total", "Events that a queue keeps.", ("service", "type")
)
OUTBOX_PUBLISH_FAILURES: Final = Counter(
    "plurali_outbox_publish_failures_total",
    "Events that no queue took, to be tried again.",
    ("service", "reason"),
)
INBOX_DUPLICATES: Final = Counter(
    "plurali_inbox_duplicates_total", "Events seen before and skipped.", ("service", "entrypoint")
)
EVENT_RETRIES: Final = Counter(
    "plurali_event_retries_total",
    "Events laid to rest before another try.",
    ("service", "entrypoint"),
)
EVENT_DEAD_LETTERED: Final = Counter(
    "plurali_event_dead_lettered_total", "Events given up.", ("service", "entrypoint")
)
EVENT_LAG: Final = Histogram(
    "plurali_event_lag_seconds",
    "Age of an event when it has been handled.",
    ("service", "entrypoint"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0),
)
CASCADE_LATENCY: Final = Histogram(
    "plurali_cascade_latency_seconds",
    "Time from an event that starts a cascade to the commit of its effect in another service.",
    ("from_event", "to"),
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0),
)
RELAY_LEADS: Final = Gauge(
    "plurali_relay_leads", "1 at the one relay of a database that publishes.", ("service",)
)
RELAY_BEAT_AGE: Final = Gauge(
    "plurali_relay_beat_age_seconds",
    "Time since the relay last looked at the outbox.",
    ("service",),
)
DB_POOL_SIZE: Final = Gauge("plurali_db_pool_size", "Connections the pool may hold.", ("service",))
DB_POOL_IN_USE: Final = Gauge(
    "plurali_db_pool_in_use", "Connections in use at this moment.", ("service",)
)
BUILD_INFO: Final = Gauge(
    "plurali_build_info", "Always 1; the label tells the version.", ("version",)
)
SCHEMA_REVISION: Final = Gauge(
    "plurali_schema_revision", "Always 1; the label tells the migration.", ("service", "revision")
)
SCHEMA_EXPECTED: Final = Gauge(
    "plurali_schema_expected",
    "Always 1; the label tells the newest migration that the process brings along.",
    ("service", "revision"),
)

_TRACE: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-")


def page(accepted: str) -> tuple[str, bytes]:
    """Return every series, with its media type; exemplars only where the reader knows them."""
    encode, media_type = choose_encoder(accepted)
    return media_type, encode(REGISTRY)


def prepare_entrypoint(service: str, entrypoint: str, kind: str) -> None:
    """Create the series of an entrypoint at zero, so that its first failure is a change."""
    for outcome in OUTCOMES[kind]:
        ENTRYPOINT_HANDLED.labels(service, entrypoint, kind, outcome)
    ENTRYPOINT_DURATION.labels(service, entrypoint, kind)
    ENTRYPOINT_ACTIVE.labels(service, entrypoint, kind)
    if kind == "event":
        for metric in (INBOX_DUPLICATES, EVENT_RETRIES, EVENT_DEAD_LETTERED, EVENT_LAG):
            metric.labels(service, entrypoint)


def exemplar_of(traceparent: str | None) -> dict[str, str] | None:
    """Return what ties a measurement to the trace that it belongs to, if it belongs to one."""
    known = _TRACE.match(traceparent or "")
    return {"trace_id": known[1]} if known else None


def prepare_process(name: str, version: str, revision: str) -> None:
    """Tell which version runs, and the newest migration that it brings along."""
    BUILD_INFO.labels(version).set(1)
    SCHEMA_EXPECTED.labels(name, revision).set(1)


def prepare_question(target: str, method: str) -> None:
    """Create the series of a request that this process may put to a service, at zero."""
    for outcome in OUTCOMES["question"]:
        RPC_CLIENT_REQUESTS.labels(target, method, outcome)
    RPC_CLIENT_DURATION.labels(target, method)


def prepare_route(method: str, route: str) -> None:
    """Create the series of a route at zero, with those of its failures."""
    for status in (500, 503):
        HTTP_REQUESTS.labels(method, route, status)
    HTTP_DURATION.labels(method, route)


def watch_pool(name: str, pool: Any) -> None:
    """Tell of a pool of connections whenever somebody looks."""
    DB_POOL_SIZE.labels(name).set_function(pool.size)
    DB_POOL_IN_USE.labels(name).set_function(pool.checkedout)


def show_revision(service: str, revision: str) -> None:
    """Tell the schema's revision, and no former one."""
    SCHEMA_REVISION.clear()
    SCHEMA_REVISION.labels(service, revision).set(1)


def prepare_service(service: str, told: Iterable[str]) -> None:
    """Create the series of a service, and of the event types that it tells, at zero."""
    for metric in (OUTBOX_PENDING, OUTBOX_OLDEST_AGE, RELAY_BEAT_AGE, RELAY_LEADS):
        metric.labels(service)
    for type_ in told:
        OUTBOX_PUBLISHED.labels(service, type_)
    for reason in ("returned", "refused"):
        OUTBOX_PUBLISH_FAILURES.labels(service, reason)
