"""Reading a request into its contract; every wrong field is named, with the way out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Request as HttpRequest
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.errors import field_errors
from contracts.language import Message, schema_of
from gateway.api.conditions import named_version
from gateway.api.operation import BODY_METHODS, Operation
from gateway.api.selection import parameters
from gateway.problems import FieldProblem, RefusedError

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
LARGEST_NUMBER: Final = 2**53 - 1
"""Numbers beyond it do not survive in every client, and no field needs them."""

_UNKNOWN: Final = "Unknown field."
_NO_FIT: Final = "String does not match expected pattern."
_OTHER_WORDS: Final[Mapping[str, str]] = {
    "Field may not be null.": "May not be null; leave the field out instead.",
    "Missing data for required field.": "Required, but missing.",
    "Not a valid date.": "Not a valid date; write it as 2026-11-22.",
    "Not a valid datetime.": "Not a valid instant; write it as 2026-11-22T09:30:00Z.",
    "Not a valid UUID.": "Not a valid id; write it as 019aa7f0-6c1e-7d3a-9c55-2f0b8d6e4a11.",
}
_UNREADABLE_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


class _Unreadable(ValueError):
    """A body that is JSON in form but says something twice or says what JSON cannot."""


def accepted_media(operation: Operation) -> tuple[str, ...]:
    """Return the media types in which the operation's body may come."""
    if operation.takes_file:
        return operation.file_media
    return (MERGE_PATCH, JSON) if operation.method == "PATCH" else (JSON,)


def documented_media(operation: Operation) -> tuple[str, ...]:
    """Return those that callers are told of: a change of a part has a media type of its own."""
    return accepted_media(operation) if operation.takes_file else accepted_media(operation)[:1]


def read(
    operation: Operation,
    request: HttpRequest,
    path: Mapping[str, str],
    *,
    expected: int | None = None,
) -> Message:
    """Return what the request asks for; ``expected`` is the version that its headers name.

    Raises:
        RefusedError: the request cannot be read or breaks the contract; wrong fields are named.

    """
    body = _body(operation, request) if operation.method in BODY_METHODS else {}
    version = named_version(operation, body, expected)
    query, problems = _query(operation, request)
    problems += _unheard_of(body.keys() & path.keys() if not operation.body else ())
    problems += _unspeakable(body, ())
    wrapped = {operation.body: body} if operation.body else body
    try:
        asked = operation.asks.load({**query, **wrapped, **version, **path})
    except ValidationError as error:
        problems += _broken(operation, error)
    if problems:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid-request",
            "Some fields are wrong; errors names each and the way out.",
            errors=sorted(problems, key=lambda problem: problem.field),
        )
    return asked


