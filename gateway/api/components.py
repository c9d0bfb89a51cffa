"""What the operations of the OpenAPI document refer to: headers, parameters, refusals, schemas."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask_smorest import Api
from marshmallow import Schema

from contracts.access import AccessPurpose
from contracts.language import Message, schema_of
from gateway.api.conditions import ETAG_PATTERN, IF_MATCH, IF_NONE_MATCH
from gateway.api.operations import OPERATIONS
from gateway.api.schemas import body_name, body_schema, reference
from gateway.api.selection import AbsentPart
from gateway.api.views import KEY_HEADER, KEY_PATTERN, PURPOSE_HEADER
from gateway.files import File
from gateway.problems import MEDIA_TYPE, Problem
from gateway.sheets import Sheet

REFUSALS: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read",
    HTTPStatus.UNAUTHORIZED: "The token or the credentials open no door",
    HTTPStatus.FORBIDDEN: "None of the caller's roles permits it, or something is owed first",
    HTTPStatus.NOT_FOUND: "It does not exist, or not for this caller",
    HTTPStatus.CONFLICT: "The state of things does not allow it",
    HTTPStatus.PRECONDITION_FAILED: "It is no longer as the caller saw it",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another media type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Fields are wrong; errors names each",
    HTTPStatus.PRECONDITION_REQUIRED: "A change must say which version it is based on",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests, or failed attempts; come back later",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed on our side",
    HTTPStatus.SERVICE_UNAVAILABLE: "A part of the system does not answer; repeat later",
}
_RETRIABLE: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_COUNT: Final = {"type": "integer", "format": "int32", "minimum": 0}

HEADERS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "X-Correlation-Id": (
        "Follows the request through the system; quote it for support",
        {"type": "string", "maxLength": 64},
    ),
    "Cache-Control": (
        "Always no-store: nothing is kept on the way",
        {"type": "string", "enum": ["no-store"]},
    ),
    "X-RateLimit-Limit": ("How many requests the caller has in a window", _COUNT),
    "X-RateLimit-Remaining": ("How many are left in this one", _COUNT),
    "X-RateLimit-Reset": ("Seconds until the next window begins", _COUNT),
    "Location": (
        "Where to go on",
        {"type": "string", "format": "uri-reference", "maxLength": 4000},
    ),
    "Retry-After": (
        "Seconds after which to repeat the request",
        {"type": "integer", "format": "int32", "minimum": 1},
    ),
    "ETag": (
        "The version, and a digest of what is shown; send it back as If-Match",
        {"type": "string", "pattern": ETAG_PATTERN, "maxLength": 30},
    ),
}
"""Headers of answers: what each is for, and its schema."""

ALWAYS_SENT: Final = (
    "X-Correlation-Id",
    "Cache-Control",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)

PARAMETERS: Final[Mapping[str, tuple[str, str, Mapping[str, Any]]]] = {
    "CorrelationId": (
        "X-Correlation-Id",
        "The caller's own name for this request; absent: one is made",
        {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    ),
    "Purpose": (
        PURPOSE_HEADER,
        "Why the caller looks at persons' data; the access log keeps it",
        {"type": "string", "enum": [*AccessPurpose]},
    ),
    "IdempotencyKey": (
        KEY_HEADER,
        "The caller's own name for this change; absent: one is made",
        {"type": "string", "pattern": KEY_PATTERN, "maxLength": 100},
    ),
    "IfMatch": (
        IF_MATCH,
        "The ETag of what the caller saw: nothing happens if it changed since",
        {"type": "string", "maxLength": 100},
    ),
    "IfNoneMatch": (
        IF_NONE_MATCH,
        "The ETag of what the caller has: a 304 says that it is still so",
        {"type": "string", "maxLength": 1000},
    ),
    "IfNothing": (
        IF_NONE_MATCH,
        "An asterisk: nothing happens if there is one already",
        {"type": "string", "enum": ["*"]},
    ),
}
"""Headers of requests: the name of each, what it is for, and its schema."""


def describe_components(api: Api) -> None:
    """Enter what the operations refer to."""
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, (about, schema) in HEADERS.items():
        components.header(_component_name(name), {"description": about, "schema": dict(schema)})
    for key, (name, about, schema) in PARAMETERS.items():
        described = {"name": name, "description": about, "schema": dict(schema)}
        components.parameter(key, "header", described)
    _enter(api, Problem)
    _enter(api, AbsentPart)
    for operation in OPERATIONS:
        if operation.answer not in {None, Sheet, File}:
            _enter(api, operation.answer)
        for each in operation.embeds.values():
            _enter(api, each.asks.answer)
        if operation.takes_body and not operation.takes_file:
            _enter_schema(api, body_name(operation), body_schema(operation))
    for status, description in REFUSALS.items():
        components.response(
            response_name(status),
            {
                "description": description,
                "headers": headers(*(["Retry-After"] if status in _RETRIABLE else [])),
                "content": {MEDIA_TYPE: {"schema": reference("Problem")}},
            },
        )


def headers(*more: str) -> dict[str, Any]:
    """Return the headers that every answer has, and some more."""
    return {
        name: {"$ref": f"#/components/headers/{_component_name(name)}"}
        for name in (*ALWAYS_SENT, *more)
    }


def _component_name(header: str) -> str:
    """Return the name of a header among the components."""
    return header.removeprefix("X-").replace("-", "")


def response_name(status: HTTPStatus) -> str:
    """Return the name of the response by which a refusal is described."""
    return "".join(word.capitalize() for word in status.name.split("_"))


def _enter(api: Api, message: type[Message]) -> None:
    """Enter the schema of a message, once, with its explanation."""
    _enter_schema(api, message.__name__, schema_of(message))


def _enter_schema(api: Api, name: str, schema: Schema) -> None:
    if name not in api.spec.components.schemas:
        api.spec.components.schema(name, schema=schema)
