"""What each command was answered, so that the same command sent again does nothing twice.

Kept for some days (see the relay's cleaning). A refused command leaves no row: it may be tried
again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from chassis.call import Call
from chassis.errors import KeyReused
from chassis.unit import S, Statement, Unit
from contracts.language import InvalidRequest

# A concurrent duplicate waits on the primary key until the first transaction ends.
_CLAIM: Final = """
INSERT INTO answers (key, caller, method, fingerprint)
VALUES (%(key)s, %(caller)s::uuid, %(method)s, %(fingerprint)s) ON CONFLICT DO NOTHING
"""
_RECALL: Final = (
    "SELECT caller::text AS caller, method, fingerprint, body FROM answers WHERE key = %(key)s"
)
_KEEP: Final = "UPDATE answers SET body = %(answer_body)s WHERE key = %(answer_key)s"


def fingerprint_of(fields: Mapping[str, Any]) -> bytes:
    """Return a digest that two requests share exactly when their fields are equal."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def claim(call: Call, *, method: str, fingerprint: bytes) -> Statement:
    """Return the statement that claims the call's key; it inserts nothing when it was used before.

    Raises:
        InvalidRequest: the call has no key.

    """
    if call.key is None:
        raise InvalidRequest("A command needs a key.")
    return _CLAIM, {
        "key": call.key,
        "caller": _caller(call),
        "method": method,
        "fingerprint": fingerprint,
    }


def recall(unit: Unit[S], *, method: str, fingerprint: bytes) -> str:
    """Return the answer given before under this key.

    Raises:
        KeyReused: the key belongs to another command.

    """
    row = unit.store.connection.exec_driver_sql(_RECALL, {"key": unit.call.key}).one()
    asked = (_caller(unit.call), method, fingerprint)
    if (row.caller, row.method, bytes(row.fingerprint)) != asked:
        raise KeyReused("This key was used for another command; send a new command with a new key.")
    body: str = row.body
    return body


def keep(unit: Unit[S], body: str) -> None:
    """Remember the answer when the unit closes."""
    unit.at_close(_KEEP, {"answer_key": unit.call.key, "answer_body": body})


def _caller(call: Call) -> str | None:
    return str(call.principal.user_id) if call.principal else None
