"""Small whole files of the forms in which a signed sheet may come, made up by hand."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

PDF: Final = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def _piece(name: bytes, content: bytes) -> bytes:
    checked = zlib.crc32(name + content)
    return len(content).to_bytes(4, "big") + name + content + checked.to_bytes(4, "big")


PNG: Final = (
    b"\x89PNG\r\n\x1a\n"
    + _piece(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0")
    + _piece(b"IDAT", zlib.compress(b"\0\0"))
    + _piece(b"IEND", b"")
)


def archive(comment: bytes = b"") -> bytes:
    """Return a ZIP archive with one file in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr("inside.txt", "inside")
        packed.comment = comment
    return whole.getvalue()
