"""The OpenAPI 3.1 document, made from the table of operations and the contracts."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from contracts.access import AccessPurpose
from contracts.language import Message, schema_of
from gateway.api.failures import ProblemApi
from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS, TAGS
from gateway.api.reading import JSON, accepted_media
from gateway.api.views import (
    KEY_HEADER,
    KEY_PATTERN,
    PREFIX,
    PURPOSE_HEADER,
    flask_path,
    is_about_persons,
)
from gateway.problems import MEDIA_TYPE, Problem
from gateway.sheets import CSV, Sheet

VERSION: Final = "1.0.0"
_ABOUT: Final = """\
Plurali lets a network of agencies register persons, screen their needs, refer them to services
and accompany them in pathways. Sign in with `POST /tokens` and send the token as
`Authorization: Bearer`. Names are in snake case, times in UTC (RFC 3339), ids are UUIDs, errors are
problems (RFC 9457) whose `type` is stable. A field that has no value is left out. Lists come in
pages: send `next_cursor` back as `cursor`. Send an `Idempotency-Key` with whatever changes
something: sent again with the same key it is answered, not repeated."""

OPTIONS: Final[dict[str, Any]] = {
    "info": {
        "summary": "Screening, referrals and pathways of a network of social services",
        "description": _ABOUT,
        "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    },
    "servers": [{"url": PREFIX, "description": "The server that serves this document"}],
    "security": [{"bearer": []}],
}

_REFUSALS: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read",
    HTTPStatus.UNAUTHORIZED: "The token or the credentials open no door",
    HTTPStatus.FORBIDDEN: "None of the caller's roles permits it, or something is owed first",
    HTTPStatus.NOT_FOUND: "It does not exist, or not for this caller",
    HTTPStatus.CONFLICT: "The state of things does not allow it",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another media type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Fields are wrong; errors names each",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many failed attempts; come back later",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed on our side",
    HTTPStatus.SERVICE_UNAVAILABLE: "A part of the system cannot be reached; repeat later",
    HTTPStatus.GATEWAY_TIMEOUT: "The answer did not come in time; repeat later",
}
_RETRIABLE: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_ALWAYS: Final = frozenset(
    {
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
_WITH_BODY: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    }
)


def route(app: Flask, view_of: Callable[[Operation], Callable[..., Any]]) -> dict[str, Any]:
    """Give every operation its route in the application, and return the document that says so."""
    api = ProblemApi(
        app,
        spec_kwargs={
            "title": "Plurali",
            "version": VERSION,
            "openapi_version": "3.1.0",
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_name_of),
            **OPTIONS,
        },
    )
    describe_components(api)
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    for operation in OPERATIONS:
        view = blueprint.doc(**describe(operation, api))(view_of(operation))
        blueprint.route(flask_path(operation), methods=[operation.method])(view)
    api.register_blueprint(blueprint)
    return document(api)


def published() -> dict[str, Any]:
    """Return the document without serving anything."""

    def silent(operation: Operation) -> Callable[..., Any]:
        def view() -> None:
            """Stand where a view would."""

        view.__name__ = operation.name
        return view

    return route(Flask("document"), silent)


def as_text(whole: Mapping[str, Any]) -> str:
    """Return the document as it is committed."""
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def describe_components(api: Api) -> None:
    """Enter what the operations refer to."""
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    components.header(
        "CorrelationId",
        {
            "description": "Follows the request through the system; quote it for support",
            "schema": {"type": "string", "maxLength": 64},
        },
    )
    components.header(
        "Location",
        {
            "description": "Where to go on",
            "schema": {"type": "string", "format": "uri", "maxLength": 4000},
        },
    )
    components.header(
        "RetryAfter",
        {
            "description": "Seconds after which to repeat the request",
            "schema": {"type": "integer", "format": "int32", "minimum": 1},
        },
    )
    components.parameter(
        "CorrelationId",
        "header",
        {
            "name": "X-Correlation-Id",
            "description": "The caller's own name for this request; absent: one is made",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        },
    )
    components.parameter(
        "Purpose",
        "header",
        {
            "name": PURPOSE_HEADER,
            "description": "Why the caller looks at persons' data; the access log keeps it",
            "schema": {"type": "string", "enum": [*AccessPurpose]},
        },
    )
    components.parameter(
        "IdempotencyKey",
        "header",
        {
            "name": KEY_HEADER,
            "description": "The caller's own name for this change; absent: one is made",
            "schema": {"type": "string", "pattern": KEY_PATTERN, "maxLength": 100},
        },
    )
    _enter(api, Problem)
    for operation in OPERATIONS:
        if operation.answer not in {None, Sheet}:
            _enter(api, operation.answer)
        if operation.takes_body:
            _enter_schema(api, body_name(operation), body_schema(operation))
    for status, description in _REFUSALS.items():
        headers = {"X-Correlation-Id": {"$ref": "#/components/headers/CorrelationId"}}
        if status in _RETRIABLE:
            headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
        components.response(
            _response_name(status),
            {
                "description": description,
                "headers": headers,
                "content": {MEDIA_TYPE: {"schema": _reference("Problem")}},
            },
        )


def describe(operation: Operation, api: Api) -> dict[str, Any]:
    """Return the operation object."""
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "parameters": list(_parameters(operation, api)),
        "responses": _responses(operation),
    }
    if operation.anonymous:
        described["security"] = []
    if operation.takes_body:
        described["requestBody"] = {
            "required": any(field.required for field in body_schema(operation).fields.values()),
            "content": {
                media: {"schema": _reference(body_name(operation))}
                for media in accepted_media(operation)
            },
        }
    return described


def refusals(operation: Operation) -> frozenset[HTTPStatus]:
    """Return the statuses with which the operation can refuse."""
    conditions = (
        (not operation.anonymous, {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}),
        (operation.anonymous, {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}),
        (bool(operation.refuses), set(operation.refuses)),
        (bool(operation.path_names) or operation.reaches_services, {HTTPStatus.NOT_FOUND}),
        (operation.changes_state and not operation.anonymous, {HTTPStatus.CONFLICT}),
        (operation.method in {"POST", "PUT", "PATCH"}, _WITH_BODY),
        (operation.reaches_services, {HTTPStatus.GATEWAY_TIMEOUT}),
    )
    return _ALWAYS.union(*(statuses for applies, statuses in conditions if applies))


def body_name(operation: Operation) -> str:
    """Return the name of the body's schema."""
    field = schema_of(operation.asks).fields.get(operation.body)
    return operation.asks.__name__ if field is None else _name_of(field.schema)  # type: ignore[attr-defined]  # a body is a nested message


