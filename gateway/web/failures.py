"""Failures of the pages: each tells in plain words what happened and the way out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError

from gateway.edge import note_failure
from gateway.problems import Answer, answer_to
from gateway.web.views import keep_key, kept

_OUTDATED: Final = Answer(
    HTTPStatus.BAD_REQUEST,
    "form-outdated",
    "The form was opened too long ago, or in another browser; send it again.",
)


def show_failure(failure: Exception) -> Response:
    """Return the page of a failure; what was typed stays in it and can be sent again."""
    answer = _OUTDATED if isinstance(failure, CSRFError) else answer_to(failure)
    note_failure(failure, answer.slug, unforeseen=answer.status is HTTPStatus.INTERNAL_SERVER_ERROR)
    g.failed = True
    keep_key(answer)
    live = "HX-Request" in request.headers
    text = render_template(
        "failure_part.html" if live else "failure.html",
        answer=answer,
        kept=kept() if request.method == "POST" and _is_ours() else [],
        correlation_id=g.correlation_id,
    )
    return make_response(text, answer.status, dict(answer.headers))


def _is_ours() -> bool:
    """Tell whether a page of ours sent this: a forged form must not be sent on by its victim."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
