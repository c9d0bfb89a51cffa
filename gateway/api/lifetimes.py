"""How a caller learns that an operation will go: RFC 9745 says since when, RFC 8594 until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from gateway.api.operation import Operation


def lifetime_headers(operation: Operation) -> Mapping[str, str]:
    """Return what every answer of the operation says about its own end."""
    headers: dict[str, str] = {}
    if operation.deprecated_from is not None:
        headers["Deprecation"] = f"@{int(_midnight(operation.deprecated_from).timestamp())}"
    if operation.gone_from is not None:
        headers["Sunset"] = format_datetime(_midnight(operation.gone_from), usegmt=True)
    return headers


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
