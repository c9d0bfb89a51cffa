"""Files that somebody gave us, as they are given back: kept, never opened in our own pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from contracts.language import Resource, Size

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Whatever a browser does with such a file, it does it as if it came from nowhere."""

ENDINGS: Final[Mapping[str, str]] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
}


class File(Resource):
    """A file as it is kept."""

    content: Annotated[bytes, Size(maximum=10_000_000)]
    media: str


def attachment(name: str, media: str) -> str:
    """Return the header by which a browser keeps a file under a name of ours."""
    return f'attachment; filename="{name}.{ENDINGS[media]}"'
