"""Failures of the interface, each shown as a problem."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from flask import Response, g, request
from flask_smorest import Api

from gateway.api.views import missing
from gateway.edge import note_failure
from gateway.problems import MEDIA_TYPE, FieldProblem, Problem, answer_to


class ProblemApi(Api):  # type: ignore[misc]  # published without type information
    """The API whose every failure is a problem."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave the application's own failures to whoever assembles it."""


def show_problem(failure: Exception) -> Response:
    """Return the problem that a failure becomes."""
    answer = answer_to(failure)
    note_failure(failure, answer.slug, unforeseen=answer.status is HTTPStatus.INTERNAL_SERVER_ERROR)
    operation = g.get("operation")
    if answer.status is HTTPStatus.NOT_FOUND and operation is not None and not answer.errors:
        answer = replace(answer, errors=missing(operation))
    if operation is not None and operation.body:
        answer = replace(answer, errors=_unwrapped(answer.errors, f"{operation.body}."))
    problem = answer.problem(instance=request.path, correlation_id=g.correlation_id)
    return _json(problem, answer.status, dict(answer.headers))


def _unwrapped(errors: Sequence[FieldProblem], prefix: str) -> tuple[FieldProblem, ...]:
    """Return problems by paths in the body, where a service named them in its whole command."""
    return tuple(replace(each, field=each.field.removeprefix(prefix)) for each in errors)


def _json(problem: Problem, status: int, headers: dict[str, str]) -> Response:
    text = json.dumps(problem.dump(), ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, headers=headers, content_type=MEDIA_TYPE)
