"""What a message makes a service write: recorded text whose ids are renewed for every chain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from psycopg2.extensions import cursor

from chassis.clock import new_id

_ID: Final = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
_ROWS: Final = "insert into {table} select * from json_populate_recordset(null::{table}, %s)"
_TELL: Final = """
with told as materialized (
    select message_id, type, routing_key, aggregate_id, body
    from json_populate_recordset(null::outbox, %s)
), numbered as (
    insert into streams as s (aggregate_id, last)
    select aggregate_id, count(*) from told group by aggregate_id
    on conflict (aggregate_id) do update set last = s.last + excluded.last
)
insert into outbox (message_id, type, routing_key, aggregate_id, body)
select message_id, type, routing_key, aggregate_id, body from told
"""


class Text:
    """A recorded text; rendering it puts other ids in the places of the recorded ones."""

    def __init__(self, text: str) -> None:
        """Take the text apart once."""
        self._pieces = _ID.split(text)

    def render(self, ids: Mapping[str, str]) -> str:
        """Return the text with other ids."""
        return "".join([ids.get(piece, piece) for piece in self._pieces])


class Script:
    """The rows and events that one kind of message makes a service write."""

    def __init__(self, recorded: Mapping[str, Any]) -> None:
        """Read what was recorded: the trigger's ids, the ids to renew, the rows and the events."""
        self.trigger: Mapping[str, str] = recorded["trigger"]
        self.tells = bool(recorded["told"])
        self._renewed: list[str] = recorded["renewed"]
        statements = [_ROWS.format(table=table) for table in recorded["rows"]]
        texts = list(recorded["rows"].values())
        if self.tells:
            statements.append(_TELL)
            texts.append(recorded["told"])
        self._sql = ";".join(statements)
        self._texts = [Text(text) for text in texts]

    def ids(self, **now: str) -> dict[str, str]:
        """Return the ids of a new chain in place of the recorded ones."""
        fresh = {old: str(new_id()) for old in self._renewed}
        return fresh | {self.trigger[name]: value for name, value in now.items()}

    def write(self, statement: cursor, ids: Mapping[str, str]) -> None:
        """Write everything in one round trip."""
        statement.execute(self._sql, [text.render(ids) for text in self._texts])