def body_schema(operation: Operation) -> Schema:
    """Return the schema of the body: what the path does not give."""
    whole = schema_of(operation.asks)
    if operation.body:
        nested: Schema = whole.fields[operation.body].schema  # type: ignore[attr-defined]  # a body is a nested message
        return nested
    return type(whole)(only=operation.other_names) if operation.path_names else whole


def document(api: Api) -> dict[str, Any]:
    """Return the whole document, tidied."""
    whole: dict[str, Any] = api.spec.to_dict()
    whole["paths"] = {
        path.removeprefix(PREFIX): {
            method: description for method, description in methods.items() if method != "parameters"
        }
        for path, methods in whole["paths"].items()
    }
    whole["tags"] = [{"name": name, "description": about} for name, about in TAGS.items()]
    schemas = whole["components"]["schemas"]
    _tidy(schemas)
    _tidy(whole["paths"])
    taken = set(_reached(schemas, list(_bodies(whole["paths"]))))
    for name, schema in schemas.items():
        schema.setdefault("title", name)
        if name not in taken:
            # What is only shown may gain fields within a version: nobody may rely on their absence.
            schema.pop("additionalProperties", None)
    whole["paths"]["/status"] = {"get": _STATUS}
    return whole


_STATUS: Final[dict[str, Any]] = {
    "operationId": "status",
    "summary": "Whether the API can be used",
    "description": "Tell whether the gateway and what it needs can be reached.",
    "tags": ["identity"],
    "security": [],
    "responses": {
        "200": {
            "description": "It can be used",
            "content": {
                JSON: {
                    "schema": {
                        "type": "object",
                        "required": ["status"],
                        "properties": {"status": {"type": "string", "enum": ["ok"]}},
                    }
                }
            },
        },
        "503": {"$ref": "#/components/responses/ServiceUnavailable"},
    },
}


