"""`./plurali republish`: events that a lost broker held are published again from the outboxes.

The outbox keeps what was published, the inbox what each consumer has handled: the difference was in
a queue that is gone, or still is in one. A message that arrives twice is known to the inbox.
Subscribers get their queues again first, with the passwords that they had.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg2

from chassis import clock, topology
from contracts.language import EVENTS
from launcher.failures import EngineFailure, ExitCode
from launcher.settings import SERVICES
from launcher.stack import Stack
from launcher.subscriber import Subscribers, broker_in_reach

HOURS: Final = 24.0
_PUBLISH: Final = """
update outbox set published_at = null, attempts = 0, last_error = null, next_attempt_at = now()
where published_at is not null and (message_id = any(%s::uuid[])
    or (type = any(%s) and published_at > %s and routing_key not like 'restricted.%%'))
"""

Rows = Callable[..., list[tuple[Any, ...]]]


def register(parser: ArgumentParser) -> None:
    """Add the options of `republish`."""
    parser.add_argument(
        "--hours",
        type=float,
        default=HOURS,
        help=f"subscribers get again what was published in the last hours ({HOURS:g})",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Let the relays publish again what somebody has not handled, and count it."""
    with broker_in_reach():
        Subscribers(stack).set_up_again()
    try:
        count = publish_again(stack, since=clock.now() - timedelta(hours=arguments.hours))
    except psycopg2.OperationalError as error:
        raise EngineFailure("The database does not answer: see `./plurali status`.") from error
    print(f"{count} events are published again; what was handled already is left alone.")
    return ExitCode.FINE


@dataclass(frozen=True)
class Unheard:
    """A published event that one of its queues' consumer has not handled."""

    source: str
    message_id: str
    type: str
    queue: str


def unheard(rows: Rows) -> list[Unheard]:
    """Return each event that a queue was bound to and its consumer has not handled.

    ``rows(service, query, *values)`` returns what a query finds in the database of a service.
    """
    handled = {
        (consumer, id_)
        for name in SERVICES
        for consumer, id_ in rows(name, "select consumer, message_id::text from inbox")
    }
    queues = topology.subscriptions()
    return [
        Unheard(source, id_, type_, queue)
        for source in SERVICES
        for id_, type_ in rows(
            source,
            "select message_id::text, type from outbox where type = any(%s) order by id",
            [each for each in sorted(queues) if EVENTS[each].source == source],
        )
        for queue in queues[type_]
        if (queue, id_) not in handled
    ]


def publish_again(stack: Stack, *, since: datetime) -> int:
    """Mark as unpublished what a consumer has not handled, and subscribers' events since then."""
    missing = unheard(lambda name, query, *values: _rows(stack, name, query, values))
    told = sorted({each for kept in Subscribers(stack).all() for each in kept.types})
    return sum(
        _mark(
            stack, name, [each.message_id for each in missing if each.source == name], told, since
        )
        for name in SERVICES
    )


def _rows(stack: Stack, name: str, query: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
    with (
        closing(psycopg2.connect(stack.database_url(name))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query, tuple(values))
        return cursor.fetchall()


def _mark(stack: Stack, name: str, ids: list[str], told: list[str], since: datetime) -> int:
    with (
        closing(psycopg2.connect(stack.database_url(name))) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(_PUBLISH, (ids, told, since))
        return cursor.rowcount
