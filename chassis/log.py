"""Log lines as JSON: one chain for all records, closed to what is not known to be harmless.

Own lines: the event is a fact in snake case and only keys of the allow-list keep their value.
Foreign lines: the message's template without its arguments. Exceptions: class and places, never the
text, which may quote a person's data.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final

import structlog

ALLOWED: Final = frozenset(
    """
    event level logger timestamp service entrypoint kind correlation_id causation_id message_id
    traceparent outcome duration_ms lag_ms queue event_type attempt delay reason slug category error
    trace count port pid signal seconds revision database exchange method route status user_id
    agency_id client version thread
    """.split()  # noqa: SIM905 - read as a list of words
)
"""Keys whose value may be written: codes, opaque ids and numbers, never what a person typed."""

MASK: Final = "[redacted]"
LONGEST: Final = 300
_FACT: Final = re.compile(r"[a-z][a-z0-9_]*")

Line = MutableMapping[str, Any]


def redact(_logger: Any, _method: str, line: Line) -> Line:
    """Mask the value of every key that is not allowed, and whatever is not a plain short value."""
    return {key: _harmless(value) if key in ALLOWED else MASK for key, value in line.items()}


def _harmless(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value[:LONGEST]
        case list():
            return [_harmless(entry) for entry in value[:40]]
        case _:
            return MASK


def name_fact(_logger: Any, _method: str, line: Line) -> Line:
    """Refuse an event that is no fact in snake case: a sentence may be built from data."""
    if not _FACT.fullmatch(str(line.get("event"))):
        line["event"] = "unnamed_fact"
    return line


def template_only(_logger: Any, _method: str, line: Line) -> Line:
    """Keep of a foreign record the template, if its values came apart, and the place."""
    record = line["_record"]
    apart = line.pop("positional_args", ())
    line["event"] = record.msg if apart and isinstance(record.msg, str) else "foreign_record"
    line["trace"] = [f"{record.pathname}:{record.lineno}"]
    return line


def explain(_logger: Any, _method: str, line: Line) -> Line:
    """Turn an exception into its class and the places it came through."""
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    elif isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[0] is not None:
        line["error"] = name_of(found[1])
        line["trace"] = _places(found[2])
    return line


def name_of(error: BaseException) -> str:
    """Return an error's class and, of a database error, its code: all that a log may tell of it."""
    code = getattr(getattr(error, "orig", None), "pgcode", None)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} {code}" if code else name


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]


def plainly(_logger: Any, _method: str, line: Line) -> str:
    """Write a line for a person at a terminal, who knows the time and needs no braces."""
    told = {key: value for key, value in line.items() if key not in {"timestamp", "logger"}}
    level, event = told.pop("level"), told.pop("event")
    return " ".join((f"{level}: {event}", *(f"{key}={value}" for key, value in told.items())))


def configure(level: str = "INFO", *, service: str | None = None, plain: bool = False) -> None:
    """Send everything that is logged in this process through the one chain, to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            name_fact,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, template_only],
            pass_foreign_args=True,
            processors=[
                explain,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _default_service(service),
                redact,
                plainly if plain else structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for chatty in ("amqp", "nameko", "kombu", "urllib3", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))


def _default_service(service: str | None) -> Any:
    def add(_logger: Any, _method: str, line: Line) -> Line:
        if service is not None:
            line.setdefault("service", service)
        return line

    return add


@contextmanager
def bound(**ids: str | None) -> Iterator[None]:
    """Put these ids on every line of this piece of work, and on nothing after it."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(
        **{key: value for key, value in ids.items() if value is not None}
    )
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
