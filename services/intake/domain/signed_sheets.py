"""Signed sheets: what a file is says its content, never its name; what is two things is refused."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.intake import RecordSignedSheet, SheetMedia, SignedSheet
from contracts.language import Category, DomainError

_WHERE_READERS_LOOK: Final = 1024
"""So far into a file some programs look for a beginning, and so far from its end for an end."""

_LONGEST_COMMENT: Final = 65_535 + 22
_END_OF_ARCHIVE: Final = b"PK\x05\x06"
_PAGE: Final = re.compile(rb"<(?:!doctype|html|script|svg|\?php)", re.IGNORECASE)
_PDF: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_PNG_ENDS: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG_BEGINS: Final = b"\xff\xd8\xff"
_JPEG_ENDS: Final = b"\xff\xd9"


class SheetUnusable(DomainError, category=Category.INVALID, slug="sheet-unusable"):
    """The file cannot be kept as a signed sheet."""

    def __init__(self, sentence: str) -> None:
        """Say what is wrong with the content."""
        super().__init__(sentence, fields={"content": [sentence]})


def signed_sheet(command: RecordSignedSheet, *, by: UUID, at: datetime) -> SignedSheet:
    """Return what is kept of a sheet beside its content.

    Raises:
        SheetUnusable: it is no PDF, JPEG or PNG, something else at the same time, or not what the
            sender takes it for.

    """
    media = media_of(command.content)
    if command.declared not in {None, media}:
        raise SheetUnusable("The file is not of the type that it is sent as.")
    return SignedSheet(
        media_type=media,
        size=len(command.content),
        digest=hashlib.sha256(command.content).hexdigest(),
        added_at=at,
        added_by=by,
    )


def media_of(content: bytes) -> SheetMedia:
    """Return what a file is by its content.

    Raises:
        SheetUnusable: it is none of the forms, cut off, or another program would take it for
            something else.

    """
    found = next((media for media, begins in _BEGINNINGS.items() if begins(content)), None)
    if found is None:
        raise SheetUnusable("Send a PDF, a JPEG or a PNG.")
    if not _ENDINGS[found](content):
        raise SheetUnusable("The file is damaged or not whole.")
    if _is_something_else(content, found):
        raise SheetUnusable("The file holds a second one inside; scan or photograph it anew.")
    return found


_BEGINNINGS: Final[Mapping[SheetMedia, Callable[[bytes], bool]]] = {
    SheetMedia.PDF: lambda content: _PDF.match(content) is not None,
    SheetMedia.JPEG: lambda content: content.startswith(_JPEG_BEGINS),
    SheetMedia.PNG: lambda content: content.startswith(_PNG_BEGINS),
}
_ENDINGS: Final[Mapping[SheetMedia, Callable[[bytes], bool]]] = {
    SheetMedia.PDF: lambda content: b"%%EOF" in content[-_WHERE_READERS_LOOK:],
    # Telephones write notes of their own behind the end of a photograph.
    SheetMedia.JPEG: lambda content: _JPEG_ENDS in content[len(_JPEG_BEGINS) :],
    SheetMedia.PNG: lambda content: content.endswith(_PNG_ENDS),
}


def _is_something_else(content: bytes, media: SheetMedia) -> bool:
    """Tell whether another program would take the file for an archive, a page or a PDF."""
    head = content[:_WHERE_READERS_LOOK]
    return (
        _ends_an_archive(content)
        or _PAGE.search(head) is not None
        or (media is not SheetMedia.PDF and _PDF.search(head) is not None)
    )


def _ends_an_archive(content: bytes) -> bool:
    """Tell whether the file ends as a ZIP archive does, whatever it begins with."""
    tail = content[-_LONGEST_COMMENT:]
    place = tail.find(_END_OF_ARCHIVE)
    while place >= 0:
        length = int.from_bytes(tail[place + 20 : place + 22], "little")
        if len(tail) - place - 22 == length:
            return True
        place = tail.find(_END_OF_ARCHIVE, place + 1)
    return False
