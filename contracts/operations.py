"""What whoever operates the system asks of every service: how it stands, and what it gave up.

Each service answers each of these requests for itself, so a request names the service it goes to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from contracts.language import CODE, About, Code, Command, Many, Number, Query, Resource, Text

EVERY: Final = "*"
"""In place of a service, in the name of a request that every one answers."""

_ADMINISTER: Final = "operations:administer"
_AT_ONCE: Final = 200

Component = Annotated[
    str, Text(maximum=40, pattern=r"^[a-z]+$", about="The name of a service, such as referrals")
]
QueueName = Annotated[
    str,
    Text(
        maximum=100,
        pattern=r"^[a-z]+\.[a-z_]+$",
        about="A work queue, such as referrals.on_screening_completed",
    ),
]
MessageId = Annotated[str, Text(maximum=64, pattern=CODE, about="Of the message; a UUID in ours")]
ErrorName = Annotated[str, Text(maximum=200, pattern=CODE, about="The class of the error")]


class QueueStanding(Resource):
    """A work queue of a service, and the queue of its dead letters."""

    queue: QueueName
    waiting: Annotated[int, About("Messages that nobody has taken yet")]
    consumers: Annotated[int, About("Processes that take from it")]
    dead_letters: int


class Standing(Resource):
    """How a service stands."""

    component: Component
    version: str
    schema_revision: Annotated[str, About("The migration that its database has reached")]
    schema_expected: Annotated[str, About("The newest one that the process brings along")]
    processes: Annotated[int, About("That take requests")]
    outbox_pending: Annotated[int, About("Events not yet published")]
    outbox_oldest_seconds: Annotated[int, About("Age of the oldest of them")]
    dead_letters: int
    queues: tuple[QueueStanding, ...]


class GetStanding(Query[Standing], service=EVERY, method="get_standing", permission=_ADMINISTER):
    """Show how a service stands."""

    component: Component

    @property
    def addressee(self) -> str:
        """The service that is asked about."""
        return self.component


class DeadLetter(Resource):
    """A message that was given up: why, and what its envelope says; never what was in it.

    An attribute that the message lacks, or that is not of the form it should have, is absent.
    """

    queue: QueueName
    message_id: MessageId | None = None
    reason: Annotated[Code | None, About("A slug; docs/operating.md says what to do")] = None
    error: ErrorName | None = None
    attempts: int
    failed_at: datetime | None = None
    size: Annotated[int, About("Bytes")]
    type: Code | None = None
    source: Code | None = None
    subject: UUID | None = None
    time: datetime | None = None
    correlation_id: Code | None = None


class DeadLetterList(Resource):
    """The first dead letters of a service's queues; ``total`` counts the others too."""

    items: tuple[DeadLetter, ...]
    total: int


class ListDeadLetters(
    Query[DeadLetterList], service=EVERY, method="list_dead_letters", permission=_ADMINISTER
):
    """Show the first dead letters of each queue of a service; they stay where they are."""

    component: Component
    limit: Annotated[int, Number(minimum=1, maximum=100, about="For each queue")] = 20

    @property
    def addressee(self) -> str:
        """The service that is asked about."""
        return self.component


class SettledLetters(Resource):
    """How many dead letters of a queue were settled now, and how many it has left."""

    queue: QueueName
    settled: int
    left: int


class ReplayDeadLetters(
    Command[SettledLetters], service=EVERY, method="replay_dead_letters", permission=_ADMINISTER
):
    """Give dead letters back to their work queue: one, or without a message id the first ones."""

    queue: QueueName
    message_id: MessageId | None = None
    limit: Annotated[int, Number(minimum=1, maximum=_AT_ONCE)] = _AT_ONCE

    @property
    def addressee(self) -> str:
        """The service that the queue belongs to."""
        return owner_of(self.queue)


class DropDeadLetters(
    Command[SettledLetters], service=EVERY, method="drop_dead_letters", permission=_ADMINISTER
):
    """Throw dead letters away: one, or without a message id the first ones."""

    queue: QueueName
    message_id: MessageId | None = None
    limit: Annotated[int, Number(minimum=1, maximum=_AT_ONCE)] = _AT_ONCE

    @property
    def addressee(self) -> str:
        """The service that the queue belongs to."""
        return owner_of(self.queue)


class UnreachedComponent(Resource):
    """A service that did not answer, and why not."""

    component: Component
    reason: Annotated[Code, About("The slug of the refusal")]


class ComponentList(Resource):
    """How the services stand, as far as they answered."""

    items: tuple[Standing, ...]
    unreached: Annotated[tuple[UnreachedComponent, ...], Many(maximum=100)] = ()


class DeadLetterOverview(Resource):
    """The dead letters of the services, as far as they answered."""

    items: tuple[DeadLetter, ...]
    total: int
    unreached: Annotated[tuple[UnreachedComponent, ...], Many(maximum=100)] = ()


def owner_of(queue: str) -> str:
    """Return the service that a work queue belongs to."""
    return queue.partition(".")[0]
