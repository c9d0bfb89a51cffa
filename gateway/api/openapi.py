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

from contracts.language import Message, schema_of
from gateway.api.components import describe_components, headers, response_name
from gateway.api.conditions import creates, is_revalidated, must_be_conditional
from gateway.api.failures import ProblemApi
from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS, TAGS
from gateway.api.reading import JSON, documented_media
from gateway.api.schemas import (
    FILE,
    body_name,
    body_schema,
    enter_part,
    free_version,
    name_of,
    put_in_order,
    reference,
    shown,
)
from gateway.api.selection import EMBED, FIELDS, parameters
from gateway.api.views import PREFIX, flask_path, is_about_persons
from gateway.files import File
from gateway.sheets import CSV, Sheet

VERSION: Final = "1.0.0"
_EXAMPLE: Final = "https://plurali.example.org"
"""Stands for an installation; the document that one serves names its own address."""

_ABOUT: Final = """\
Plurali lets a network of agencies register persons, screen their needs, refer them to services
and accompany them in pathways. Sign in with `POST /tokens` and send the token as
`Authorization: Bearer`. Names are in snake case, times in UTC (RFC 3339), ids are UUIDs, errors are
problems (RFC 9457) whose `type` is stable. A field that has no value is left out. Lists come in
pages: send `next_cursor` back as `cursor`. Send an `Idempotency-Key` with whatever changes
something: sent again with the same key it is answered, not repeated. What has a version has an
`ETag`: send it as `If-Match` with a change, and nothing happens if somebody was faster."""

OPTIONS: Final[dict[str, Any]] = {
    "info": {
        "summary": "Screening, referrals and pathways of a network of social services",
        "description": _ABOUT,
        "x-summary": "The one door for staff and systems of a network of social services",
        "x-api-id": "3f1c7a52-0f0e-4b8e-9b0a-5d6c2f7e9a41",
        "termsOfService": f"{_EXAMPLE}/terms",
        "contact": {
            "name": "The network's administrators",
            "url": f"{_EXAMPLE}/contact",
            "email": "api@plurali.example.org",
        },
        "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    },
    "servers": [{"url": f"{_EXAMPLE}{PREFIX}", "description": "A network's own installation"}],
    "security": [{"bearer": []}],
}

_CHOICES: Final = {
    FIELDS: "Only these fields of what is shown, of a page those of each item",
    EMBED: "What to show beside it; a part that cannot be had is named under absent",
}
_ALWAYS: Final = frozenset(
    {
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
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
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=name_of),
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
        described["security"] = [{}]
    if operation.deprecated_from is not None:
        described["deprecated"] = True
    if operation.takes_file:
        described["requestBody"] = {
            "required": True,
            "content": {media: {"schema": dict(FILE)} for media in documented_media(operation)},
        }
    elif operation.takes_body:
        described["requestBody"] = {
            "required": any(field.required for field in body_schema(operation).fields.values()),
            "content": {
                media: {"schema": reference(body_name(operation))}
                for media in documented_media(operation)
            },
        }
    return described


def refusals(operation: Operation) -> frozenset[HTTPStatus]:
    """Return the statuses with which the operation can refuse."""
    conditions = (
        (not operation.anonymous, {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}),
        (operation.anonymous, {HTTPStatus.UNAUTHORIZED}),
        (bool(operation.refuses), set(operation.refuses)),
        (bool(operation.path_names) or operation.reaches_services, {HTTPStatus.NOT_FOUND}),
        (
            operation.changes_state and not operation.anonymous,
            {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT},
        ),
        (operation.method in {"POST", "PUT", "PATCH"}, _WITH_BODY),
        (operation.takes_version, {HTTPStatus.BAD_REQUEST, HTTPStatus.PRECONDITION_FAILED}),
        (must_be_conditional(operation), {HTTPStatus.PRECONDITION_REQUIRED}),
    )
    return _ALWAYS.union(*(statuses for applies, statuses in conditions if applies))


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
    for unused in ("ErrorSchema", "PaginationMetadataSchema"):
        schemas.pop(unused, None)
    for operation in OPERATIONS:
        free_version(schemas, operation)
        enter_part(schemas, operation)
    put_in_order(schemas, whole["paths"])
    whole["paths"]["/status"] = {"get": _STATUS}
    return whole


def _parameters(operation: Operation, api: Api) -> Iterator[Any]:
    """Yield the parameters of path, query and headers."""
    yield from _places(operation, api)
    yield from _choices(operation)
    conditions = {
        "CorrelationId": True,
        "Purpose": is_about_persons(operation),
        "IdempotencyKey": operation.changes_state and not operation.anonymous,
        "IfMatch": operation.takes_version,
        "IfNothing": creates(operation),
        "IfNoneMatch": is_revalidated(operation),
    }
    yield from (name for name, applies in conditions.items() if applies)


def _choices(operation: Operation) -> Iterator[dict[str, Any]]:
    """Yield the parameters by which a caller asks for less or for more."""
    for name, known in parameters(operation).items():
        yield {
            "in": "query",
            "name": name,
            "description": _CHOICES[name],
            "style": "form",
            "explode": False,
            "schema": {
                "type": "array",
                "items": {"type": "string", "enum": list(known)},
                "minItems": 1,
                "maxItems": len(known),
                "uniqueItems": True,
            },
        }


def _places(operation: Operation, api: Api) -> Iterator[dict[str, Any]]:
    """Yield the parameters of path and query."""
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


def _responses(operation: Operation) -> dict[str, Any]:
    """Return the success and every refusal."""
    tag = ["ETag"] if operation.version_path else []
    way_on = ["Location"] if operation.status == HTTPStatus.SEE_OTHER or operation.location else []
    success: dict[str, Any] = {
        "description": HTTPStatus(operation.status).phrase,
        "headers": headers(*tag, *way_on),
    }
    unchanged = {"description": "It is still so", "headers": headers(*tag)}
    if operation.answer is not None:
        success["description"] = _sentence(operation.answer)
        success["content"] = _content(operation)
    return {
        str(operation.status): success,
        **({"304": unchanged} if is_revalidated(operation) else {}),
        **{str(status.value): response_name(status) for status in sorted(refusals(operation))},
    }


def _content(operation: Operation) -> dict[str, Any]:
    """Return what a success shows, by media type."""
    if operation.answer is Sheet:
        return {CSV: {"schema": {"type": "string"}}}
    if operation.answer is File:
        return {media: {"schema": dict(FILE)} for media in operation.file_media}
    return {JSON: {"schema": shown(operation)}}


def _sentence(message: type[Message]) -> str:
    return (inspect.getdoc(message) or message.__name__).partition("\n")[0]


_STATUS: Final[dict[str, Any]] = {
    "operationId": "status",
    "summary": "Whether the API can be used",
    "description": "Tell whether the gateway and what it needs can be reached.",
    "tags": ["identity"],
    "security": [{}],
    "responses": {
        "200": {
            "description": "It can be used",
            "headers": headers(),
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
        "429": {"$ref": "#/components/responses/TooManyRequests"},
        "503": {"$ref": "#/components/responses/ServiceUnavailable"},
    },
}
