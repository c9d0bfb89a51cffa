"""Signed sheets on their way in and out: examined before intake is asked to keep them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from contracts.intake import GetSignedSheet, RecordSignedSheet, SignedSheet
from gateway.desk import Turn
from gateway.files import HEADERS, File, attachment

NAME: Final = "signed-sheet"
_SECONDS: Final = 20.0


def add_sheet(turn: Turn, asked: RecordSignedSheet) -> SignedSheet:
    """Have a sheet kept, once nothing dangerous was found in it.

    Raises:
        FileRefusedByScanner: something was.
        ScannerUnavailable: nobody could look.

    """
    turn.scanner.examine(asked.content)
    # Looking may have used up the time of a usual request.
    deadline = max(turn.line.deadline, time.monotonic() + _SECONDS)
    return replace(turn.line, deadline=deadline).ask(asked)


def show_sheet(turn: Turn, asked: GetSignedSheet) -> File:
    """Show a sheet as a file to be kept."""
    found = turn.line.ask(asked)
    media = found.media_type.value
    turn.headers.update(HEADERS)
    turn.headers["Content-Disposition"] = attachment(NAME, media)
    return File(content=found.content, media=media)
