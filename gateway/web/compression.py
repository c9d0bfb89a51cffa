"""Pages as few bytes on the line: compressed by what the browser reads."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import brotli
from flask import Flask, Response, request

_LEAST: Final = 600
"""Bytes below which a page fits a packet anyway."""

_NOISE: Final = 48
_WAYS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6),
}


def compress_pages(app: Flask) -> None:
    """Let every page that is worth it be compressed."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    """Compress a page in the best way that its reader knows."""
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    way = request.accept_encodings.best_match(_WAYS)
    body = response.get_data()
    if way is None or len(body) < _LEAST or "Content-Encoding" in response.headers:
        return response
    response.set_data(_WAYS[way](body))
    response.headers["Content-Encoding"] = way
    # Whoever watches the line could guess the form's token from how well a guess of his, sent along
    # in an address, compresses beside it. Pages of a length by chance tell him little.
    response.headers["X-Noise"] = secrets.token_hex(secrets.randbelow(_NOISE) + 1)
    return response
