"""A signed sheet is what its content says, and one thing alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chassis.wire import request_text
from contracts.intake import LARGEST_SHEET, RecordSignedSheet, SheetMedia
from services.intake.domain.signed_sheets import SheetUnusable, media_of, signed_sheet
from tests.support.signed_sheets import JPEG, PDF, PNG, archive

_ID = UUID(int=1)
_AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def _command(content: bytes, declared: SheetMedia | None = None) -> RecordSignedSheet:
    return RecordSignedSheet(person_id=_ID, consent_id=_ID, content=content, declared=declared)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PDF, SheetMedia.PDF),
        (JPEG, SheetMedia.JPEG),
        (JPEG + b"notes of a telephone", SheetMedia.JPEG),
        (PNG, SheetMedia.PNG),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, media: SheetMedia) -> None:
    """Nobody is asked for its name."""
    assert media_of(content) is media


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Send a PDF"),
        (b"MZ\x90\x00", "Send a PDF"),
        (b"<html>%PDF-1.7", "Send a PDF"),
        (b" " + PDF, "Send a PDF"),
        (b"GIF89a" + JPEG, "Send a PDF"),
        (archive(), "Send a PDF"),
        (PDF.replace(b"%%EOF", b""), "damaged"),
        (JPEG[:-2], "damaged"),
        (PNG[:-1], "damaged"),
        (PNG + b"more", "damaged"),
        (JPEG + archive(), "second one"),
        (PDF + archive(b"said beside it"), "second one"),
        (JPEG[:-2] + b"%PDF-1.4" + JPEG[-2:], "second one"),
        (JPEG[:-2] + b"<ScRiPt>" + JPEG[-2:], "second one"),
        (PDF.replace(b"endobj", b"<!DOCTYPE html>endobj"), "second one"),
    ],
)
def test_what_is_something_else_is_refused(content: bytes, sentence: str) -> None:
    """Neither what another program would open, nor what is not whole."""
    with pytest.raises(SheetUnusable, match=sentence) as refused:
        media_of(content)
    assert list(refused.value.fields) == ["content"]


def test_an_archive_is_known_by_its_end_and_not_by_its_letters() -> None:
    """The letters alone may stand in any photograph."""
    assert media_of(JPEG[:-2] + b"PK\x05\x06" + bytes(30) + JPEG[-2:]) is SheetMedia.JPEG


def test_what_is_sent_as_something_else_is_refused() -> None:
    """Sender and content have to agree."""
    with pytest.raises(SheetUnusable, match="not of the type"):
        signed_sheet(_command(PDF, SheetMedia.JPEG), by=_ID, at=_AT)


def test_a_sheet_is_known_by_digest_and_size() -> None:
    """And by who added it when."""
    sheet = signed_sheet(_command(PNG, SheetMedia.PNG), by=_ID, at=_AT)
    assert (sheet.digest, sheet.size) == (hashlib.sha256(PNG).hexdigest(), len(PNG))
    assert (sheet.added_by, sheet.added_at, sheet.media_type) == (_ID, _AT, SheetMedia.PNG)


def test_a_file_crosses_the_wire_unchanged() -> None:
    """Base64 on the way, bytes at both ends."""
    command = _command(JPEG)
    assert RecordSignedSheet.load(command.dump()) == command


def test_the_largest_sheet_fits_into_a_message() -> None:
    """With everything else that the request says."""
    command = _command(bytes(LARGEST_SHEET), SheetMedia.JPEG)
    assert len(request_text(command.dump())) <= RecordSignedSheet.largest
