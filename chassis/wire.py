"""The wire form of nameko's RPC, so that its callers and services and ours get along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from chassis.errors import INTERNAL, ServiceError

ERROR_PATH: Final = f"{ServiceError.__module__}.{ServiceError.__qualname__}"


def request_text(fields: Mapping[str, Any]) -> str:
    """Return a request's body: its fields are nameko's keyword arguments."""
    return json.dumps({"args": [], "kwargs": fields}, separators=(",", ":"))


def request_fields(body: bytes) -> Mapping[str, Any]:
    """Read a request's body.

    Raises:
        ValueError: it is not one.

    """
    content = json.loads(body)
    if not isinstance(content, dict) or content.get("args"):
        raise ValueError("a request has keyword arguments only")
    fields = content.get("kwargs")
    if not isinstance(fields, dict):
        raise ValueError("a request has keyword arguments")  # noqa: TRY004 - wire data, not a programming error
    return fields


def result_text(result: str) -> str:
    """Return the reply around a result that is JSON text already."""
    return f'{{"result":{result},"error":null}}'


def error_text(error: ServiceError) -> str:
    """Return the reply of a refusal, in the form in which nameko carries exceptions."""
    return json.dumps(
        {
            "result": None,
            "error": {
                "exc_type": ServiceError.__name__,
                "exc_path": ERROR_PATH,
                "exc_args": [error.category, error.slug, error.message, error.fields],
                "value": error.slug,
            },
        },
        separators=(",", ":"),
    )


def result_of(body: bytes) -> Any:
    """Read a reply.

    Raises:
        ServiceError: the service refused or failed.

    """
    reply = json.loads(body)
    error = reply.get("error")
    if not error:
        return reply["result"]
    if error.get("exc_path") == ERROR_PATH:
        raise ServiceError(*error["exc_args"])
    raise ServiceError(INTERNAL, INTERNAL)