def _parameters(operation: Operation, api: Api) -> Iterator[Any]:
    """Yield the parameters of path, query and headers."""
    whole = schema_of(operation.asks)
    for location, names in (
        ("path", operation.path_names),
        ("query", () if operation.takes_body else operation.other_names),
    ):
        if names:
            for parameter in api.ma_plugin.converter.schema2parameters(
                type(whole)(only=names), location=location
            ):
                if location == "path":
                    parameter["required"] = True
                parameter["description"] = parameter["schema"].pop("description", None) or (
                    parameter["name"].replace("_", " ").capitalize()
                )
                yield parameter
    yield "CorrelationId"
    if is_about_persons(operation):
        yield "Purpose"
    if operation.changes_state and not operation.anonymous:
        yield "IdempotencyKey"


def _responses(operation: Operation) -> dict[str, Any]:
    """Return the success and every refusal."""
    success: dict[str, Any] = {
        "description": HTTPStatus(operation.status).phrase,
        "headers": {"X-Correlation-Id": {"$ref": "#/components/headers/CorrelationId"}},
    }
    if operation.status == HTTPStatus.SEE_OTHER:
        success["headers"]["Location"] = {"$ref": "#/components/headers/Location"}
    if operation.answer is not None:
        success["description"] = _sentence(operation.answer)
        success["content"] = (
            {CSV: {"schema": {"type": "string"}}}
            if operation.answer is Sheet
            else {JSON: {"schema": _reference(operation.answer.__name__)}}
        )
    return {
        str(operation.status): success,
        **{str(status.value): _response_name(status) for status in sorted(refusals(operation))},
    }


def _sentence(message: type[Message]) -> str:
    return (inspect.getdoc(message) or message.__name__).partition("\n")[0]


def _enter(api: Api, message: type[Message]) -> None:
    """Enter the schema of a message, once, with its explanation."""
    _enter_schema(api, message.__name__, schema_of(message))


def _enter_schema(api: Api, name: str, schema: Schema) -> None:
    if name not in api.spec.components.schemas:
        api.spec.components.schema(name, schema=schema)


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _response_name(status: HTTPStatus) -> str:
    return "".join(word.capitalize() for word in status.name.split("_"))


def _name_of(schema: Any) -> str:
    name: str = (schema if isinstance(schema, type) else type(schema)).__name__
    return name


def _tidy(part: Any) -> None:
    """Tidy every schema in a part of the document."""
    for each in part.values() if isinstance(part, dict) else part:
        if isinstance(each, dict | list):
            _tidy(each)
    if isinstance(part, dict):
        _tidy_schema(part)


def _tidy_schema(part: dict[str, Any]) -> None:
    """Say what marshmallow leaves unsaid, and unsay what is not so."""
    if part.get("default", ...) is None:
        # An absent value is left out; null is never sent nor taken.
        del part["default"]
    if isinstance(part.get("enum"), list):
        part.setdefault("type", "string")
    if part.get("type") == "integer":
        part.setdefault("format", "int32")
    if part.get("type") == "object":
        for theirs, ours in (("minLength", "minProperties"), ("maxLength", "maxProperties")):
            if theirs in part:
                part[ours] = part.pop(theirs)


def _bodies(paths: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the schemas that are taken as bodies."""
    for methods in paths.values():
        for described in methods.values():
            for content in described.get("requestBody", {}).get("content", {}).values():
                yield content["schema"]["$ref"].rpartition("/")[2]


def _reached(schemas: Mapping[str, Any], names: list[str]) -> Iterator[str]:
    """Yield the names and whatever their schemas are made of."""
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name not in seen:
            seen.add(name)
            yield name
            names += _references(schemas[name])


def _references(part: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part refers to."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield str(part["$ref"]).rpartition("/")[2]
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)
