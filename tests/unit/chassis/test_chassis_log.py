"""Log lines: closed to whatever is not known to be harmless."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from chassis import log


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Give what is logged, and put the world's logging back afterwards."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    handlers, level = logging.root.handlers[:], logging.root.level
    log.configure("INFO", service="greetings")
    yield stream
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def last(written: io.StringIO) -> dict[str, Any]:
    """Return the last line."""
    line: dict[str, Any] = json.loads(written.getvalue().splitlines()[-1])
    return line


def fail() -> None:
    """Raise an error that quotes a person's data."""
    raise RuntimeError("Mario Rossi")


def test_allowed_key_keeps_its_value(written: io.StringIO) -> None:
    """Codes, ids and numbers are written."""
    structlog.get_logger("test").info("thing_done", outcome="ok", duration_ms=1.5)
    line = last(written)
    assert (line["event"], line["outcome"], line["duration_ms"]) == ("thing_done", "ok", 1.5)


@pytest.mark.parametrize("key", ["name", "given_name", "tax_code", "body", "payload", "notes"])
def test_unknown_key_is_masked(written: io.StringIO, key: str) -> None:
    """Whoever wants a new key allows it first."""
    structlog.get_logger("test").info("thing_done", **{key: "Mario Rossi"})
    assert last(written)[key] == "[redacted]"


def test_value_that_is_no_plain_value_is_masked(written: io.StringIO) -> None:
    """An object would be written as whatever its text is."""
    structlog.get_logger("test").info("thing_done", reason={"name": "Mario Rossi"})
    assert "Mario" not in written.getvalue()


def test_sentence_is_no_event(written: io.StringIO) -> None:
    """A sentence may have been built from data."""
    structlog.get_logger("test").info("could not greet Mario Rossi")
    assert last(written)["event"] == "unnamed_fact"


def test_exception_keeps_its_text_to_itself(written: io.StringIO) -> None:
    """Class and places are told, the message is not."""
    try:
        fail()
    except RuntimeError:
        structlog.get_logger("test").exception("thing_failed")
    line = last(written)
    assert (line["error"], "Mario" in written.getvalue()) == ("builtins.RuntimeError", False)


def test_foreign_record_loses_its_values(written: io.StringIO) -> None:
    """Of a library's line the template remains."""
    logging.getLogger("library").warning("greeting %s failed", "Mario Rossi")
    assert last(written)["event"] == "greeting %s failed"


def test_foreign_record_without_values_is_not_trusted(written: io.StringIO) -> None:
    """A finished text may hold anything."""
    logging.getLogger("library").warning("greeting Mario Rossi failed")
    assert last(written)["event"] == "foreign_record"


def test_foreign_exception_keeps_its_text_to_itself(written: io.StringIO) -> None:
    """The same holds for what libraries log of exceptions."""
    try:
        fail()
    except RuntimeError:
        logging.getLogger("library").exception("failed: %s", "Mario Rossi")
    assert "Mario" not in written.getvalue()


def test_bound_ids_stand_on_every_line_and_on_none_after(written: io.StringIO) -> None:
    """One piece of work never lends its ids to the next."""
    with log.bound(correlation_id="c-1"):
        structlog.get_logger("test").info("inside")
        inside = last(written)
    structlog.get_logger("test").info("outside")
    assert (inside["correlation_id"], "correlation_id" in last(written)) == ("c-1", False)


def test_service_stands_on_every_line(written: io.StringIO) -> None:
    """Foreign lines tell the service as well."""
    logging.getLogger("library").warning("x %s", 1)
    assert last(written)["service"] == "greetings"
