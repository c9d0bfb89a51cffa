"""Text folded for searching: without accents, case and punctuation, in any script."""

from __future__ import annotations

import unicodedata
from typing import Final

# Letters that Unicode does not take apart into a plain letter and a sign.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "\u0131": "i"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)
_JOINING: Final = frozenset("'`\u2018\u2019\u02bc")


def folded(text: str) -> str:
    """Return the words of a text as a search compares them; it may be empty.

    Whatever is left can stand in a pattern of LIKE: it holds letters, digits and single blanks.
    """
    # Taken apart twice: U+2121 hides capitals, and folding case can make new letters with signs.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_PLAIN)
    words = "".join(
        sign if sign.isalnum() else " " for sign in plain if sign not in _JOINING
    ).split()
    return " ".join(words)
