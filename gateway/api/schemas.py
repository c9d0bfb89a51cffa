"""Schemas of the OpenAPI document: what marshmallow makes of the contracts, put in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.language import schema_of
from gateway.api.conditions import VERSION
from gateway.api.operation import Operation

_END: Final = re.compile(r"\\Z$")
"""Python's end of a text; the regular expressions of JSON Schema know ``$`` alone, and mean it."""


def body_name(operation: Operation) -> str:
    """Return the name of the body's schema."""
    field = schema_of(operation.asks).fields.get(operation.body)
    return operation.asks.__name__ if field is None else name_of(field.schema)  # type: ignore[attr-defined]  # a body is a nested message


def body_schema(operation: Operation) -> Schema:
    """Return the schema of the body: what the path does not give."""
    whole = schema_of(operation.asks)
    if operation.body:
        nested: Schema = whole.fields[operation.body].schema  # type: ignore[attr-defined]  # a body is a nested message
        return nested
    return type(whole)(only=operation.other_names) if operation.path_names else whole


def name_of(schema: Any) -> str:
    """Return the name of a schema or of its class."""
    name: str = (schema if isinstance(schema, type) else type(schema)).__name__
    return name


def reference(name: str) -> dict[str, str]:
    """Return the reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def put_in_order(schemas: dict[str, Any], paths: dict[str, Any]) -> None:
    """Tidy every schema, and let what is only shown grow."""
    tidy(schemas)
    tidy(paths)
    taken = set(_reached(schemas, list(_bodies(paths))))
    for name, schema in schemas.items():
        schema.setdefault("title", name)
        if name not in taken:
            # What is only shown may gain fields within a version: nobody may rely on their absence.
            schema.pop("additionalProperties", None)


def free_version(schemas: dict[str, Any], operation: Operation) -> None:
    """Let the body leave the version out where a header may say it instead."""
    if operation.takes_version and operation.takes_body and not operation.body:
        required = schemas[body_name(operation)].get("required", [])
        if VERSION in required:
            required.remove(VERSION)


def tidy(part: Any) -> None:
    """Tidy every schema in a part of the document."""
    for each in part.values() if isinstance(part, dict) else part:
        if isinstance(each, dict | list):
            tidy(each)
    if isinstance(part, dict):
        _tidy_schema(part)


def _tidy_schema(part: dict[str, Any]) -> None:
    """Say what marshmallow leaves unsaid, and unsay what is not so."""
    if part.get("default", ...) is None:
        # An absent value is left out; null is never sent nor taken.
        del part["default"]
    if isinstance(part.get("enum"), list):
        part.setdefault("type", "string")
    if isinstance(part.get("pattern"), str):
        part["pattern"] = _END.sub("$", part["pattern"])
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
