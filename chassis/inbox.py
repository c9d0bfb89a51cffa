"""The inbox: what each consumer has handled, remembered in the transaction that handled it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

# A concurrent duplicate waits on the primary key until the first transaction ends, then finds the
# row or takes over.
_ENTER: Final = """
INSERT INTO inbox (consumer, message_id) VALUES (%(consumer)s, %(message_id)s::uuid)
ON CONFLICT DO NOTHING
"""


def is_first(connection: sa.Connection, *, consumer: str, message_id: UUID) -> bool:
    """Enter the message and tell whether it is new to the consumer."""
    entered = connection.exec_driver_sql(
        _ENTER, {"consumer": consumer, "message_id": str(message_id)}
    )
    return entered.rowcount == 1
