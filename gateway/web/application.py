"""Wiring of the pages: routes, languages, guards and words, put into the gateway's application."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Final

from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect

from gateway.desk import Desk
from gateway.web import languages, rendering
from gateway.web.colleagues import Colleagues
from gateway.web.compression import compress_pages
from gateway.web.cookies import Jar
from gateway.web.imprint import Imprint
from gateway.web.reference import Reference
from gateway.web.screens import BY_NAME, SCREENS
from gateway.web.speaker import Speaker
from gateway.web.views import House, ScreenView

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    # The guard of forms asks where a form came from; other sites learn nothing.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_PARAMETER: Final = re.compile(r"\{(\w+)\}")


def add_pages(
    app: Flask, desk: Desk, *, form_keys: tuple[str, ...], secure: bool, imprint: Imprint
) -> None:
    """Give the application its pages; ``form_keys`` sign what forms carry, the newest first."""
    app.config.update(
        SECRET_KEY=form_keys[0],
        SECRET_KEY_FALLBACKS=list(form_keys[1:]),
        SESSION_COOKIE_NAME="__Host-plurali-form" if secure else "plurali-form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,
        # A form may stay open for as long as the browser: a session has its own end.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.template_folder = "web/templates"
    guard = CSRFProtect(app)
    languages.speak(app)
    speaker = Speaker(reference=Reference(desk.rpc), colleagues=Colleagues(desk.identity.names))
    rendering.furnish(app, speaker)
    app.jinja_env.globals.update(asdict(imprint))
    house = House(desk=desk, jar=Jar(secure=secure), guard=guard, screens=BY_NAME, speaker=speaker)
    for screen in SCREENS:
        app.add_url_rule(
            _PARAMETER.sub(r"<uuid:\1>", screen.path),
            f"page.{screen.name}",
            ScreenView(screen, house),
            methods=screen.methods,
        )
    compress_pages(app)
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    """Add the headers of pages, which the interface's own answers do without."""
    if response.mimetype == "text/html":
        for name, value in HEADERS.items():
            response.headers[name] = value
    return response
