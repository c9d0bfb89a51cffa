"""How a service stands and what it gave up, told and settled when its operator asks for it.

A letter that is settled stays so, whatever becomes of the unit that asked: sent again, the command
finds it gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from chassis import dead_letters, layout, revisions
from chassis.db import revision_of
from chassis.relay import BACKLOG
from chassis.settings import Settings
from contracts.language import NotFound, schema_of
from contracts.operations import (
    DeadLetter,
    DeadLetterList,
    DropDeadLetters,
    ListDeadLetters,
    QueueStanding,
    ReplayDeadLetters,
    SettledLetters,
    Standing,
)

_WAY_BACK: Final = layout.retry_exchange(layout.DELAYS[0])
"""No service may write to the default exchange; what rests comes back to its own queue."""

_OF_ENVELOPE: Final[Mapping[str, str]] = {
    "type": "type",
    "source": "source",
    "subject": "subject",
    "time": "time",
    "correlationid": "correlation_id",
}


@dataclass(frozen=True, kw_only=True)
class Premises:
    """A service as its operator sees it: its package, its work queues and its settings."""

    service: str
    package: str
    queues: tuple[str, ...]
    settings: Settings

    def own(self, queue: str) -> str:
        """Return a queue of the service.

        Raises:
            NotFound: the service has no such queue.

        """
        if queue not in self.queues:
            raise NotFound("There is no such queue.", fields={"queue": ["There is no such queue."]})
        return queue


def standing(premises: Premises, connection: sa.Connection) -> Standing:
    """Tell how the service stands, by its database and its queues."""
    backlog = connection.exec_driver_sql(BACKLOG).one()
    names = (layout.rpc_queue(premises.service), *premises.queues)
    dead = [layout.dead_queue(queue) for queue in premises.queues]
    found = dead_letters.lengths(premises.settings.broker_now(), [*names, *dead])
    queues = tuple(
        QueueStanding(
            queue=queue,
            waiting=found[queue].messages,
            consumers=found[queue].consumers,
            dead_letters=found[layout.dead_queue(queue)].messages,
        )
        for queue in premises.queues
    )
    return Standing(
        component=premises.service,
        version=premises.settings.version,
        schema_revision=revision_of(connection),
        schema_expected=revisions.newest_of(premises.package),
        processes=found[names[0]].consumers,
        outbox_pending=backlog.pending,
        outbox_oldest_seconds=int(backlog.age),
        dead_letters=sum(each.dead_letters for each in queues),
        queues=queues,
    )


def letters(premises: Premises, query: ListDeadLetters) -> DeadLetterList:
    """Show the first dead letters of each queue of the service."""
    uri = premises.settings.broker_now()
    counts = dead_letters.counts(uri, premises.queues)
    items = [
        shown(queue, letter)
        for queue, count in counts.items()
        if count
        for letter in dead_letters.show(uri, queue, query.limit)
    ]
    return DeadLetterList(items=tuple(items), total=sum(counts.values()))


def replay(premises: Premises, command: ReplayDeadLetters) -> SettledLetters:
    """Give dead letters back to their work queue.

    Raises:
        NotFound: there is no such queue, or none of its letters has that id.

    """

    def give_back(uri: str, queue: str, message_id: str | None, most: int) -> int:
        return dead_letters.replay(uri, queue, message_id=message_id, most=most, by=_WAY_BACK)

    return _settled(premises, command, give_back)


def drop(premises: Premises, command: DropDeadLetters) -> SettledLetters:
    """Throw dead letters away.

    Raises:
        NotFound: there is no such queue, or none of its letters has that id.

    """

    def throw_away(uri: str, queue: str, message_id: str | None, most: int) -> int:
        return dead_letters.drop(uri, queue, message_id=message_id, most=most)

    return _settled(premises, command, throw_away)


def _settled(
    premises: Premises,
    command: ReplayDeadLetters | DropDeadLetters,
    settle: Callable[[str, str, str | None, int], int],
) -> SettledLetters:
    queue, uri = premises.own(command.queue), premises.settings.broker_now()
    settled = settle(uri, queue, command.message_id, command.limit)
    if command.message_id is not None and not settled:
        sentence = "There is no dead letter with this id in the queue."
        raise NotFound(sentence, fields={"message_id": [sentence]})
    left = dead_letters.counts(uri, [queue])[queue]
    return SettledLetters(queue=queue, settled=settled, left=left)


def shown(queue: str, letter: dead_letters.DeadLetter) -> DeadLetter:
    """Return what may be shown of a letter: whoever wrote it may have written anything."""
    envelope = letter.body if isinstance(letter.body, Mapping) else {}
    told: dict[str, Any] = {
        **{name: envelope.get(key) for key, name in _OF_ENVELOPE.items()},
        "queue": queue,
        "message_id": letter.message_id,
        "reason": letter.reason,
        "error": letter.error,
        "attempts": letter.attempt,
        "failed_at": letter.failed_at,
        "size": letter.size,
    }
    unfit = schema_of(DeadLetter).validate(told)
    return DeadLetter.load({name: value for name, value in told.items() if name not in unfit})
