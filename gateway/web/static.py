"""What browsers are sent beside pages: found by name, served under names that never change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

PREFIX: Final = "/static/"
BUILT: Final = Path(__file__).parent / "built" / "static"
_HASHED: Final = re.compile(r"\.[0-9a-f]{12}\.\w+$")
_MINUTE: Final = 60
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class AssetsMissing(RuntimeError):
    """What browsers are sent has not been built, or not whole."""


def asset_url(name: str) -> str:
    """Return the address of what is called so in the sources, such as `app.css`.

    Raises:
        AssetsMissing: nothing of that name has been built.

    """
    found = _manifest(BUILT).get(name)
    if found is None:
        raise AssetsMissing(f"there is no {name} among what was built: run ./plurali assets")
    return PREFIX + found


def serve_static(app: Flask, built: Path = BUILT) -> None:
    """Answer for everything below the prefix, before the application is asked.

    Raises:
        AssetsMissing: nothing has been built.

    """
    read_manifest(built)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's own way to wrap it
        app.wsgi_app,
        root=built,
        prefix=PREFIX,
        max_age=_MINUTE,
        allow_all_origins=False,
        add_headers_function=_add_headers,
        immutable_file_test=_is_immutable,
    )


def read_manifest(built: Path) -> Mapping[str, str]:
    """Return the built names by the names in the sources.

    Raises:
        AssetsMissing: nothing has been built.

    """
    try:
        names: dict[str, str] = json.loads((built / "manifest.json").read_text())
    except FileNotFoundError:
        message = "what browsers are sent has not been built: run ./plurali assets"
        raise AssetsMissing(message) from None
    return names


_manifest: Final = cache(read_manifest)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    """Say of every file what it is and who may use it."""
    for name, value in _HEADERS.items():
        headers[name] = value


def _is_immutable(_path: str, url: str) -> bool:
    """Tell a name that holds its content's digest from one that stays when the content changes."""
    return _HASHED.search(url) is not None
