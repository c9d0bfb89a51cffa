"""Where a page of a list begins."""

from __future__ import annotations

from uuid import UUID

from contracts.language import InvalidRequest


def position(cursor: str | None) -> UUID | None:
    """Return the id behind which a page begins, or ``None`` at the beginning.

    Raises:
        InvalidRequest: no list of ours gave this cursor.

    """
    try:
        return None if cursor is None else UUID(cursor)
    except ValueError:
        raise InvalidRequest(
            "The cursor is none of ours.",
            fields={"cursor": ["Send back next_cursor as it came, or leave it out."]},
        ) from None
