"""Conditions of a request: which state of a thing the caller knows (RFC 9110, section 13).

An entity tag is the thing's version and a digest of what was shown: two answers with one tag are
equal to the byte. A change looks at the version alone, so that a tag taken from a part of the thing
is as good as one from the whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Request as HttpRequest

from contracts.language import VersionMismatch
from gateway.api.operation import Operation
from gateway.problems import FieldProblem, RefusedError

IF_MATCH: Final = "If-Match"
IF_NONE_MATCH: Final = "If-None-Match"
VERSION: Final = "version"
NOTHING: Final = 0
"""The version of what does not exist yet."""

ETAG_PATTERN: Final = r'^"[0-9]{1,9}(-[0-9a-f]{16})?"$'
_OURS: Final = re.compile(r'"([0-9]{1,9})(?:-[0-9a-f]{16})?"')
_ANYBODYS: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LIST: Final = re.compile(rf"{_ANYBODYS.pattern}(?:[ \t]*,[ \t]*{_ANYBODYS.pattern})*")
_CHANGING: Final = frozenset({"PUT", "PATCH", "DELETE"})
_STALE: Final = "It was changed in the meantime; read it again and repeat."


def must_be_conditional(operation: Operation) -> bool:
    """Tell whether it does nothing for a caller who names none."""
    return operation.takes_version and operation.method in _CHANGING


def creates(operation: Operation) -> bool:
    """Tell whether the operation makes what is not there, so that its absence is a condition."""
    return operation.takes_version and operation.method == "PUT"


def is_revalidated(operation: Operation) -> bool:
    """Tell whether a caller may ask if what it has is still so."""
    return operation.method == "GET" and bool(operation.version_path)


def expected_version(operation: Operation, request: HttpRequest) -> int | None:
    """Return the version that the headers name, if they name one.

    Raises:
        RefusedError: they cannot be read, or name what this never was.

    """
    if not operation.takes_version:
        return None
    if creates(operation) and request.headers.get(IF_NONE_MATCH, "").strip() == "*":
        return NOTHING
    given = request.headers.get(IF_MATCH)
    if given is None:
        return None
    return _version(given.strip())


def _version(given: str) -> int:
    """Read If-Match."""
    ours = _OURS.fullmatch(given)
    if ours is not None:
        return int(ours[1])
    if _LIST.fullmatch(given) and "," not in given:
        # A weak tag, or somebody else's, never matches.
        raise stale(_STALE)
    raise RefusedError(
        HTTPStatus.BAD_REQUEST,
        "malformed-precondition",
        f"{IF_MATCH} takes one ETag as it was shown, quotation marks included.",
    )


def named_version(
    operation: Operation, body: Mapping[str, Any], expected: int | None
) -> dict[str, int]:
    """Return the version as what is asked takes it, where the body does not name it itself.

    Raises:
        RefusedError: the operation wants a version and nothing names one, or two are named.

    """
    if not operation.takes_version:
        return {}
    own = {} if operation.body else body
    if expected is not None:
        if own.get(VERSION, expected) != expected:
            raise _contradiction()
        return {VERSION: expected}
    if VERSION not in own and must_be_conditional(operation):
        raise _unconditional(operation)
    return {}


def _contradiction() -> RefusedError:
    sentence = f"Says something else than {IF_MATCH}; leave one of them out."
    return RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-request",
        "Some fields are wrong; errors names each and the way out.",
        errors=[FieldProblem(field=VERSION, message=sentence)],
    )


def _unconditional(operation: Operation) -> RefusedError:
    to_make = f", or {IF_NONE_MATCH}: * to make a new one" if creates(operation) else ""
    return RefusedError(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-required",
        f"Read it first and send its ETag as {IF_MATCH}{to_make}.",
        errors=[FieldProblem(field=VERSION, message=f"Required, here or by {IF_MATCH}.")],
    )


def stale(detail: str) -> RefusedError:
    """Return the refusal of a change to what is no longer as the caller saw it."""
    return RefusedError(HTTPStatus.PRECONDITION_FAILED, VersionMismatch.slug, detail)


def etag_of(operation: Operation, shown: Mapping[str, Any], text: str) -> str | None:
    """Return the entity tag of what is shown, if it has a version."""
    part: Any = shown
    for name in operation.version_path:
        part = part.get(name) if isinstance(part, Mapping) else None
    if not operation.version_path or not isinstance(part, int):
        return None
    return f'"{part}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def is_known(operation: Operation, request: HttpRequest, etag: str) -> bool:
    """Tell whether the caller already has what would be shown."""
    given = request.headers.get(IF_NONE_MATCH, "").strip()
    if operation.method != "GET" or not given:
        return False
    return given == "*" or etag in {each.removeprefix("W/") for each in _ANYBODYS.findall(given)}
