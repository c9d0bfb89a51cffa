"""The inbox: what each consumer has handled, remembered in the transaction that handled it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from chassis.unit import Statement

# A concurrent duplicate waits on the primary key until the first transaction ends, then finds the
# row or takes over.
_ENTER: Final = """
INSERT INTO inbox (consumer, message_id) VALUES (%(consumer)s, %(message_id)s::uuid)
ON CONFLICT DO NOTHING
"""


def claim(*, consumer: str, message_id: UUID) -> Statement:
    """Return the statement that enters a message; it inserts nothing when it was there before."""
    return _ENTER, {"consumer": consumer, "message_id": str(message_id)}
