"""Pages made up by a test, served like ours: the same assets, the same strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from flask import Flask, Response, request
from werkzeug.serving import make_server

from gateway.web.static import asset_url, serve_static

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)

Answer = str | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass
class PageServer:
    """What is answered at which path, and what was asked so far."""

    site: str = ""
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def start_anew(self) -> None:
        """Forget the pages and what was asked; requests still under way keep what they have."""
        self.answers, self.asked = {}, []

    def forms_at(self, path: str) -> list[Asked]:
        """Return what was sent to a path."""
        return [each for each in self.asked if each.path == path and each.method == "POST"]


def a_page(body: str, *, token: str = "token-1") -> str:  # noqa: S107 - made up, guards nothing
    """Return a whole page with our assets and this body."""
    return f"""<!doctype html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="{token}">
<title>Prova</title>
<link rel="icon" href="{asset_url("favicon.svg")}">
<link rel="stylesheet" href="{asset_url("app.css")}">
<script type="module" src="{asset_url("app.js")}"></script>
</head>
<body>{body}</body>
</html>"""


@contextmanager
def serving() -> Iterator[PageServer]:
    """Serve made-up pages on a free port while the context lasts."""
    pages = PageServer()
    app = Flask("made-up pages", static_folder=None)
    app.add_url_rule("/", "any", lambda: _answer(pages), methods=["GET", "POST"])
    app.add_url_rule("/<path:_rest>", "rest", lambda **_: _answer(pages), methods=["GET", "POST"])
    serve_static(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    pages.site = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(pages: PageServer) -> Response:
    pages.asked.append(
        Asked(request.method, request.path, dict(request.headers), request.form.to_dict())
    )
    found = pages.answers.get(request.path, ("", 404))
    answer = found() if callable(found) else found
    text, status = answer if isinstance(answer, tuple) else (answer, 200)
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return response
