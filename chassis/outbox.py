"""The outbox: events written in the transaction that caused them, numbered by aggregate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.call import Call
from chassis.envelope import head_of, routing_key_of
from contracts.language import Event

# The row of `streams` is locked until the commit, so the numbers of an aggregate have no gap and
# its rows get their ids in the same order. Aggregates are locked in order of id: two units can wait
# for each other but never in a ring.
_APPEND: Final = """
WITH told AS MATERIALIZED (
    SELECT * FROM unnest(
        %(outbox_ids)s::uuid[], %(outbox_types)s::text[], %(outbox_keys)s::text[],
        %(outbox_aggregates)s::uuid[], %(outbox_heads)s::text[], %(outbox_later)s::int[]
    ) WITH ORDINALITY AS t (message_id, type, routing_key, aggregate_id, head, later, place)
), numbered AS (
    INSERT INTO streams AS s (aggregate_id, last)
    SELECT aggregate_id, count(*) FROM told GROUP BY aggregate_id ORDER BY aggregate_id
    ON CONFLICT (aggregate_id) DO UPDATE SET last = s.last + excluded.last
    RETURNING aggregate_id, last
)
INSERT INTO outbox (message_id, type, routing_key, aggregate_id, body)
SELECT message_id, type, routing_key, aggregate_id, head || (last - later)::text || '}'
FROM told JOIN numbered USING (aggregate_id) ORDER BY place
"""


def appending(
    events: Sequence[Event], *, call: Call, time: datetime, new_id: Callable[[], UUID]
) -> tuple[str, Mapping[str, Any]]:
    """Return the one statement that appends the events, and its parameters."""
    ids = [new_id() for _ in events]
    aggregates = [str(event.aggregate_id) for event in events]
    remaining = Counter(aggregates)
    later: list[int] = []
    for aggregate in aggregates:
        remaining[aggregate] -= 1
        later.append(remaining[aggregate])
    return _APPEND, {
        "outbox_ids": [str(id_) for id_ in ids],
        "outbox_types": [event.type for event in events],
        "outbox_keys": [routing_key_of(event) for event in events],
        "outbox_aggregates": aggregates,
        "outbox_heads": [
            head_of(event, id=id_, time=time, call=call)
            for id_, event in zip(ids, events, strict=True)
        ],
        "outbox_later": later,
    }
