"""The colours of charts, each readable on white, and the letters and patterns that go with them."""

from __future__ import annotations

from typing import Final

INK: Final = "currentColor"
"""Text and lines take the colour of the text around them, forced colours and print included."""

COLOURS: Final = ("#0066cc", "#a63d00", "#00694a", "#5c2d91", "#455a64", "#a3195b")
ON_COLOUR: Final = "#ffffff"
TRACK: Final = "#e8edf2"
LETTERS: Final = "ABCDEF"
DASHES: Final = ("none", "7 3", "2 3", "10 3 2 3")

MOST_PARTS: Final = len(COLOURS)
MOST_SERIES: Final = len(DASHES)
