"""The one view behind every operation: who calls, may they, what do they ask, about whom."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Response, g, request
from marshmallow import Schema, fields

from chassis import clock, metrics
from chassis.errors import ServiceError
from chassis.roster import SERVICES
from contracts.access import AccessPurpose
from contracts.intake import LARGEST_SHEET
from contracts.language import (
    DomainError,
    Message,
    Request,
    Resource,
    VersionMismatch,
    schema_of,
)
from contracts.operations import EVERY
from gateway.access_log import SUBJECT, subjects
from gateway.api.conditions import etag_of, expected_version, is_known, stale
from gateway.api.lifetimes import lifetime_headers
from gateway.api.operation import PATH_PARAMETER, Operation
from gateway.api.pagination import link_headers
from gateway.api.reading import JSON, read
from gateway.api.selection import selection_of
from gateway.desk import Desk, Turn
from gateway.edge import arrival
from gateway.files import File
from gateway.identity import domain
from gateway.identity.language import Session
from gateway.limits import admit
from gateway.problems import FieldProblem, RefusedError, answer_to
from gateway.sheets import CSV, Sheet

PREFIX: Final = "/api/v1"
KEY_HEADER: Final = "Idempotency-Key"
PURPOSE_HEADER: Final = "X-Purpose"
KEY_PATTERN: Final = r"^[\x21-\x7e]{1,100}$"
_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.SEE_OTHER})


class View:
    """Serves one operation."""

    def __init__(self, operation: Operation, desk: Desk) -> None:
        """Keep the operation, and whether it can show who a person is or what is known of one."""
        self.__name__ = operation.name
        self.operation = operation
        self._desk = desk
        self._lifetime = lifetime_headers(operation)
        self._watched = is_about_persons(operation)
        if self._watched:
            metrics.ACCESS_LOG_ROWS.labels(operation.name)
        beside = (each.asks for each in operation.embeds.values())
        for asked in (*operation.requests, *beside):
            if issubclass(asked, Request):
                for service in SERVICES if asked.service == EVERY else (asked.service,):
                    metrics.prepare_question(service, asked.method)

    def __call__(self, **path: str) -> Response:
        """Answer the request; what it touched is written down before anything leaves."""
        operation = self.operation
        g.operation = operation
        if operation.takes_file:
            request.max_content_length = LARGEST_SHEET
        g.answer_headers.update(self._lifetime)
        session = None if operation.anonymous else self._session()
        admit(self._desk.counter, session)
        if session is None and not operation.anonymous:
            raise _stranger()
        turn = self._desk.begin(arrival(), session, key=self._key(session), purpose=self._purpose())
        given: Mapping[str, Any] = path
        try:
            if session is not None:
                self._admit(session)
            if operation.permission is not None:
                turn.principal.require(operation.permission)
            expected = expected_version(operation, request)
            wanted = selection_of(operation, request)
            asked = read(operation, request, path, expected=expected)
            given = asked.dump()
            answer = self._do(turn, asked, conditional=expected is not None)
        except Exception as failure:
            self._write_down(turn, answer_to(failure).status, given)
            raise
        shown = {} if answer is None else answer.dump()
        beside = wanted.gather(turn, operation, shown)
        self._write_down(turn, operation.status, given, {**shown, **beside})
        return self._response(shown, {**wanted.apply(shown), **beside}, turn.headers)

    def _do(self, turn: Turn, asked: Message, *, conditional: bool) -> Resource | None:
        """Do what was asked; that the caller's condition does not hold is a refusal of its own."""
        try:
            return self.operation.does(turn, asked)
        except (ServiceError, DomainError) as failure:
            if conditional and failure.slug == VersionMismatch.slug:
                raise stale(failure.message) from failure
            raise

    def _session(self) -> Session | None:
        """Return whom the request's token speaks for, if it opens anything."""
        token = _token()
        session = self._desk.identity.session(token) if token else None
        if session is not None:
            g.session = session
        return session

    def _admit(self, session: Session) -> None:
        """Turn away who still owes something, or was proven too long ago for this."""
        domain.demand(session.pending, admitted=self.operation.admits)
        if self.operation.fresh:
            life = self._desk.identity.policy.step_up_life
            domain.demand_fresh(session.proved_at, clock.now(), life)

    def _purpose(self) -> AccessPurpose | None:
        """Return why the caller asks, where that is clear or was told, and is written down."""
        given = self.operation.purpose or request.headers.get(PURPOSE_HEADER)
        if given is None or not self._watched:
            return None
        try:
            return AccessPurpose(given)
        except ValueError:
            raise RefusedError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "unknown-purpose",
                f"{PURPOSE_HEADER} takes one of: {', '.join(AccessPurpose)}.",
            ) from None

    def _key(self, session: Session | None) -> str | None:
        """Return the command's key: the caller's, kept apart from those of others, or a new one."""
        if session is None or not self.operation.changes_state:
            return None
        given = request.headers.get(KEY_HEADER)
        if given is not None and not re.fullmatch(KEY_PATTERN, given):
            raise RefusedError(
                HTTPStatus.BAD_REQUEST,
                "malformed-idempotency-key",
                f"{KEY_HEADER} takes 1 to 100 visible ASCII characters, such as a UUID.",
            )
        key = given or str(clock.new_id())
        g.answer_headers[KEY_HEADER] = key
        return f"{session.principal.user_id}:{key}"

    def _write_down(
        self,
        turn: Turn,
        status: int,
        given: Mapping[str, Any],
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        """Log the access to every person that the call touched, or to none."""
        if self._watched:
            self._desk.write_down(turn, self.operation.name, status, subjects(given, shown))

    def _response(
        self, whole: Mapping[str, Any], shown: Mapping[str, Any], given: Mapping[str, str]
    ) -> Response:
        """Return the answer as JSON, or as a table, with links to where it leads."""
        operation = self.operation
        if operation.status in _BODILESS:
            return Response(status=operation.status, headers=dict(given))
        headers = {**link_headers(operation, request, shown), **given}
        if operation.location:
            headers["Location"] = PREFIX + operation.location.format(**whole)
        if operation.answer is File:
            content = base64.b64decode(shown["content"])
            return Response(
                content, status=operation.status, headers=headers, mimetype=shown["media"]
            )
        if operation.answer is Sheet:
            return Response(shown["text"], status=operation.status, headers=headers, mimetype=CSV)
        text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        etag = etag_of(operation, whole, text)
        if etag is not None:
            headers["ETag"] = etag
            if is_known(operation, request, etag):
                return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(text, status=operation.status, headers=headers, mimetype=JSON)


def _token() -> str:
    """Return the request's bearer token, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _stranger() -> RefusedError:
    """Return the refusal of a caller whom no token lets in."""
    if _token():
        return RefusedError(
            HTTPStatus.UNAUTHORIZED,
            "token-invalid",
            f"The token is unknown, expired or ended; sign in with POST {PREFIX}/tokens.",
            headers={"WWW-Authenticate": 'Bearer realm="plurali", error="invalid_token"'},
        )
    return RefusedError(
        HTTPStatus.UNAUTHORIZED,
        "token-missing",
        f"Sign in with POST {PREFIX}/tokens and send the token as Authorization: Bearer.",
        headers={"WWW-Authenticate": 'Bearer realm="plurali"'},
    )


def flask_path(operation: Operation) -> str:
    """Return the path in Flask's spelling."""
    return PATH_PARAMETER.sub(r"<string:\1>", operation.path)


def missing(operation: Operation) -> tuple[FieldProblem, ...]:
    """Name what was not found: the innermost thing of the path."""
    return tuple(
        FieldProblem(field=name, message="There is none with this id, or not in your reach.")
        for name in operation.path_names[-1:]
    )


def is_about_persons(operation: Operation) -> bool:
    """Tell whether anything asked or shown by the operation names a person."""
    answers = (operation.answer, *(request.answer for request in operation.uses))
    beside = (each.asks.answer for each in operation.embeds.values())
    parts = (operation.asks, *operation.uses, *answers, *beside)
    return any(_names_person(schema_of(part)) for part in parts if part is not None)


def _names_person(schema: Schema) -> bool:
    """Search a schema for a person's id."""
    return SUBJECT in schema.fields or any(
        _names_person(inner.schema)
        for inner in map(_innermost, schema.fields.values())
        if isinstance(inner, fields.Nested)
    )


def _innermost(field: fields.Field[Any]) -> fields.Field[Any]:
    """Return what a list holds."""
    while isinstance(field, fields.List):
        field = field.inner
    return field
