"""Tables for spreadsheet programs, in which no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from contracts.language import Resource

CSV: Final = "text/csv"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class Sheet(Resource):
    """A table as CSV (RFC 4180), the first line of which names the columns."""

    text: str


def sheet(
    columns: Sequence[str], rows: Iterable[Sequence[str | int | None]], *, separator: str = ","
) -> Sheet:
    """Return the rows as a table."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=separator)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return Sheet(text=page.getvalue())


def for_spreadsheets(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Return the rows as a file that a spreadsheet program set to Italian opens in columns."""
    return sheet(columns, rows, separator=";").text.encode("utf-8-sig")


def _cell(value: str | int | None) -> str:
    """Return a value as a cell; an apostrophe in front makes text of what would be calculated."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
