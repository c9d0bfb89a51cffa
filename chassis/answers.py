"""What each command was answered, so that the same command sent again does nothing twice.

Kept for some days (see the relay's cleaning). A refused command leaves no row: it may be tried
again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.errors import KeyReused
from chassis.unit import S, Unit

# A concurrent duplicate waits on the primary key until the first transaction ends.
_CLAIM: Final = """
INSERT INTO answers (key, caller, method, fingerprint)
VALUES (%(key)s, %(caller)s::uuid, %(method)s, %(fingerprint)s) ON CONFLICT DO NOTHING
"""
_RECALL: Final = "SELECT caller, method, fingerprint, body FROM answers WHERE key = %(key)s"
_KEEP: Final = "UPDATE answers SET body = %(answer_body)s WHERE key = %(answer_key)s"


def fingerprint_of(fields: Mapping[str, Any]) -> bytes:
    """Return a digest that two requests share exactly when their fields are equal."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def recall(unit: Unit[S], *, key: str, method: str, fingerprint: bytes) -> str | None:
    """Return the answer given before under this key, or claim the key and return ``None``.

    Raises:
        KeyReused: the key belongs to another command.

    """
    caller = unit.call.principal.user_id if unit.call.principal else None
    asked = {
        "key": key,
        "caller": str(caller) if caller else None,
        "method": method,
        "fingerprint": fingerprint,
    }
    connection = unit.store.connection
    if connection.exec_driver_sql(_CLAIM, asked).rowcount == 1:
        return None
    row = connection.exec_driver_sql(_RECALL, {"key": key}).one()
    if (_as_uuid(row.caller), row.method, bytes(row.fingerprint)) != (caller, method, fingerprint):
        raise KeyReused("This key was used for another command; send a new command with a new key.")
    body: str = row.body
    return body


def keep(unit: Unit[S], *, key: str, body: str) -> None:
    """Remember the answer when the unit closes."""
    unit.at_close(_KEEP, {"answer_key": key, "answer_body": body})


def _as_uuid(value: object) -> UUID | None:
    """Read a uuid column fetched without SQLAlchemy's types, which psycopg2 hands over as text."""
    return None if value is None else UUID(str(value))
