"""Schemas of the OpenAPI document: what marshmallow makes of the contracts, put in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from marshmallow import Schema

from contracts.intake import LARGEST_SHEET
from contracts.language import schema_of
from gateway.api.conditions import VERSION
from gateway.api.operation import Operation
from gateway.api.selection import ABSENT, EMBEDDED, ITEMS, AbsentPart

_PART: Final = "Part"
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


FILE: Final[Mapping[str, Any]] = {
    "type": "string",
    "format": "binary",
    "minLength": 1,
    "maxLength": LARGEST_SHEET,
}
"""The content of a file, which is no JSON."""


def shown(operation: Operation) -> dict[str, Any]:
    """Return the schema of what a success shows, with what a caller may choose of it."""
    name = operation.answer.__name__ if operation.answer else ""
    whole: dict[str, Any] = reference(name)
    if operation.sparse:
        whole = {"anyOf": [whole, reference(f"{name}{_PART}")]}
    if not operation.embeds:
        return whole
    beside = {
        EMBEDDED: {
            "type": "object",
            "properties": {
                name: reference(each.asks.answer.__name__)
                for name, each in operation.embeds.items()
            },
        },
        ABSENT: {"type": "array", "items": reference(AbsentPart.__name__)},
    }
    return {"allOf": [whole, {"type": "object", "properties": beside}]}


def enter_part(schemas: dict[str, Any], operation: Operation) -> None:
    """Enter the schema of an answer of which only some fields were wanted."""
    if not operation.sparse or operation.answer is None:
        return
    name = operation.answer.__name__
    part = deepcopy(schemas[name])
    if ITEMS in part["properties"]:
        part["properties"][ITEMS]["items"] = _loose(schemas, part["properties"][ITEMS]["items"])
    else:
        part = _loose(schemas, part)
    schemas[f"{name}{_PART}"] = part


def _loose(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema in which nothing is required, nor in its parts."""
    named = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    whole: dict[str, Any] = deepcopy(dict(named))
    whole.pop("required", None)
    for name, part in whole["properties"].items():
        if "$ref" in part:
            inner = deepcopy(schemas[part["$ref"].rpartition("/")[2]])
            inner.pop("required", None)
            whole["properties"][name] = inner
    return whole


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
                yield from _references(content["schema"])


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