def _query(operation: Operation, request: HttpRequest) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Return the query with each value as its field wants it, and what is wrong with its form."""
    allowed = () if operation.method in BODY_METHODS else operation.other_names
    known = schema_of(operation.asks).fields
    choices = parameters(operation).keys()
    problems = _unheard_of(request.args.keys() - {*allowed, *choices}, (*allowed, *choices))
    problems += [
        FieldProblem(field=name, message="Given more than once; give it once.")
        for name, values in request.args.lists()
        if name in {*allowed, *choices} and len(values) > 1
    ]
    problems += _unspeakable(request.args.to_dict(), ())
    given = {
        name: _typed(known[name], value) for name, value in request.args.items() if name in allowed
    }
    return given, problems


def _typed(field: fields.Field[Any], text: str) -> Any:
    """Return a value of the query, which is always text, in the type that JSON would have."""
    if isinstance(field, fields.Integer) and re.fullmatch(r"-?[0-9]{1,15}", text):
        return int(text)
    if isinstance(field, fields.Boolean):
        return {"true": True, "false": False}.get(text, text)
    return text


def _body(operation: Operation, request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of the body, or the file as one; nothing at all is an empty one."""
    raw = request.get_data(cache=False)
    if request.content_length is None and len(raw) >= (request.max_content_length or 0):
        # A body without a length is cut at the limit and not refused by itself.
        raise RequestEntityTooLarge
    if not raw:
        return {}
    media = accepted_media(operation)
    if request.mimetype not in media or request.content_encoding:
        raise RefusedError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            f"Send the body as {' or '.join(media)}, not compressed.",
        )
    if operation.takes_file:
        return {"content": base64.b64encode(raw).decode(), "declared": request.mimetype}
    try:
        body = json.loads(
            raw.decode(), object_pairs_hook=_once, parse_constant=_constant, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        detail = str(error) if isinstance(error, _Unreadable) else "The body is not JSON in UTF-8."
        raise RefusedError(HTTPStatus.BAD_REQUEST, "malformed-request", detail) from None
    if not isinstance(body, dict):
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, "malformed-request", "The body must be a JSON object."
        )
    return body


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a field twice: readers would not agree which one counts."""
    read_ = dict(pairs)
    if len(read_) != len(pairs):
        raise _Unreadable("The body names a field twice.")
    return read_


def _constant(_name: str) -> Any:
    """Refuse NaN and infinities, which JSON does not have."""
    raise _Unreadable("The body holds a number that is none.")


def _integer(text: str) -> int:
    """Refuse whole numbers that no field takes."""
    number = int(text) if len(text) <= len(str(LARGEST_NUMBER)) + 1 else None
    if number is None or abs(number) > LARGEST_NUMBER:
        raise _Unreadable(f"The body holds a whole number beyond {LARGEST_NUMBER}.")
    return number


def _unspeakable(part: Any, path: tuple[str, ...]) -> list[FieldProblem]:
    """Name every field whose name or text holds a sign that cannot be stored."""
    if isinstance(part, str) and _UNREADABLE_TEXT.search(part):
        name = ".".join(path) or _legible(part)
        return [FieldProblem(field=name, message="Holds a sign that cannot be stored.")]
    members: list[tuple[str, Any]] = []
    if isinstance(part, dict):
        members = [(_legible(name), each) for name, value in part.items() for each in (name, value)]
    if isinstance(part, list):
        members = [(str(index), value) for index, value in enumerate(part)]
    return [problem for name, each in members for problem in _unspeakable(each, (*path, name))]


def _legible(name: str) -> str:
    """Return a caller's name for a field in signs that can be sent back."""
    return _UNREADABLE_TEXT.sub("?", name)


def _unheard_of(names: Any, known: Sequence[str] = ()) -> list[FieldProblem]:
    """Name the fields that do not belong where they stand."""
    return [FieldProblem(field=_legible(name), message=_unknown(known)) for name in names]


def _unknown(known: Sequence[str]) -> str:
    """Say that a field is unknown and which ones would be known."""
    return f"Unknown field; known here: {', '.join(sorted(known)) or 'none'}."


def _broken(operation: Operation, error: ValidationError) -> Iterator[FieldProblem]:
    """Yield what breaks the contract, in the terms of the request."""
    prefix = f"{operation.body}." if operation.body else ""
    for path, messages in field_errors(error, operation.asks).items():
        for message in messages:
            yield FieldProblem(
                field=_legible(path.removeprefix(prefix)),
                message=_way_out(operation, path, message),
            )


def _way_out(operation: Operation, path: str, message: str) -> str:
    """Return the sentence with the way out."""
    *above, name = path.split(".")
    if message == _UNKNOWN:
        schema = _schema_at(schema_of(operation.asks), above)
        taken = set(operation.path_names) if not above else set()
        return _unknown([known for known in schema.fields if known not in taken] if schema else ())
    if message == _NO_FIT:
        schema = _schema_at(schema_of(operation.asks), above)
        return _pattern(schema.fields.get(name) if schema else None)
    return _OTHER_WORDS.get(message, message)


def _schema_at(schema: Schema | None, path: Sequence[str]) -> Schema | None:
    """Return the schema of the object that stands at the path."""
    for name in path:
        if name.isdigit():
            continue
        field = schema.fields.get(name) if schema else None
        while isinstance(field, fields.List):
            field = field.inner
        schema = field.schema if isinstance(field, fields.Nested) else None
    return schema


def _pattern(field: fields.Field[Any] | None) -> str:
    """Say what form a text must have."""
    patterns = [
        str(check.regex.pattern)
        for check in (field.validators if field else ())
        if isinstance(check, validate.Regexp)
    ]
    about = field.metadata.get("description") if field else None
    hint = f" ({about})" if about else ""
    return f"Has not the right form {' '.join(patterns)}{hint}."
